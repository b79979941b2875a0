"""Which article of the same outlet a notice corrects.

Proposed are those that share most words with it; `find_corrected` decides. Precision comes first:
of two articles that fit alike none is linked.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import cache, cached_property
from math import log
from typing import Final

from indexer.corrections.notices import Notice, title_subject
from indexer.corrections.values import find_values
from indexer.dedup.facts import DIGITS
from indexer.documents import Span
from indexer.text.analyzer import content_terms, fold, terms
from indexer.text.dates import LINE_MAX_CHARS, MONTH_NAMES, stated_dates
from indexer.text.periods import Period, relative_periods

MOST_PROPOSED: Final = 20

_LEAD_SENTENCES: Final = 8
_LEAST_TERMS: Final = 3
_LEAST_SHARE: Final = 0.7
_LEAST_SHARE_DATED: Final = 0.5
_LEAST_NAMED: Final = 2
_LEAST_SHARE_NAMED: Final = 0.6
_LEAST_LEAD: Final = 0.15  # over the second best article
_LEAST_RESENT: Final = 0.8
_LONGEST: Final = timedelta(days=400)  # after which an article is no longer corrected
_LEAST_TITLE: Final = 0.6
_RESENT_LATEST: Final = timedelta(days=14)
_ONE: Final = timedelta(days=1)
_QUOTED: Final = re.compile(
    r"[“\"‘']([^”\"’\n]{15,200})[”\"’']"
    rf"|\(([^()]{{15,200}}), (?:page \d+, )?(?:\d{{1,2}} (?:{MONTH_NAMES})|(?:{MONTH_NAMES}) \d)",
    re.IGNORECASE,
)
_SAYS_WHAT: Final = re.compile(
    r"\b(?:said|stated|reported|gave|described|quoted|referred|identified|named|called|listed|put"
    r"|(?:may|might|should) have|did not|failed|omitted|was|were|had|mis\w+ed|misspelt"
    r"|(?:in(?:correct|accurate)|wrong|erroneous|mistaken)ly)\b",
    re.IGNORECASE,
)
_FIGURE_OR_WORD: Final = re.compile(rf"\d+(?:\.\d+)?|\b(?:{'|'.join(DIGITS)})\b")
_FIGURE: Final = re.compile(r"\d+(?:\.\d+)?")
_DATES: Final = re.compile(
    rf"\b(?:\d{{1,2}} (?:{MONTH_NAMES})|(?:{MONTH_NAMES})\.? \d{{1,2}}|(?:19|20)\d\d|page \d+)\b",
    re.IGNORECASE,
)
_COMMON: Final = f"""
    correction corrections corrected corrects clarification clarifications clarify retraction
    retract retracts withdraw withdraws withdrawn apology apologise apologize regret sorry error
    errors mistake editing wrong wrongly incorrect incorrectly inaccurate erroneously mistakenly
    misstated misidentified misspelled misspelt misquoted article articles story stories report
    reports reported column item headline caption photo page paragraph paper newspaper readers
    version earlier previous published printed said stated gave given name figure number fact made
    clear should omitted also editor editors note record true accurate actually referred described
    monday tuesday wednesday thursday friday saturday sunday yesterday today week month year last
    {MONTH_NAMES.replace("|", " ")}
"""


@dataclass(frozen=True)
class Article:
    """Article as far as links need it; `published` is ISO 8601 to the known precision, or None."""

    doc_id: str
    title: str
    outlet: str
    published: str | None
    sentences: tuple[str, ...]

    @cached_property
    def period(self) -> Period | None:
        """The days on which it may have been published."""
        return Period.of(self.published) if self.published else None

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms of what it is about: long articles have those of every subject."""
        return frozenset(terms("\n".join([self.title, *self.sentences[:_LEAD_SENTENCES]])))

    @cached_property
    def figures(self) -> frozenset[str]:
        """The numbers of its title and text, small ones also where they are words."""
        words = _FIGURE_OR_WORD.findall(fold("\n".join([self.title, *self.sentences])).lower())
        return frozenset(DIGITS.get(word, word) for word in words)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a notice says about the article that it corrects.

    Attributes:
        terms: of its subject, without words of every correction.
        named: those with which it names the article, before it says what was wrong.
        old: words with a figure that it withdraws.
        days: on which the article was published, if it says so.
        titles: what it quotes, which may be the title.
        in_list: whether it is one of several.
    """

    terms: tuple[str, ...]
    named: tuple[str, ...] = ()
    old: tuple[str, ...] = ()
    days: tuple[Period, ...] = ()
    titles: tuple[str, ...] = ()
    in_list: bool = False


def subject_of(notice: Notice, of: Article) -> Subject | None:
    """Return what a notice of an article says about the one that it corrects.

    None for an item of a list without day or title: it names its article in a word or two, and many
    articles have these.
    """
    if notice.kind == "resent":
        lead = " ".join([of.title, *of.sentences[:_LEAD_SENTENCES]])
        return Subject(_terms(lead, of))
    text = " ".join(notice.sentences)
    days = tuple(_days(notice.sentences[0], of))
    titles = tuple(quoted or listed for quoted, listed in _QUOTED.findall(text))
    if notice.in_list and not days and not titles:
        return None
    spans, start = [], 0
    for sentence in notice.sentences:
        spans.append(Span(start, start + len(sentence)))
        start += len(sentence) + 1
    values = find_values(text, spans, of.outlet, of.title)
    known = "".join(
        character
        for place, character in enumerate(text[: spans[0].end])
        if not any(span.start <= place < span.end for span in values.stands)
    )
    old = (each.slice(text) for each in values.withdrawn)
    return Subject(
        _terms(f"{title_subject(of.title)} {known}", of),
        _terms(_SAYS_WHAT.split(known, maxsplit=1)[0], of),
        tuple(each for each in old if any(map(str.isdigit, _DATES.sub(" ", each)))),
        days,
        titles,
        notice.in_list,
    )


def days_of(notice: Notice, subject: Subject, of: Article) -> tuple[str, str]:
    """Return the first and the last ISO day on which what a notice corrects was published."""
    first, last = date.min, date.max
    if of.period:
        earlier = _RESENT_LATEST if notice.kind == "resent" else _LONGEST
        first, last = _before(of.period.first, earlier), of.period.last
    if subject.days:
        first = max(first, _before(min(day.first for day in subject.days), _ONE))
        named = max(day.last for day in subject.days)
        last = last if named >= last else named + _ONE
    return first.isoformat(), last.isoformat()


def _before(day: date, time: timedelta) -> date:
    """Return the day so long before another one, or the first of all."""
    return day - time if day - date.min >= time else date.min


def _terms(text: str, of: Article) -> tuple[str, ...]:
    """Return the terms of a text but those of every correction, its outlet and numbers."""
    left_out = _common() | set(terms(of.outlet))
    found = content_terms(text) if text.strip() else []
    return tuple(term for term in found if term not in left_out and not term.isdigit())


def find_corrected(
    notice: Notice, subject: Subject, of: Article, proposed: Sequence[Article]
) -> Article | None:
    """Return the article that a notice corrects; None if none fits, or two fit alike.

    Args:
        notice: a notice.
        subject: what it says.
        of: the article with the notice.
        proposed: articles of the same outlet, of the `days_of` the notice, in any order.
    """
    if notice.kind == "resent":
        fits = [_fits_resent(of, each) for each in proposed]
    else:
        weights = _weights({*subject.terms, *subject.named}, proposed)
        fits = [_fits(subject, weights, each) for each in proposed]
    found = sorted(
        (-fit, each.doc_id, each) for fit, each in zip(fits, proposed, strict=True) if fit > 0
    )
    if not found or (len(found) > 1 and found[1][0] - found[0][0] < _LEAST_LEAD):
        return None
    return found[0][-1]


def _weights(wanted: Collection[str], articles: Sequence[Article]) -> dict[str, float]:
    """Return the weight of each term: the fewer of the proposed articles have it, the more."""
    counts = {term: sum(term in each.terms for each in articles) for term in wanted}
    return {term: log(1 + MOST_PROPOSED / (1 + count)) for term, count in counts.items()}


def _fits(subject: Subject, weights: Mapping[str, float], other: Article) -> float:
    """Return how well an article fits what a notice says, 0 if it is not the one it corrects."""
    shared, share = _share(subject.terms, weights, other)
    if any(_plain(title) == _plain(other.title) for title in subject.titles):
        return 2.0 + share
    dated = _is_dated(subject.days, other.period)
    if dated is False or not all(_has_figures(each, other) for each in subject.old):
        return 0.0
    if dated:
        named, of_named = _share(subject.named, weights, other)
        if named >= _LEAST_NAMED and of_named >= _LEAST_SHARE_NAMED:
            return max(share, of_named) + 0.5
    elif subject.in_list:
        return 0.0
    least = _LEAST_SHARE_DATED if dated else _LEAST_SHARE
    if shared < _LEAST_TERMS or share < least:
        return 0.0
    return share + 0.5 * bool(dated)


def _share(
    wanted: Sequence[str], weights: Mapping[str, float], other: Article
) -> tuple[int, float]:
    """Return how many terms an article has, and their share by weight."""
    shared = [term for term in wanted if term in other.terms]
    whole = sum(weights[term] for term in wanted)
    return len(shared), sum(weights[term] for term in shared) / whole if whole else 0.0


def _fits_resent(of: Article, other: Article) -> float:
    """Return how much of an article an outlet has sent again, 0 if it is another one."""
    if not of.period or not other.period:
        return 0.0
    if other.sentences == of.sentences or not other.terms:
        return 0.0
    again = len(of.terms & other.terms)
    share = again / len(other.terms)
    is_same = share >= _LEAST_RESENT and again / len(of.terms) >= _LEAST_RESENT / 2
    return share if is_same and _has_title_of(of, other) else 0.0


def _has_title_of(of: Article, other: Article) -> bool:
    """Tell whether two articles have almost the same title."""
    one, two = set(terms(title_subject(of.title))), set(terms(title_subject(other.title)))
    return 2 * len(one & two) >= _LEAST_TITLE * (len(one) + len(two))


def _is_dated(days: Sequence[Period], published: Period | None) -> bool | None:
    """Tell whether an article is of one of some days; None where that is not told."""
    if not days or published is None:
        return None
    return (
        any(not day.gap(published) for day in days) or None
        if not published.is_day
        else any(day.gap(published) <= _ONE for day in days)
    )


def _has_figures(old: str, other: Article) -> bool:
    """Tell whether an article has the numbers of words that are withdrawn, be it as words."""
    return set(_FIGURE.findall(fold(_DATES.sub(" ", old)))) <= other.figures


def _days(sentence: str, of: Article) -> Iterable[Period]:
    """Yield the days that a sentence names, in or beside which an article was published."""
    for start in range(0, len(sentence), LINE_MAX_CHARS):
        for found in stated_dates(sentence[start : start + LINE_MAX_CHARS]):
            yield Period.of(found.iso)
    if of.period and of.period.is_day and MINYEAR < of.period.first.year < MAXYEAR:
        for _, period in relative_periods(sentence, of.period):
            if period.is_day and period.first <= of.period.last:
                yield period


def _plain(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))


@cache
def _common() -> frozenset[str]:
    return frozenset(terms(_COMMON))
