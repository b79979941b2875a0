"""Token windows of the trained reader: `[CLS] question [SEP] title [SEP] passage [SEP]`.

A long passage takes several windows that overlap. Training uses the same functions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Encoding

from retrieval.settings import QUESTION_TOKENS, TITLE_TOKENS, WINDOW_OVERLAP, WINDOW_TOKENS

CLS_ID = 101
SEP_ID = 102
_US_ID = 2149  # "us"
_USA_ID = 3915  # "usa"
_THE_ID = 1996  # "the"


@dataclass(frozen=True, slots=True)
class Window:
    """One sequence for the model.

    Passage tokens `first` to `first + count` begin at `begin` of the sequence; token type 0 ends
    at `question_end`, after the question's [SEP].
    """

    ids: tuple[int, ...]
    question_end: int
    begin: int
    first: int
    count: int

    @property
    def token_types(self) -> list[int]:
        """Token types: 0 for the question and its special tokens, 1 for what follows."""
        return [0] * self.question_end + [1] * (len(self.ids) - self.question_end)


def token_ids(text: str, encoding: Encoding) -> list[int]:
    """Return the token ids of a text, with the country "US" as "usa".

    The vocabulary is lower-case: otherwise "the US" and "us" would be one word to the model. "the
    us" is the country too, since questions are typed so.

    Args:
        text: the text.
        encoding: its tokens and offsets, without special tokens.
    """
    ids: list[int] = list(encoding.ids)
    if _US_ID not in ids:
        return ids
    for index, (token, (start, end)) in enumerate(zip(encoding.ids, encoding.offsets, strict=True)):
        follows_the = index > 0 and encoding.ids[index - 1] == _THE_ID
        if token == _US_ID and (text[start:end] == "US" or follows_the):
            ids[index] = _USA_ID
    return ids


def windows(question: Sequence[int], title: Sequence[int], passage: Sequence[int]) -> list[Window]:
    """Return the windows of one passage; a long question or title is truncated.

    Args:
        question: token ids without special tokens.
        title: the same; empty when the passage has no title or is the title.
        passage: the same; the windows hold every token and overlap by `WINDOW_OVERLAP`.

    >>> [window.ids for window in windows([7], [8], [9, 10])]
    [(101, 7, 102, 8, 102, 9, 10, 102)]
    """
    asked = (CLS_ID, *question[:QUESTION_TOKENS], SEP_ID)
    before = (*asked, *title[:TITLE_TOKENS], SEP_ID) if title else asked
    room = WINDOW_TOKENS - len(before) - 1
    found = []
    for first in range(0, max(1, len(passage) - WINDOW_OVERLAP), room - WINDOW_OVERLAP):
        part = passage[first : first + room]
        ids = (*before, *part, SEP_ID)
        found.append(Window(ids, len(asked), len(before), first, len(part)))
    return found


def truncation_warning(tokens: int, limit: int = QUESTION_TOKENS) -> tuple[str, ...]:
    """Warn about a question with more tokens than the reader reads."""
    if tokens <= limit:
        return ()
    return (f"Your question is long: the reader saw only the first {limit} of {tokens} tokens.",)
