"""Which hits say what another hit of the same report says already? One hit stands for its copies.

In: hits in rank order. Out: at most k that differ, with their scores as they were.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from indexer.analyzer import words
from indexer.report_differences import says_nothing_new
from indexer.report_facts import Report, report_of
from indexer.store import PassageStore, StoredPassage
from retrieval.hits import FIRST_RANK, Hit


@dataclass(slots=True)
class _Kept:
    """A hit that is shown, and the best rank of those that it stands for."""

    hit: Hit
    said: Report
    rank: int


def doc_id_of_passage(passage_id: str) -> str:
    """Return the document of a passage.

    >>> doc_id_of_passage("5c94e0bec44148f0:120")
    '5c94e0bec44148f0'
    """
    return passage_id.rpartition(":")[0]


def with_copies(hits: Iterable[Hit], store: PassageStore) -> tuple[Hit, ...]:
    """Return the hits with the articles that each has copies in."""
    return tuple(
        replace(hit, copies=store.copies_of(hit.found.passage.doc_id), rank=rank)
        for rank, hit in enumerate(hits, FIRST_RANK)
    )


def collapse(hits: Sequence[Hit], k: int, question: str, store: PassageStore) -> tuple[Hit, ...]:
    """Return at most k hits, none of which only repeats another one of its report.

    Of a report's articles, those whose outlet the question names are shown first, then the one that
    stands for all, then those with the best hits. A hit of another article is left out when each of
    its sentences is in one that is shown, and counts for its place: so a report is shown whenever
    one of its copies is among the k best.

    Args:
        hits: in rank order, more than k where there are.
        k: how many to return at most.
        question: what was asked.
        store: knows the copies.
    """
    reports = store.reports_of(sorted({hit.found.passage.doc_id for hit in hits}))
    by_report: dict[str, list[Hit]] = {}
    for hit in hits:
        by_report.setdefault(reports[hit.found.passage.doc_id], []).append(hit)
    asked = f" {' '.join(words(question))} "
    kept: list[_Kept] = []
    for report, members in by_report.items():  # in the order of their best hits
        # Whatever this report and those behind it show ranks behind k others.
        if sum(found.rank < members[0].rank for found in kept) >= k:
            break
        kept += _kept(members, report, asked)
    kept.sort(key=lambda found: (found.rank, found.hit.rank))
    shown = sorted((found.hit for found in kept[:k]), key=lambda hit: hit.rank)
    return with_copies(shown, store)


def _kept(hits: Sequence[Hit], report: str, asked: str) -> list[_Kept]:
    doc_ids = dict.fromkeys(hit.found.passage.doc_id for hit in hits)
    if len(doc_ids) == 1:
        return [_Kept(hit, report_of([]), hit.rank) for hit in hits]
    first_ranks = {hit.found.passage.doc_id: hit.rank for hit in reversed(hits)}
    named = {hit.found.passage.doc_id: _is_named(hit.found, asked) for hit in hits}
    order = sorted(
        doc_ids, key=lambda doc_id: (not named[doc_id], doc_id != report, first_ranks[doc_id])
    )
    kept: list[_Kept] = []
    for doc_id in order:
        said_elsewhere = list(kept)
        for hit in hits:
            if hit.found.passage.doc_id == doc_id:
                said = report_of(_sentences(hit.found))
                standing = _standing_for(said, said_elsewhere)
                if standing is None:
                    kept.append(_Kept(hit, said, hit.rank))
                else:
                    standing.rank = min(standing.rank, hit.rank)
    return kept


def _standing_for(said: Report, kept: Sequence[_Kept]) -> _Kept | None:
    """Return the hit that says most of what a passage says; None when all say less than all."""
    counts = [0] * len(kept)
    for statement in said.statements:
        known = [says_nothing_new(statement, found.said) for found in kept]
        if not any(known):
            return None
        counts = [count + each for count, each in zip(counts, known, strict=True)]
    return kept[counts.index(max(counts))] if kept else None


def _sentences(stored: StoredPassage) -> list[str]:
    start = stored.passage.start
    return [stored.text[span.start - start : span.end - start] for span in stored.passage.sentences]


def _is_named(stored: StoredPassage, asked: str) -> bool:
    """Tell whether a question names the outlet of a passage, in whole words."""
    name = " ".join(words(stored.source or ""))
    return bool(name) and f" {name} " in asked
