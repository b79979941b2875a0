"""Withdrawn and new values in the sentences of a notice: "said 12 had died; in fact 21 had"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.corrections.notices import (
    is_about_itself,
    is_apology,
    is_notice,
    names_article,
)
from indexer.documents import Span

_FOLLOWING: Final = 2  # sentences after a notice that may give the new value
_TO_STOP: Final = r"(?:[^;:,.()\n]|[,.:](?=\d)|(?<=\b[A-Z])\.)+"
_TO_END: Final = r"(?:[^;()\n])+"
_CLAIM: Final = re.compile(
    r"\b(?:said|stated|reported|wrote|gave|put|named|identified|described|listed|called|quoted"
    r"|referred|attributed|suggested|implied|claimed"
    r"|mis(?:stated|identified|spelled|spelt|quoted|reported|attributed|characteri[sz]ed"
    r"|represented|named|labell?ed|translated|calculated|dated|placed))\b"
    r"(?: (?:in(?:correct|accurate)|wrong|erroneous|mistaken)ly| in error)?(?: that)? "
    rf"(?P<old>{_TO_END}?)(?=\.?\W*$|;|,? (?:but|when|while|whereas|although)\b|,? in fact\b)",
    re.IGNORECASE,
)
_RETRACTED: Final = re.compile(
    r"\b(?:retract(?:s|ed)?|withdr[ae]wn?s?|we published)\b[^;]*? that (?P<old>[^;\n]+)",
    re.IGNORECASE,
)
_INSTEAD: Final = re.compile(
    rf"(?P<new>[^;()]+?)(?:, (?:and )?not| and not|,? instead of|,? rather than) (?P<old>{_TO_STOP})",
    re.IGNORECASE,
)
_BUT: Final = re.compile(rf"\bnot (?P<old>{_TO_STOP}),? but (?P<new>{_TO_STOP})", re.IGNORECASE)
_TO_FROM: Final = re.compile(
    rf"\bto (?P<new>{_TO_STOP}?) from (?P<old>{_TO_STOP})"
    rf"|\bfrom (?P<old2>{_TO_STOP}?) to (?P<new2>{_TO_STOP})",
    re.IGNORECASE,
)
_REPLACED: Final = re.compile(
    r"(?:;|,? but\b|,? when\b|,? while\b|,? whereas\b)?[ ,]*\b(?:in fact|in reality|actually)\b[ ,]*(?P<new>[^;\n]+)"
    r"|\b(?:should have (?:said|read|been|stated|noted|made (?:it )?clear)|omitted|failed to "
    r"(?:say|mention|note|make clear))(?: that)? (?P<new2>[^;\n]+)"
    r"|; (?P<new3>[^;\n]+)",
    re.IGNORECASE,
)
_CORRECTS: Final = re.compile(
    r"\b(?:correct(?:s|ed)?|chang(?:es|ed)|amend(?:s|ed))\b", re.IGNORECASE
)
_NOT_COMMA: Final = re.compile(r",? (?:and )?not\b|instead of|rather than", re.IGNORECASE)
_INTRODUCES: Final = re.compile(
    r"^\W*(?:in fact,? )?(?:(?:he|she|it|they|there|that|this|the|their|his|her|its)\b(?: [\w’'-]+){0,6}?"
    r" (?:is|are|was|were|has|have|had|should be|should have been)(?: (?:held|put|made|given) (?:in|at|by))?\s)",
    re.IGNORECASE,
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


def find_values(text: str, sentences: Sequence[Span], outlet: str = "") -> Values:
    """Return what the notices of a text withdraw and give instead.

    Args:
        text: of an article.
        sentences: spans in it, in order.
        outlet: its outlet, or nothing.

    >>> text = "An article on May 3 wrongly said 12 had died; in fact 21 had."
    >>> found = find_values(text, [Span(0, len(text))])
    >>> [each.slice(text) for each in (*found.withdrawn, *found.stands)]
    ['12 had died', '21 had']
    """
    withdrawn: list[Span] = []
    stands: list[Span] = []
    left, resent = 0, False
    for place, span in enumerate(sentences):
        sentence = span.slice(text)
        if _begins(text, sentences, place, outlet):
            left, resent = _FOLLOWING, is_about_itself(sentence)
            old, new = _in_notice(sentence)
        elif left and not is_apology(sentence):
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


def _begins(text: str, sentences: Sequence[Span], place: int, outlet: str) -> bool:
    """Tell whether a notice begins with a sentence, which the next ones may show."""
    sentence = sentences[place].slice(text)
    if is_notice(sentence, outlet):
        return True
    if not names_article(sentence, outlet):
        return False
    following = [span.slice(text) for span in sentences[place + 1 : place + 1 + _FOLLOWING]]
    return any(is_apology(each) or is_notice(f"{sentence} {each}", outlet) for each in following)


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
    new = _span(replaced, "new", "new2", "new3") if replaced else Span(0, len(sentence))
    return [], [_trimmed(sentence, new.start, new.end)]


def _pairs(sentence: str) -> tuple[list[Span], list[Span]]:
    """Return the spans of "X, not Y", "not Y but X", "X instead of Y" and "from Y to X"."""
    if found := _BUT.search(sentence):
        return [_span(found, "old")], [_span(found, "new")]
    if _CORRECTS.search(sentence) and (found := _TO_FROM.search(sentence)):
        return [_span(found, "old", "old2")], [_span(found, "new", "new2")]
    if found := _INSTEAD.search(sentence):
        new = _span(found, "new")
        introduced = list(
            re.finditer(
                r"\b(?:to (?:(?:show|reflect|say) )?(?:that )?(?!the\b)|should have (?:been|said|read) |in fact )",
                new.slice(sentence),
            )
        )
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
