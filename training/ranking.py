"""Ranking parameters chosen on the development half of the news questions.

Prints tables from which come the weight of the dense side, the number of passages read, and the
weight of the reader's relevance in `retrieval/ranking/fusion.py` and `retrieval/settings.py`.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from evaluation.collection import CollectionQuery
from evaluation.index_cache import EncodedCollection, encode_collection
from evaluation.measures import NDCG, RECIPROCAL_RANK, holds_answer, measure_rankings
from evaluation.public_sets.data import NEWS_SUBSET, by_half, news_collection
from evaluation.runs import as_plain_text
from indexer.build.pipeline import IndexConfig
from indexer.errors import DatelineError
from indexer.progress import TerminalProgress
from indexer.storage.local_store import LocalStore
from indexer.store import Restriction
from retrieval.background import QuestionEncoder
from retrieval.query.parse import parse
from retrieval.ranking.fusion import ARTICLE_WEIGHT, DENSE_WEIGHT, FusedPassage, convex, rrf
from retrieval.ranking.hits import FIRST_RANK, Hit
from retrieval.ranking.pool import Pool
from retrieval.ranking.rerank import rerank
from retrieval.readers.open import DEFAULT_READER, open_reader
from retrieval.readers.protocol import Reading
from retrieval.settings import RETRIEVAL_DEPTH

DEFAULT_DATA = Path(os.environ.get("DATELINE_EVAL_DATA", "../shared/data"))
ARTICLE_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
DENSE_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
RELEVANCE_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
DEPTHS = (10, 20, 30, 50)
EXIT_ERROR = 2


@dataclass(frozen=True, slots=True)
class Searched:
    """Results of both retrievers for a query."""

    query: CollectionQuery
    text: str
    pool: Pool
    articles: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Read:
    """First hits of a query with their readings and the reading time."""

    query: CollectionQuery
    hits: tuple[Hit, ...]
    readings: list[Reading]
    milliseconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Search and read once, then print the quality for each weight and depth."""
    parser = argparse.ArgumentParser(prog="python -m training.ranking", description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="(%(default)s)")
    parser.add_argument("--reader", default=DEFAULT_READER, help="(%(default)s)")
    parser.add_argument("--dense-weight", type=float, default=DENSE_WEIGHT, help="(%(default)s)")
    parser.add_argument("--threads", type=int, help="cores to use (default: every one)")
    options = parser.parse_args(arguments)
    try:
        _fit(options)
    except DatelineError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_ERROR
    return 0


def _fit(options: argparse.Namespace) -> None:
    progress = TerminalProgress()
    whole = news_collection(options.data, "newsqa-8k", NEWS_SUBSET)
    config = IndexConfig(threads=options.threads)
    prepared = encode_collection(whole, config, progress=progress)
    manifest = prepared.build.manifest
    queries = by_half(whole, options.data)["dev"].queries
    with LocalStore(prepared.index, manifest) as store:
        encoder = QuestionEncoder(manifest.encoder, threads=options.threads)
        searched = [_search(store, encoder, query) for query in queries]
        _print_fusion(searched, prepared)
        reader = open_reader(options.reader, threads=options.threads)
        progress.stage("read", len(searched))
        read = []
        for found in searched:
            fused = convex(found.pool, found.articles, weight=options.dense_weight)
            hits = _hits(store, fused.at(range(FIRST_RANK, FIRST_RANK + len(fused))))
            begun = time.perf_counter()
            readings = reader.read(found.text, [hit.found for hit in hits[: max(DEPTHS)]])
            spent = 1000 * (time.perf_counter() - begun)
            read.append(Read(found.query, hits, readings, spent))
            progress.advance()
        progress.close()
    _print_reading(read, prepared)


def _search(store: LocalStore, encoder: QuestionEncoder, query: CollectionQuery) -> Searched:
    parsed = parse(as_plain_text(query.text))
    vector = encoder.encode(parsed.text)
    if vector is None:
        raise DatelineError(f"nothing can be fitted: {encoder.warning}")
    bm25 = store.match_terms(parsed.terms, RETRIEVAL_DEPTH, Restriction())
    dense = store.match_vector(vector, RETRIEVAL_DEPTH, Restriction())
    pool = Pool.of(bm25, dense)
    articles = store.match_articles(parsed.terms, pool.documents)
    return Searched(query, parsed.text, pool, articles)


def _hits(store: LocalStore, fused: Sequence[FusedPassage]) -> tuple[Hit, ...]:
    found = store.passages([passage.passage_id for passage in fused])
    return tuple(
        Hit(stored, passage.score, rank, passage.explanation)
        for rank, (stored, passage) in enumerate(zip(found, fused, strict=True), FIRST_RANK)
    )


def _print_fusion(searched: Sequence[Searched], prepared: EncodedCollection) -> None:
    print(f"{len(searched)} development questions\n\nfusion: nDCG@10, RR@10")
    fusions = {
        f"convex {weight:g}, article {share:g}": [
            convex(each.pool, each.articles, weight=weight, article_weight=share)
            for each in searched
        ]
        for weight, share in (
            *((weight, ARTICLE_WEIGHT) for weight in DENSE_WEIGHTS),
            *((DENSE_WEIGHT, share) for share in ARTICLE_WEIGHTS),
        )
    } | {"rrf": [rrf(each.pool) for each in searched]}
    for name, fused in fusions.items():
        rankings = [
            _documents(
                [
                    passage.passage_id.rpartition(":")[0]
                    for passage in one.at(range(FIRST_RANK, FIRST_RANK + len(one)))
                ],
                prepared,
            )
            for one in fused
        ]
        print(f"  {name}: {_measured([each.query for each in searched], rankings)}")


def _print_reading(read: Sequence[Read], prepared: EncodedCollection) -> None:
    spent = median(each.milliseconds for each in read)
    print(f"\nreading {max(DEPTHS)} passages takes {spent:.0f} ms (median)")
    print("\nfirst quote right, whatever its score, by passages read")
    for depth in DEPTHS:
        right = [_first_right(each, depth) for each in read]
        print(f"  {depth}: {sum(right) / len(right):.3f}")
    print("\nnDCG@10, RR@10 by passages read and weight of the relevance")
    queries = [each.query for each in read]
    for depth in DEPTHS:
        for weight in RELEVANCE_WEIGHTS:
            rankings = [
                _documents(
                    [
                        hit.found.passage.doc_id
                        for hit in rerank(each.hits, each.readings[:depth], weight)
                    ],
                    prepared,
                )
                for each in read
            ]
            print(f"  {depth} read, {weight:g}: {_measured(queries, rankings)}")


def _first_right(read: Read, depth: int) -> bool:
    """Return whether the quote with the highest score holds an answer."""
    best = max(
        (
            (evidence.score, -place, evidence)
            for place, reading in enumerate(read.readings[:depth])
            for evidence in reading.evidence[:1]
        ),
        default=None,
        key=lambda found: found[:2],
    )
    if best is None:
        return False
    stored = read.hits[-best[1]].found
    start = stored.passage.start
    quote = stored.text[best[2].quote.start - start : best[2].quote.end - start]
    return holds_answer(quote, read.query.answers)


def _documents(doc_ids: Sequence[str], prepared: EncodedCollection) -> list[str]:
    return list(dict.fromkeys(prepared.ids[doc_id] for doc_id in doc_ids))


def _measured(queries: Sequence[CollectionQuery], rankings: Sequence[Sequence[str]]) -> str:
    values = measure_rankings(queries, rankings)
    return ", ".join(f"{sum(values[name]) / len(queries):.4f}" for name in (NDCG, RECIPROCAL_RANK))


if __name__ == "__main__":
    sys.exit(main())
