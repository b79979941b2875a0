"""Passages whose two parties change places, so that they state the reverse.

Such a passage answers the question with its parties swapped, and no longer the question itself: so
neither names nor grammar tell what is answered, only who did it to whom.
"""

import re

from indexer.documents import Span
from retrieval.answering.parties import parties


def exchanged(question: str, passage: str, answer: Span) -> tuple[str, Span] | None:
    """Return the passage with the question's two parties exchanged, and the answer's new place.

    None where the question has no two parties, the passage lacks one, or the answer names one.

    >>> exchanged("What did the US ask Iran?", "The US asked Iran to wait.", Span(18, 25))
    ('Iran asked the US to wait.', Span(start=18, end=25))
    """
    found = parties(question)
    if found is None:
        return None
    one, other = found.first.slice(question), found.second.slice(question)
    names = {_bare(one): other, _bare(other): one}
    if len(names) != 2 or not all(_mentions(name, passage) for name in names):  # noqa: PLR2004 - a pair
        return None
    return _replaced(passage, names, answer)


def _bare(name: str) -> str:
    return re.sub(r"^the ", "", name, flags=re.IGNORECASE)


def _mentions(name: str, passage: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", passage) is not None


def _replaced(passage: str, names: dict[str, str], answer: Span) -> tuple[str, Span] | None:
    """Replace each name by the other, with the article that the other takes."""
    # The longer name first: one may begin with the other.
    either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    parts: list[str] = []
    last = shift = 0
    for mention in re.finditer(rf"\b(?P<article>[Tt]he )?(?P<name>{either})\b", passage):
        if mention.start() < answer.end and answer.start < mention.end():
            return None
        new = _in_place_of(mention, names)
        parts += [passage[last : mention.start()], new]
        last = mention.end()
        if mention.end() <= answer.start:
            shift += len(new) - len(mention.group())
    changed = "".join([*parts, passage[last:]])
    return changed, Span(answer.start + shift, answer.end + shift)


def _in_place_of(mention: re.Match[str], names: dict[str, str]) -> str:
    """Return the other name; without its article where the first has one elsewhere, not here."""
    own, other = mention["name"], names[mention["name"]]
    takes_article = names[_bare(other)] != own
    if takes_article and not mention["article"]:
        return _bare(other)
    before = mention.string[: mention.start()].rstrip()
    starts = not before or before[-1] in ".?!"
    return other[0].upper() + other[1:] if starts else other
