"""Qdrant Edge, in process: HNSW, its BM25 as sparse vectors, RRF.

One segment, so that a question searches one graph; no write-ahead log while loading.
"""

from pathlib import Path

import qdrant_edge as qdrant

from benchmarks.peers.peer import DEPTH, Hits, Mode, row_batches
from benchmarks.scale.layout import Material, Question, Vectors

_SHARD, _DIMENSION = "shard", "dimension"
_DENSE, _SPARSE = "dense", "bm25"
_AT_ONCE = 2_000
_RRF_K = 60
_EF = 3 * DEPTH


class QdrantEdge:
    """Adapter to the `Peer` protocol."""

    modes: tuple[Mode, ...] = ("hybrid", "bm25", "dense")

    def build(self, material: Material, folder: Path, threads: int) -> None:
        """Load the points, then build the graph and the sparse index."""
        dimension = material.about.dimension
        (folder / _DIMENSION).write_text(str(dimension), encoding="utf-8")
        (folder / _SHARD).mkdir()
        shard = qdrant.EdgeShard.create(str(folder / _SHARD), _config(dimension, threads))
        bm25 = qdrant.Bm25()
        for first, passages, vectors in row_batches(material, _AT_ONCE):
            points = [
                qdrant.Point(
                    id=row,
                    vector={_DENSE: vector, _SPARSE: bm25.embed_document(passage.searched)},
                    payload={"id": passage.passage_id},
                )
                for row, (passage, vector) in enumerate(
                    zip(passages, vectors.tolist(), strict=True), first
                )
            ]
            shard.update(qdrant.UpdateOperation.upsert_points(points))
        shard.flush()
        shard.optimize()
        shard.flush()
        shard.close()

    def open(self, folder: Path, threads: int) -> None:
        """Open the shard."""
        dimension = int((folder / _DIMENSION).read_text(encoding="utf-8"))
        self._shard = qdrant.EdgeShard.load(str(folder / _SHARD), _config(dimension, threads))
        self._bm25 = qdrant.Bm25()

    def search(self, question: Question, k: int, mode: Mode) -> Hits:
        """Return the best passages."""
        if mode == "hybrid":
            sides = [
                qdrant.Prefetch(limit=max(k, DEPTH), query=self._sparse(question.text)),
                qdrant.Prefetch(
                    limit=max(k, DEPTH), query=_dense(question.vector), params=_search_parameters()
                ),
            ]
            request = qdrant.QueryRequest(
                limit=k, prefetches=sides, query=qdrant.Fusion.Rrf(k=_RRF_K), with_payload=True
            )
        elif mode == "dense":
            request = qdrant.QueryRequest(
                limit=k,
                query=_dense(question.vector),
                params=_search_parameters(),
                with_payload=True,
            )
        else:
            request = qdrant.QueryRequest(
                limit=k, query=self._sparse(question.text), with_payload=True
            )
        return [(point.payload["id"], point.score) for point in self._shard.query(request)]

    def close(self) -> None:
        """Close the shard."""
        self._shard.close()

    def _sparse(self, question: str) -> qdrant.Query:
        return qdrant.Query.Nearest(self._bm25.embed_query(question), using=_SPARSE)


def _config(dimension: int, threads: int) -> qdrant.EdgeConfig:
    return qdrant.EdgeConfig(
        vectors={_DENSE: qdrant.EdgeVectorParams(dimension, qdrant.Distance.Dot)},
        sparse_vectors={_SPARSE: qdrant.EdgeSparseVectorParams(modifier=qdrant.Modifier.Idf)},
        hnsw_config=qdrant.HnswIndexConfig(
            m=16, ef_construct=100, full_scan_threshold=10_000, max_indexing_threads=threads
        ),
        optimizers=qdrant.EdgeOptimizersConfig(default_segment_number=1),
        max_search_threads=threads,
        wal_enabled=False,
    )


def _dense(vector: Vectors) -> qdrant.Query:
    return qdrant.Query.Nearest(vector.tolist(), using=_DENSE)


def _search_parameters() -> qdrant.SearchParams:
    return qdrant.SearchParams(hnsw_ef=_EF)
