"""Which articles are copies of one report? Exact copies, near copies, reprints with edits.

In: articles, one at a time, in any order. Out: for each article that has copies, which of them
stands for all; the order of arrival changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from indexer.dedup.differences import difference, openings_alike
from indexer.dedup.facts import Report, report_of
from indexer.dedup.signatures import (
    Signatures,
    containment,
    even,
    even_of,
    exact_key,
    jaccard,
    shingles,
    signature_of,
    words_of,
)

# Raised whenever other articles could be found to be copies: written into the manifest.
DUPLICATES_VERSION = 1

# Of the runs of words of the shorter one, so many stand in the longer one: a reprint, cut or not.
# Chosen on the odd half of the pairs of `python -m benchmarks.copies`: versions of one address have
# 0.9 and more, different reports of one event, and of one series, less.
LEAST_CONTAINED = 0.9

# Of all runs of words of both, so many are shared: less is a part of a page about many things.
LEAST_SHARED = 0.3

# Shorter texts share most of their words by chance ("Results of Monday's matches"): they are copies
# only when they are the same.
LEAST_WORDS = 40

# So many texts are held while articles are compared, whatever the size of the corpus.
_TEXTS_HELD = 256

_Order: TypeAlias = tuple[bool, str, str]
# A shorter text may be what every page of an outlet says, such as an offer to subscribe, below a
# headline: then the headlines, or whatever they begin with, must be alike as well.
_WITHOUT_HEADLINE = 300

Sentences: TypeAlias = Callable[[str], Sequence[str]]
"""Gives the sentences of an article's kept text by its doc_id, as often as it is asked."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What is kept of an article's text to propose copies: 0.6 kB, whatever its length.

    `key` is empty for an article of which nothing was kept, `signature` for a short one.
    """

    key: bytes = b""
    signature: bytes = b""


NOT_SIGNED = Signed()


@dataclass(frozen=True, slots=True)
class Compared:
    """What two articles are compared by."""

    shingles: set[str]
    report: Report

    @classmethod
    def of(cls, sentences: Sequence[str]) -> "Compared":
        """Return what is compared of an article's sentences."""
        return cls(shingles(words_of(even("\n".join(sentences)))), report_of(sentences))


def sign_folded(folded: str) -> Signed:
    """Return what is kept of an article's text, which comes folded."""
    plain = even_of(folded)
    words = words_of(plain)
    if not words:
        return NOT_SIGNED
    return Signed(exact_key(plain), signature_of(words) if len(words) >= LEAST_WORDS else b"")


def order_of(doc_id: str, published: str | None) -> _Order:
    """Return how a report's copies are sorted: the earliest stands for it, unknown dates last."""
    return published is None, published or "", doc_id


def copies_among(articles: Iterable[tuple[_Order, Signed]], sentences: Sentences) -> dict[str, str]:
    """Return the article that stands for each article with copies, itself included.

    Every two copies of a report are copies of each other: so a chain of small edits never joins the
    two reports at its ends, nor does a report that two others extend.

    Args:
        articles: `order_of` every article, and `sign_folded` of its kept text.
        sentences: gives the sentences of the same texts.
    """
    groups, near = _candidates(articles)
    first = [min(group) for group in groups]

    @lru_cache(maxsize=_TEXTS_HELD)
    def compared(number: int) -> Compared:
        return Compared.of(sentences(first[number][-1]))

    stands_for = _cluster(near, first, compared)
    found: dict[str, str] = {}
    for number, group in enumerate(groups):
        if number in stands_for or len(group) > 1:
            report = first[stands_for.get(number, number)][-1]
            found |= {doc_id: report for _, _, doc_id in group}
    return found


def is_copy(one: Compared, other: Compared) -> bool:
    """Tell whether two articles of enough words are the same report."""
    return (
        jaccard(one.shingles, other.shingles) >= LEAST_SHARED
        and containment(one.shingles, other.shingles) >= LEAST_CONTAINED
        and difference(one.report, other.report) is None
        and (
            min(len(one.shingles), len(other.shingles)) >= _WITHOUT_HEADLINE
            or openings_alike(one.report, other.report)
        )
    )


def _candidates(
    articles: Iterable[tuple[_Order, Signed]],
) -> tuple[list[list[_Order]], dict[int, list[int]]]:
    """Return the groups of equal texts, and the numbers of groups that may be near each other."""
    numbers: dict[bytes, int] = {}
    groups: list[list[_Order]] = []
    signatures = Signatures(LEAST_SHARED)
    for order, signed in articles:
        if not signed.key:
            continue  # nothing was kept of it: there is nothing to compare
        number = numbers.setdefault(signed.key, len(groups))
        if number == len(groups):
            groups.append([])
            if signed.signature:
                signatures.add(number, signed.signature)
        groups[number].append(order)
    return groups, dict(signatures.near())


def _cluster(
    near: Mapping[int, Sequence[int]],
    orders: Sequence[_Order],
    compared: Callable[[int], Compared],
) -> dict[int, int]:
    """Return the number that stands for each one that has copies: the first by order takes them."""
    stands_for: dict[int, int] = {}
    for number in sorted(near, key=orders.__getitem__):
        if number in stands_for:
            continue
        copies = [number]
        for other in sorted(near[number], key=orders.__getitem__):
            if other not in stands_for and all(
                is_copy(compared(copy), compared(other)) for copy in copies
            ):
                copies.append(other)
        if len(copies) > 1:
            stands_for |= dict.fromkeys(copies, number)
    return stands_for
