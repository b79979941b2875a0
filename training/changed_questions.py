"""Questions changed so that their passage no longer answers them.

A name, number, date or comparison changes (`retrieval.answering.parties` exchanges two names). The
words stay nearly the same, so that only reading tells the two apart.
"""

import re
from collections.abc import Sequence
from random import Random

from indexer.documents import Span
from retrieval.answering.features import names

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_YEAR_SHIFTS = (-30, -12, -10, -7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7, 10, 12, 20)

_OPPOSITES = (
    ("first", "last"),
    ("largest", "smallest"),
    ("biggest", "smallest"),
    ("highest", "lowest"),
    ("oldest", "youngest"),
    ("longest", "shortest"),
    ("earliest", "latest"),
    ("most", "least"),
    ("more", "fewer"),
    ("best", "worst"),
    ("before", "after"),
    ("north", "south"),
    ("east", "west"),
    ("northern", "southern"),
    ("eastern", "western"),
    ("won", "lost"),
    ("win", "lose"),
    ("increase", "decrease"),
    ("increased", "decreased"),
    ("began", "ended"),
    ("begin", "end"),
    ("start", "stop"),
    ("started", "stopped"),
    ("open", "close"),
    ("opened", "closed"),
    ("allowed", "forbidden"),
    ("support", "oppose"),
    ("supported", "opposed"),
    ("accepted", "rejected"),
    ("male", "female"),
    ("men", "women"),
    ("boys", "girls"),
    ("son", "daughter"),
    ("father", "mother"),
    ("brother", "sister"),
    ("husband", "wife"),
    ("king", "queen"),
    ("early", "late"),
    ("rich", "poor"),
    ("minimum", "maximum"),
    ("above", "below"),
    ("internal", "external"),
    ("born", "buried"),
    ("bought", "sold"),
    ("joined", "left"),
    ("import", "export"),
    ("imports", "exports"),
    ("attack", "defend"),
    ("attacked", "defended"),
)
_OPPOSITE = {one: other for pair in _OPPOSITES for one, other in (pair, pair[::-1])}
_WORD = re.compile(r"[A-Za-z]+")


def renamed(question: str, others: Sequence[str], random: Random) -> str | None:
    """Return the question with one name replaced by another that does not stand in it."""
    found = [name for name in names(question) if name.start > 0 or len(name.slice(question)) > 1]
    wanted = [other for other in others if other.lower() not in question.lower()]
    if not found or not wanted:
        return None
    name = random.choice(found)
    return question[: name.start] + random.choice(wanted) + question[name.end :]


def renamed_everywhere(
    question: str, passage: str, answer: Span, others: Sequence[str], random: Random
) -> tuple[str, str, Span] | None:
    """Return question, passage and answer with one name of both replaced in both.

    The passage answers the new question as it did the old one, and the old one no longer: so a
    strange name is no sign of a question without an answer. None where no name is in both.

    >>> renamed_everywhere("Who wrote to Ada?", "Ben wrote to Ada.", Span(0, 3), ["Eve"], Random(0))
    ('Who wrote to Eve?', 'Ben wrote to Eve.', Span(start=0, end=3))
    """
    shared = [text for name in names(question) if (text := name.slice(question)) in passage]
    wanted = [other for other in others if other not in passage and other not in question]
    if not shared or not wanted:
        return None
    old, new = random.choice(shared), random.choice(wanted)
    whole = re.compile(rf"\b{re.escape(old)}\b")
    found = [Span(*match.span()) for match in whole.finditer(passage)]
    # Where the name reaches into the answer, the answer would be another.
    if not found or any(name.start < answer.end and answer.start < name.end for name in found):
        return None
    shift = (len(new) - len(old)) * sum(name.start < answer.start for name in found)
    moved = Span(answer.start + shift, answer.end + shift)
    # A function, since a name may hold what a replacement would read as a group.
    return whole.sub(lambda _: new, question), whole.sub(lambda _: new, passage), moved


def renumbered(question: str, random: Random) -> str | None:
    """Return the question with one of its numbers or years changed."""
    found = list(_NUMBER.finditer(question))
    if not found:
        return None
    number = random.choice(found)
    text = number.group()
    if _YEAR.fullmatch(text):
        changed = str(int(text) + random.choice(_YEAR_SHIFTS))
    else:
        digits = [place for place, letter in enumerate(text) if letter.isdigit()]
        place = random.choice(digits)
        digit = random.choice([other for other in "123456789" if other != text[place]])
        changed = text[:place] + digit + text[place + 1 :]
    return question[: number.start()] + changed + question[number.end() :]


def reversed_meaning(question: str, random: Random) -> str | None:
    """Return the question with one word turned into its opposite: first, last; before, after."""
    found = [word for word in _WORD.finditer(question) if word.group().lower() in _OPPOSITE]
    if not found:
        return None
    word = random.choice(found)
    other = _OPPOSITE[word.group().lower()]
    if word.group()[0].isupper():
        other = other.capitalize()
    return question[: word.start()] + other + question[word.end() :]
