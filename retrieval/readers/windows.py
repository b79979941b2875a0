"""How do a question, a title and a passage become what the trained reader reads?

In: texts as tokens. Out: windows: `[CLS] question [SEP] title [SEP] passage [SEP]`, and a passage
that is too long in several that overlap. Training uses the same functions.
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

    Passage tokens `first` to `first + count` stand at `begin` of the sequence; token type 0 ends
    with the question's mark, at `question_end`.
    """

    ids: tuple[int, ...]
    question_end: int
    begin: int
    first: int
    count: int

    @property
    def token_types(self) -> list[int]:
        """0 for the question and the marks around it, 1 for what follows."""
        return [0] * self.question_end + [1] * (len(self.ids) - self.question_end)


def token_ids(text: str, encoding: Encoding) -> list[int]:
    """Return the ids of a text's tokens, the country "US" as "usa".

    The vocabulary has no capitals: without this, "the US" and "us" are one word to the model, and
    who asked whom is lost. "the us" is read as the country too, since questions are typed so.

    Args:
        text: what was tokenized.
        encoding: its tokens and their places, without marks.
    """
    ids: list[int] = list(encoding.ids)
    if _US_ID not in ids:
        return ids
    for place, (number, (start, end)) in enumerate(
        zip(encoding.ids, encoding.offsets, strict=True)
    ):
        follows_the = place > 0 and encoding.ids[place - 1] == _THE_ID
        if number == _US_ID and (text[start:end] == "US" or follows_the):
            ids[place] = _USA_ID
    return ids


def windows(question: Sequence[int], title: Sequence[int], passage: Sequence[int]) -> list[Window]:
    """Return the windows of one passage; a question and a title that are too long are cut.

    Args:
        question: token ids without marks.
        title: the same; empty when the passage has no title or is the title.
        passage: the same; no token is left out, and two windows share `WINDOW_OVERLAP` of them.

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


def cut_warning(tokens: int, limit: int = QUESTION_TOKENS) -> tuple[str, ...]:
    """Return what to tell the user of a question that has so many tokens."""
    if tokens <= limit:
        return ()
    return (f"the question has {tokens} tokens; the reader read only the first {limit}",)
