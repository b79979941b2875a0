"""The two parties of a question, and the question with these exchanged.

A sentence that answers "Whom did Peru fine for what?" as well after the exchange does not tell who
did it to whom, at least not to the reader.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from indexer.documents import Span
from indexer.text.analyzer import is_function_word
from retrieval.answering.features import names

_ARTICLE = re.compile(r"\bthe $", re.IGNORECASE)
_MOST_SWAPPED_WORDS = 7
_SYMMETRIC = re.compile(r"\b(?:between|both|and|or|together|common|relationship)\b", re.IGNORECASE)
_NO_ROLES = re.compile(r"^\W*(?:and|or|&|,|of|the|in|at|vs\.?|versus|with|\W)*\W*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
# Inside a sentence, where only names have a capital.
_CAPITALISED = re.compile(r"(?<=[\w,;:] )[A-Z]\w*")


@dataclass(frozen=True, slots=True)
class Parties:
    """Two names of a question that may have done something to each other: their spans.

    An article that stands before a name belongs to it.
    """

    first: Span
    second: Span


def parties(question: str) -> Parties | None:
    """Return the first two names with something between them that is more than a link."""
    found = list(names(question))
    for one, other in pairwise(found):
        between = question[one.end : other.start]
        if _NO_ROLES.match(between) or len(between.split()) > _MOST_SWAPPED_WORDS:
            continue
        if _SYMMETRIC.search(question[: other.start]):
            continue
        if one.slice(question).lower() != other.slice(question).lower():
            return Parties(_with_article(question, one), _with_article(question, other))
    return None


def _with_article(text: str, name: Span) -> Span:
    before = _ARTICLE.search(text[: name.start])
    return Span(before.start(), name.end) if before else name


def swapped(question: str) -> str | None:
    """Return the question with two of its names exchanged; None where that makes no other sense.

    >>> swapped("When did the US ask Chile for help?")
    'When did Chile ask the US for help?'
    >>> swapped("What connects Norway and Chile?") is None
    True
    """
    found = parties(question)
    if found is None:
        return None
    one, other = found.first, found.second
    middle = other.slice(question) + question[one.end : other.start] + one.slice(question)
    return question[: one.start] + middle + question[other.end :]


def with_capitals(question: str, texts: Iterable[str]) -> str:
    """Return a question typed in lower case with the capitals that its words have in some texts.

    >>> with_capitals("whom did peru fine?", ["On Monday, Peru fined Chile."])
    'whom did Peru fine?'
    """
    if question.lower() != question:
        return question
    found = (word.group() for text in texts for word in _CAPITALISED.finditer(text))
    written = {word.lower(): word for word in found}
    return _WORD.sub(lambda word: _named(word.group(), written), question)


def _named(word: str, written: Mapping[str, str]) -> str:
    return word if is_function_word(word) else written.get(word, word)
