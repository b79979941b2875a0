"""Withdrawn and new values in the sentences of a notice: "said 12 had died; in fact 21 had"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.corrections.notices import (
    is_about_itself,
    is_apology,
    is_notice,
    is_titled,
)
from indexer.documents import Span

_LONGEST: Final = 1000
_FOLLOWING: Final = 2  # sentences after a notice that may give the new value
_TO_STOP: Final = r"(?:[^;:,.()\n]|[,.:](?=\d)|(?<=\b[A-Z])\.)+"
# Also where the splitter, careful with abbreviations, has seen no end of a sentence.
_FULL_STOP: Final = r"(?<=[\da-z]{2})\.\s+(?=[A-Z])"
_TO_END: Final = r"(?:[^;()\n])+"
_CLAIM: Final = re.compile(
    r"\b(?:said|stated|reported|wrote|gave|put|named|identified|described|listed|called|quoted"
    r"|referred|attributed|suggested|implied|claimed"
    r"|mis(?:stated|identified|spelled|spelt|quoted|reported|attributed|characteri[sz]ed"
    r"|represented|named|labell?ed|translated|calculated|dated|placed))\b"
    r"(?: (?:in(?:correct|accurate)|wrong|erroneous|mistaken)ly| in error)?(?: that)? "
    rf"(?P<old>{_TO_END}?)(?=[.)\"”]*$|;|{_FULL_STOP}"
    r"|,? (?:but|when|while|whereas|although)\b|,? in fact\b)",
    re.IGNORECASE,
)
_RETRACTED: Final = re.compile(
    r"\b(?:retract(?:s|ed)?|withdr[ae]wn?s?|we published)\b[^;]*? that (?P<old>[^;\n]+)",
    re.IGNORECASE,
)
_INSTEAD: Final = re.compile(
    r"(?P<new>[^;()]+?)(?:, (?:and )?not| \(not| and not|,? instead of|,? rather than) "
    rf"(?P<old>{_TO_STOP})",
    re.IGNORECASE,
)
_BUT: Final = re.compile(rf"\bnot (?P<old>{_TO_STOP}),? but (?P<new>{_TO_STOP})", re.IGNORECASE)
_TO_FROM: Final = re.compile(
    rf"\bto (?P<new>{_TO_STOP}?) from (?P<old>{_TO_STOP})"
    rf"|\bfrom (?P<old2>{_TO_STOP}?) to (?P<new2>{_TO_STOP})",
    re.IGNORECASE,
)
_REPLACED: Final = re.compile(
    r"(?:;|,? but\b|,? when\b|,? while\b|,? whereas\b)?[ ,]*"
    r"\b(?:in fact|in reality|actually)\b[ ,]*(?P<new>[^;\n]+)"
    r"|\b(?:should have (?:said|read|been|stated|noted|made (?:it )?clear)|omitted|failed to "
    r"(?:say|mention|note|make clear))(?: that)? (?P<new2>[^;\n]+)"
    rf"|(?:; |{_FULL_STOP})(?P<new3>[^;\n]+)",
    re.IGNORECASE,
)
_CORRECTS: Final = re.compile(
    r"\b(?:correct(?:s|ed)?|chang(?:es|ed)|amend(?:s|ed))\b", re.IGNORECASE
)
_INTRODUCES: Final = re.compile(
    r"^\W*(?:in fact,? )?(?:he|she|it|they|there|that|this|the|their|his|her|its)\b"
    r"(?: [\w’'-]+){0,6}? (?:is|are|was|were|has|have|had|should be|should have been)"
    r"(?: (?:held|put|made|given) (?:in|at|by))?\s",
    re.IGNORECASE,
)
_INTRODUCED: Final = re.compile(
    r"\b(?:to (?:(?:show|reflect|say) )?(?:that )?(?!the\b)|should have (?:been|said|read) "
    r"|in fact )"
)
_NUMBER: Final = re.compile(
    r"[$€£¥]?\d+(?:[.,:]\d+)*(?: ?(?:percent|per cent|%|million|billion|trillion|m|bn|k))?\b%?"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundreds?|thousands?|dozens?|half)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Values:
    """Spans of a text that a notice withdraws, and those that it gives instead, each in order."""

    withdrawn: tuple[Span, ...] = ()
    stands: tuple[Span, ...] = ()


NO_VALUES = Values()


def find_values(text: str, sentences: Sequence[Span], outlet: str = "", title: str = "") -> Values:
    """Return what the notices of a text withdraw and give instead.

    Args:
        text: of an article.
        sentences: spans in it, in order.
        outlet: its outlet, or nothing.
        title: its title, or nothing.

    >>> text = "An article on May 3 wrongly said 12 had died; in fact 21 had."
    >>> found = find_values(text, [Span(0, len(text))])
    >>> [each.slice(text) for each in (*found.withdrawn, *found.stands)]
    ['12 had died', '21 had']
    """
    withdrawn: list[Span] = []
    stands: list[Span] = []
    left, resent, titled = 0, False, is_titled(title)
    for place, span in enumerate(sentences):
        sentence = span.slice(text)
        if is_notice(sentence, outlet, titled=titled):
            left, resent = _FOLLOWING, is_about_itself(sentence)
            old, new = _in_notice(sentence)
        elif left and len(sentence) <= _LONGEST and not is_apology(sentence):
            if resent and "\n" in text[sentences[place - 1].end : span.start]:
                left = 0  # the article itself goes on
                continue
            left -= 1
            old, new = _after_notice(sentence)
        else:
            continue
        withdrawn += [Span(span.start + each.start, span.start + each.end) for each in old]
        stands += [Span(span.start + each.start, span.start + each.end) for each in new]
    return Values(tuple(withdrawn), tuple(stands))


def new_value(text: str, stands: Span, withdrawn: str) -> Span:
    """Return the part of what stands that replaces withdrawn words: a number for a number.

    >>> text = "She is Ellen March"
    >>> new_value(text, Span(0, len(text)), "Helen Marsh").slice(text)
    'Ellen March'
    """
    said = stands.slice(text)
    number = _NUMBER.search(said) if _NUMBER.search(withdrawn) else None
    if number:
        return Span(stands.start + number.start(), stands.start + number.end())
    opening = _INTRODUCES.match(said)
    start = opening.end() if opening and opening.end() < len(said) else 0
    return Span(stands.start + start, stands.end)


def _in_notice(sentence: str) -> tuple[list[Span], list[Span]]:
    pairs = _pairs(sentence)
    if pairs[0]:
        return pairs
    replaced = _REPLACED.search(sentence)
    new = [_span(replaced, "new", "new2", "new3")] if replaced else []
    claim = _RETRACTED.search(sentence) or _CLAIM.search(sentence)
    old = (
        [_span(claim, "old")]
        if claim and not (replaced and claim.start() > replaced.start())
        else []
    )
    return _apart(sentence, old, new)


def _after_notice(sentence: str) -> tuple[list[Span], list[Span]]:
    old, new = _pairs(sentence)
    if old:
        return old, new
    replaced = _REPLACED.search(sentence)
    stands = _span(replaced, "new", "new2", "new3") if replaced else Span(0, len(sentence))
    return [], [_trimmed(sentence, stands.start, stands.end)]


def _pairs(sentence: str) -> tuple[list[Span], list[Span]]:
    """Return the spans of "X, not Y", "not Y but X", "X instead of Y" and "from Y to X"."""
    if found := _BUT.search(sentence):
        return [_span(found, "old")], [_span(found, "new")]
    if _CORRECTS.search(sentence) and (found := _TO_FROM.search(sentence)):
        return [_span(found, "old", "old2")], [_span(found, "new", "new2")]
    if found := _INSTEAD.search(sentence):
        new = _span(found, "new")
        introduced = list(_INTRODUCED.finditer(new.slice(sentence)))
        start = new.start + (introduced[-1].end() if introduced else 0)
        return [_span(found, "old")], [_trimmed(sentence, start, new.end)]
    return [], []


def _apart(sentence: str, old: list[Span], new: list[Span]) -> tuple[list[Span], list[Span]]:
    """Return spans of which what is withdrawn ends before what stands begins."""
    if old and new and old[0].overlaps(new[0]):
        if new[0].start <= old[0].start:
            return [], new
        old = [_trimmed(sentence, old[0].start, new[0].start)]
    return old, new


def _span(found: re.Match[str] | None, *groups: str) -> Span:
    if found is None:
        raise ValueError("nothing found")
    for group in groups:
        if found.group(group) is not None:
            return _trimmed(found.string, *found.span(group))
    raise ValueError("no group found")


def _trimmed(text: str, start: int, end: int) -> Span:
    """Return a span without white space and punctuation at its ends."""
    while start < end - 1 and text[start] in " ,;:.()\n":
        start += 1
    while end > start + 1 and text[end - 1] in " ,;:.()\n":
        end -= 1
    return Span(start, end)
