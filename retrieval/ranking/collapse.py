"""Collapse of hits: one hit represents those that only repeat it in copies of its story.

Only the texts to compare are fetched: those of stories with hits in several articles.
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
class _Shown:
    """A hit to show, and the best rank among itself and the hits that it represents."""

    own_rank: int
    rank: int


@dataclass(slots=True)
class _Compared(_Shown):
    """A hit to show, and its statements."""

    index: StatementIndex


def collapse(fused: Fused, k: int, question: str, store: PassageStore) -> list[int]:
    """Return the ranks of at most k hits, none of which only repeats another one of its story.

    Of a story's articles, those whose outlet the question names are shown first, then the
    representative, then those with the best hits. A hit of another article is hidden when each of
    its sentences is in a shown one, which inherits its rank: a story is shown whenever one of its
    copies is among the k best.

    Args:
        fused: the passages, more than k if there are.
        k: maximum number of hits.
        question: the question.
        store: provides representatives and texts.
    """
    stories: list[bytes] = store.representatives(fused.documents).tolist()
    documents: list[int] = fused.document_indices.tolist()
    by_story: dict[bytes, list[int]] = {}
    for rank, document in enumerate(documents, FIRST_RANK):
        by_story.setdefault(stories[document], []).append(rank)
    asked = f" {' '.join(words(question))} "
    shown: list[_Shown] = []
    for story, ranks in by_story.items():  # in the order of their best hits
        # This story and those after it cannot be among the first k any more.
        if sum(hit.rank < ranks[0] for hit in shown) >= k:
            break
        if len({documents[rank - FIRST_RANK] for rank in ranks}) == 1:
            shown += [_Shown(rank, rank) for rank in ranks]
        else:
            texts = store.passages([passage.passage_id for passage in fused.at(ranks)])
            shown += _collapse_story(
                dict(zip(ranks, texts, strict=True)), doc_id_text(story), asked
            )
    shown.sort(key=lambda hit: (hit.rank, hit.own_rank))
    return sorted(hit.own_rank for hit in shown[:k])


def _collapse_story(
    hits: dict[int, StoredPassage], representative: str, asked: str
) -> list[_Compared]:
    """Return the hits of one story to show, given all of them by rank."""
    first_ranks: dict[str, int] = {}
    named: dict[str, bool] = {}
    for rank, stored in hits.items():
        first_ranks.setdefault(stored.passage.doc_id, rank)
        named.setdefault(stored.passage.doc_id, _is_named(stored, asked))
    order = sorted(
        first_ranks,
        key=lambda doc_id: (not named[doc_id], doc_id != representative, first_ranks[doc_id]),
    )
    shown: list[_Compared] = []
    for doc_id in order:
        of_others = list(shown)
        for rank, stored in hits.items():
            if stored.passage.doc_id == doc_id:
                sentences = [stored.slice(span) for span in stored.passage.sentences]
                statements = statements_of(sentences)
                repeated = _repeated(statements.sentences, of_others)
                if repeated is None:
                    shown.append(_Compared(rank, rank, StatementIndex(statements)))
                else:
                    repeated.rank = min(repeated.rank, rank)
    return shown


def _repeated(statements: Sequence[Statement], shown: Sequence[_Compared]) -> _Compared | None:
    """Return the hit with most of the statements; None unless each statement is in some hit."""
    counts = [0] * len(shown)
    verbatim = [[hit.index.contains(statement) for hit in shown] for statement in statements]
    # Statements that no hit has verbatim come first: they take longest and decide most.
    for statement, found in sorted(zip(statements, verbatim, strict=True), key=_is_verbatim):
        known = [
            already or hit.index.contains_paraphrase(statement)
            for hit, already in zip(shown, found, strict=True)
        ]
        if not any(known):
            return None
        counts = [count + each for count, each in zip(counts, known, strict=True)]
    return shown[counts.index(max(counts))] if shown else None


def _is_verbatim(statement: tuple[Statement, Sequence[bool]]) -> bool:
    return any(statement[1])


def _is_named(stored: StoredPassage, asked: str) -> bool:
    """Tell whether a question names the outlet of a passage, in whole words."""
    name = " ".join(words(stored.source or ""))
    return bool(name) and f" {name} " in asked
