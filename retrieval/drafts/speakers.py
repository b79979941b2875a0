"""Who says a quotation, by the words before and after it. English only."""

import re
from typing import Literal

from indexer.text.analyzer import fold
from retrieval.drafts.marks import pair_marks
from retrieval.drafts.words import words_in

Attribution = Literal["same", "nearby", "other", "unknown"]

_REACH = 300
_NEARBY = 600
_VERB = (
    r"(?:said|says|say|told|tells|added|adds|asked|asks|warned|warns|argued|argues|explained|explains|"
    r"insisted|insists|noted|notes|wrote|writes|tweeted|stated|states|announced|claimed|claims|"
    r"declared|declares|replied|replies|continued|concluded|recalled|admitted|acknowledged|"
    r"stressed|posted|testified|quipped|cautioned|remarked|responded|promised|pledged|vowed|"
    r"maintained|observed|commented|joked|emphasized|emphasised|urged|suggested|according to)"
)
_NAME_WORD = (
    r"(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Col|Lt|St|Prof|Rev|Capt|Sgt)\.|[^\W\d_a-z][\w’'\-]*\w|[A-Z]\."
)
_PARTICLE = r"(?:de|van|von|der|den|al|bin|la|le|el|ben|di|da|du)"
_NAME = rf"(?:{_NAME_WORD})(?:\s+(?:{_PARTICLE}\s+){{0,3}}(?:{_NAME_WORD}))*"
_BETWEEN = r"[^.!?\n“”«»\"]{0,80}?"
_AFTER_VERB = re.compile(
    rf"[\s\"”’»',.!?–—-]*{_VERB}\s+(?:[a-z][\w’'-]*,?\s+){{0,8}}?(?P<name>{_NAME})"
)
_AFTER_NAME = re.compile(
    rf"[\s\"”’»'.,!?–—-]*(?P<name>{_NAME})(?:,[^.!?\n“”\"]{{0,100}},)?\s+(?:\w+\s+)?{_VERB}\b"
)
_BEFORE = re.compile(
    rf"(?P<name>{_NAME})(?:,[^.!?\n“”\"]{{0,100}},)?\s+(?:\w+\s+)?{_VERB}\b{_BETWEEN}[\s“„«‘'\":,.]*$"
)
_BEFORE_VERB = re.compile(
    rf"\b{_VERB}\s+(?:[a-z][\w’'-]*,?\s+){{0,8}}?(?P<name>{_NAME}){_BETWEEN}[\s“„«‘'\":,.]*$"
)
_TITLES = frozenset(
    """
    mr mrs ms miss dr prof professor sir dame lord lady president prime minister secretary senator
    sen rep representative governor gov mayor chancellor general gen colonel col captain judge
    justice king queen prince princess pope deputy vice foreign defence defense interior state
    chief spokesman spokeswoman spokesperson former ex us uk usa u s the monday tuesday wednesday
    thursday friday saturday sunday january february march april may june july august september
    october november december in on at but and he she they it we when as
    """.split()
)


def find_speaker(text: str, start: int, end: int) -> str | None:
    """Return the name that the words around a quotation give its speaker; None for none.

    Args:
        text: the text.
        start: where the quotation starts; its marks may stand outside.
        end: where it ends.

    >>> find_speaker("“We go,” said Foreign Minister Jane Doe.", 1, 7)
    'Foreign Minister Jane Doe'
    """
    start, end = _whole_quotation(text, start, end)
    after = text[end : end + _REACH].partition("\n")[0]
    before = text[max(0, start - _REACH) : start].rpartition("\n")[2]
    for pattern, words in ((_AFTER_VERB, after), (_AFTER_NAME, after)):
        if found := pattern.match(words):
            return _named(found["name"])
    for pattern in (_BEFORE, _BEFORE_VERB):
        if matches := list(pattern.finditer(before)):
            return _named(matches[-1]["name"])
    return None


def compare_speakers(draft: str | None, archive: str | None, around: str) -> Attribution:
    """Compare the speaker in a draft with the one in the archive.

    Args:
        draft: whom the draft names.
        archive: whom the article names.
        around: the article's words before and after the place.

    Returns:
        `same` and `other` if both name one, `nearby` if only the name stands near the place.
    """
    if draft is None:
        return "unknown"
    wanted = _parts(draft)
    if archive is not None and (named := _parts(archive)):
        return "same" if wanted & named else "other"
    return "nearby" if wanted & {word.key for word in words_in(around)} else "unknown"


def words_around(text: str, start: int, end: int) -> str:
    """Return the words near a place, in which the name of its speaker may stand."""
    return f"{text[max(0, start - _NEARBY) : start]} {text[end : end + _NEARBY]}"


def _named(name: str) -> str | None:
    return name if _parts(name) else None


def _parts(name: str) -> set[str]:
    return {word.key for word in words_in(fold(name))} - _TITLES


def _whole_quotation(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a part of a quotation to its marks, within the paragraph."""
    low = text.rfind("\n", 0, start) + 1
    high = text.find("\n", end)
    high = len(text) if high < 0 else high
    for marked in pair_marks(text, low, high) if high - low < 10 * _REACH else ():
        if marked.closed and marked.start <= start and end <= marked.end + 1:
            return marked.start, marked.end
    return start, end
