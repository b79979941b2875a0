"""Do two reports state different facts? Then they are two reports, however alike their words are.

A sentence of one and a sentence of the other are compared when most of their other words are the
same. What only one of them says besides, in sentences of its own, is an edit and no difference.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Self

from indexer.dedup.facts import (
    DENIAL,
    NAME,
    NUMBER,
    Fact,
    Report,
    Statement,
    doubtful_names,
    facts_of,
)

Difference = Literal["number", "name", "denial", "order"]

# Chosen on the odd half of the versions of one address: `python -m benchmarks.copies`.
LEAST_ALIKE = 0.6
LEAST_OPENING = 0.5

# A sentence is compared with those of many reports, one after the other; about 10 MB.
_SENTENCES_REMEMBERED = 1 << 11

_NAMES: dict[str, Difference] = {NUMBER: "number", NAME: "name", DENIAL: "denial"}


@dataclass(frozen=True, slots=True)
class _Words:
    """How often each word occurs, how many words that makes, and how many of them occurred before.

    Counted once: a sentence is compared with many.
    """

    counts: Counter[str]
    total: int
    repeated: int

    @classmethod
    def of(cls, words: Collection[str]) -> Self:
        counts = Counter(words)
        return cls(counts, len(words), len(words) - len(counts))


@dataclass(frozen=True, slots=True)
class _Compared:
    """A sentence that only one of two reports has: its words, and its facts.

    `plain` are the words that are no facts, `every` all of them.
    """

    plain: _Words
    every: _Words
    facts: tuple[Fact, ...]


def difference(one: Report, other: Report) -> Difference | None:
    """Return in what two reports differ; None when both may be read as one report.

    The order of the two does not matter. Two sentences that are alike differ when one has a number
    or a denial that the other has not, when each has a name (or a day) that the other has not, or
    when they have the same facts in another order. Two reports differ too when each gives numbers
    that the other does not give at all.

    >>> from indexer.dedup.facts import report_of
    >>> difference(report_of(["It will not reopen."]), report_of(["It will reopen."]))
    'denial'
    """
    small = one.small | other.small
    left = _compared(_only_in(one, other), small)
    right = _compared(_only_in(other, one), small)
    found: set[Difference] = {
        kind
        for first in left
        for second in right
        if (first.facts or second.facts) and _alike(first, second)
        for kind in _different_facts(first.facts, second.facts)
    }
    if _numbers(left, other) and _numbers(right, one):
        found.add("number")
    return min(found, default=None)


def _numbers(compared: Iterable[_Compared], report: Report) -> bool:
    """Tell whether sentences give a number that stands nowhere in a report."""
    given = {fact.value for found in compared for fact in found.facts if fact.kind == NUMBER}
    return not given <= {word for found in report.statements for word in found.words}


def openings_alike(one: Report, other: Report) -> bool:
    """Tell whether one report has what the other begins with, or begins in similar words."""
    first, second = one.statements[0], other.statements[0]
    shared = Counter(first.words) & Counter(second.words)
    return (
        2 * shared.total() >= LEAST_OPENING * (len(first.words) + len(second.words))
        or _stands_in(first, _joined(other.statements))
        or _stands_in(second, _joined(one.statements))
    )


class Known:
    """What a report says, made ready to be compared with many sentences."""

    def __init__(self, report: Report) -> None:
        """Take the report; its facts are looked for with the first sentence that needs them."""
        self._report = report
        self._joined = _joined(report.statements)
        self._compared: list[_Compared] | None = None

    def includes(self, statement: Statement) -> bool:
        """Tell whether a sentence is in the report, or one that says the same in almost its words.

        >>> from indexer.dedup.facts import report_of
        >>> reopened = report_of(["The pier will reopen."])
        >>> Known(reopened).includes(report_of(["It will not reopen."]).statements[0])
        False
        """
        return self.repeats(statement) or self.says_as_much(statement)

    def repeats(self, statement: Statement) -> bool:
        """Tell whether the words of a sentence stand in the report, wherever it ends them."""
        return _stands_in(statement, self._joined)

    def says_as_much(self, statement: Statement) -> bool:
        """Tell whether a sentence of the report says the same as this one in almost its words."""
        small = self._report.small
        if self._compared is None:
            self._compared = _compared(self._report.statements, small)
        (mine,) = _compared([statement], small)
        return any(
            _alike(mine, theirs) and not any(_different_facts(mine.facts, theirs.facts))
            for theirs in self._compared
        )


def _only_in(one: Report, other: Report) -> list[Statement]:
    """Return the sentences of one whose words do not stand in the other, wherever it ends them."""
    joined = _joined(other.statements)
    return [found for found in one.statements if not _stands_in(found, joined)]


def _stands_in(statement: Statement, joined: str) -> bool:
    return f" {' '.join(statement.words)} " in joined


def _joined(statements: Iterable[Statement]) -> str:
    return f" {' '.join(' '.join(found.words) for found in statements)} "


def _compared(statements: Iterable[Statement], small: frozenset[str]) -> list[_Compared]:
    return [_compared_of(each, small & _doubtful(each)) for each in statements]


@lru_cache(maxsize=_SENTENCES_REMEMBERED)
def _doubtful(statement: Statement) -> frozenset[str]:
    return doubtful_names(statement)


@lru_cache(maxsize=_SENTENCES_REMEMBERED)
def _compared_of(statement: Statement, small: frozenset[str]) -> _Compared:
    plain, facts = facts_of(statement, small)
    return _Compared(_Words.of(plain), _Words.of(statement.words), tuple(facts))


def _alike(one: _Compared, other: _Compared) -> bool:
    """Tell whether two sentences are about the same, with their facts or without them."""
    return _dice(one.plain, other.plain) or _dice(one.every, other.every)


def _dice(one: _Words, other: _Words) -> bool:
    least = LEAST_ALIKE * (one.total + other.total)
    smaller = min(one.total, other.total)
    if not smaller or 2 * smaller < least:
        return False
    # Most pairs share few words: only those are counted, where there are enough of them at all.
    shared = one.counts.keys() & other.counts.keys()
    if 2 * (len(shared) + min(one.repeated, other.repeated)) < least:
        return False
    return 2 * sum(min(one.counts[word], other.counts[word]) for word in shared) >= least


def _different_facts(one: tuple[Fact, ...], other: tuple[Fact, ...]) -> Iterator[Difference]:
    if one == other:
        return
    here, there = Counter(one) - Counter(other), Counter(other) - Counter(one)
    if not here and not there:
        yield "order"
    for kind, name in _NAMES.items():
        sides = [any(fact.kind == kind for fact in side) for side in (here, there)]
        if all(sides) if kind == NAME else any(sides):
            yield name
