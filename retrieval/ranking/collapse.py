"""Which hits say what another hit of the same report says already? One hit stands for its copies.

In: fused passages. Out: the ranks of those that are shown, at most k that differ. Only the texts
that must be compared are fetched: those of articles whose copies were found too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.dedup.differences import StatementIndex
from indexer.dedup.facts import Statement, statements_of
from indexer.store import PassageStore, StoredPassage, doc_id_text
from indexer.text.analyzer import words
from retrieval.ranking.fusion import Fused
from retrieval.ranking.hits import FIRST_RANK


@dataclass(slots=True)
class _Kept:
    """A hit that is shown, and the best rank of those that it stands for."""

    own_rank: int
    rank: int


@dataclass(slots=True)
class _Said(_Kept):
    """A hit that is shown, and what it says."""

    said: StatementIndex


def collapse(fused: Fused, k: int, question: str, store: PassageStore) -> list[int]:
    """Return the ranks of at most k hits, none of which only repeats another one of its report.

    Of a report's articles, those whose outlet the question names are shown first, then the one that
    stands for all, then those with the best hits. A hit of another article is left out when each of
    its sentences is in one that is shown, and counts for its place: so a report is shown whenever
    one of its copies is among the k best.

    Args:
        fused: what was found, more than k where there are.
        k: how many to return at most.
        question: what was asked.
        store: knows the copies and the texts.
    """
    reports: list[bytes] = store.representatives(fused.documents).tolist()
    documents: list[int] = fused.document_places.tolist()
    by_report: dict[bytes, list[int]] = {}
    for rank, document in enumerate(documents, FIRST_RANK):
        by_report.setdefault(reports[document], []).append(rank)
    asked = f" {' '.join(words(question))} "
    kept: list[_Kept] = []
    for report, ranks in by_report.items():  # in the order of their best hits
        # Whatever this report and those behind it show ranks behind k others.
        if sum(found.rank < ranks[0] for found in kept) >= k:
            break
        if len({documents[rank - FIRST_RANK] for rank in ranks}) == 1:
            kept += [_Kept(rank, rank) for rank in ranks]
        else:
            texts = store.passages([passage.passage_id for passage in fused.at(ranks)])
            kept += _kept(dict(zip(ranks, texts, strict=True)), doc_id_text(report), asked)
    kept.sort(key=lambda found: (found.rank, found.own_rank))
    return sorted(found.own_rank for found in kept[:k])


def _kept(hits: dict[int, StoredPassage], report: str, asked: str) -> list[_Said]:
    """Return what is shown of the hits of one report; they come in the order of their ranks."""
    first_ranks: dict[str, int] = {}
    named: dict[str, bool] = {}
    for rank, stored in hits.items():
        first_ranks.setdefault(stored.passage.doc_id, rank)
        named.setdefault(stored.passage.doc_id, _is_named(stored, asked))
    order = sorted(
        first_ranks, key=lambda doc_id: (not named[doc_id], doc_id != report, first_ranks[doc_id])
    )
    kept: list[_Said] = []
    for doc_id in order:
        said_elsewhere = list(kept)
        for rank, stored in hits.items():
            if stored.passage.doc_id == doc_id:
                said = statements_of(_sentences(stored))
                standing = _standing_for(said.sentences, said_elsewhere)
                if standing is None:
                    kept.append(_Said(rank, rank, StatementIndex(said)))
                else:
                    standing.rank = min(standing.rank, rank)
    return kept


def _standing_for(statements: Sequence[Statement], kept: Sequence[_Said]) -> _Said | None:
    """Return the hit that says most of what a passage says; None when all say less than all."""
    counts = [0] * len(kept)
    repeated = [[found.said.contains(statement) for found in kept] for statement in statements]
    # What stands nowhere word for word comes first: to compare it takes longest and decides most.
    for statement, stands in sorted(zip(statements, repeated, strict=True), key=_stands_somewhere):
        known = [
            already or found.said.contains_paraphrase(statement)
            for found, already in zip(kept, stands, strict=True)
        ]
        if not any(known):
            return None
        counts = [count + each for count, each in zip(counts, known, strict=True)]
    return kept[counts.index(max(counts))] if kept else None


def _stands_somewhere(stated: tuple[Statement, Sequence[bool]]) -> bool:
    return any(stated[1])


def _sentences(stored: StoredPassage) -> list[str]:
    start = stored.passage.start
    return [stored.text[span.start - start : span.end - start] for span in stored.passage.sentences]


def _is_named(stored: StoredPassage, asked: str) -> bool:
    """Tell whether a question names the outlet of a passage, in whole words."""
    name = " ".join(words(stored.source or ""))
    return bool(name) and f" {name} " in asked
