"""Catalogue of peers: adapters, requirements, licences, settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Final

from benchmarks.peers.peer import Mode, Peer


@dataclass(frozen=True, slots=True)
class PeerEntry:
    """Entry of a peer.

    `adapter` names module and class; `requirements` the file for its own environment, None for the
    project's; `threaded`: one question can use several threads; `settings` are described in words.
    """

    name: str
    adapter: str
    requirements: str | None
    modes: tuple[Mode, ...]
    threaded: bool
    licence: str
    settings: str

    def make(self) -> Peer:
        """Import the adapter and create the peer."""
        module, _, name = self.adapter.partition(":")
        made: Peer = getattr(import_module(f"benchmarks.peers.adapters.{module}"), name)()
        return made


_ALL: Final[tuple[Mode, ...]] = ("hybrid", "bm25", "dense")

# rank-bm25 comes first: the hits of the others are compared with its.
_ENTRIES: Final = (
    PeerEntry(
        "rank-bm25",
        "rank_bm25_peer:RankBm25",
        None,
        ("bm25",),
        False,
        "Apache-2.0",
        "BM25Okapi over Dateline's terms, since it has no tokeniser; opened from a pickle; no "
        "threads",
    ),
    PeerEntry(
        "dateline",
        "dateline_peer:Dateline",
        None,
        _ALL,
        True,
        "Apache-2.0",
        "its own index; BM25 in one thread, vectors in another",
    ),
    PeerEntry(
        "lancedb",
        "lancedb_peer:LanceDb",
        "lancedb.txt",
        _ALL,
        True,
        "Apache-2.0",
        "full-text index, RRF reranker; below 100,000 passages all vectors compared, as its "
        "documentation advises; then IVF_HNSW_SQ, ef 200, refined; LANCE_CPU_THREADS",
    ),
    PeerEntry(
        "qdrant-edge",
        "qdrant_edge_peer:QdrantEdge",
        "qdrant-edge.txt",
        _ALL,
        True,
        "Apache-2.0",
        "HNSW m 16, ef_construct 100, hnsw_ef 300; its BM25 as sparse vectors; RRF; one segment, "
        "optimised; max_search_threads",
    ),
    PeerEntry(
        "haystack",
        "haystack_peer:Haystack",
        "haystack.txt",
        _ALL,
        False,
        "Apache-2.0",
        "in-memory store, both retrievers, reciprocal rank fusion; Python, NumPy's threads",
    ),
    PeerEntry(
        "bm25s",
        "bm25s_peer:Bm25s",
        "bm25s.txt",
        ("bm25",),
        False,
        "MIT",
        "numba backend, mapped into memory, stop words, Snowball stems; its threads share out "
        "questions",
    ),
    PeerEntry(
        "tantivy",
        "tantivy_peer:Tantivy",
        None,
        ("bm25",),
        False,
        "MIT",
        "en_stem, positions; as many writer threads, a question is answered by one",
    ),
    PeerEntry(
        "sqlite-fts5",
        "fts5_peer:Fts5",
        None,
        ("bm25",),
        False,
        "public domain",
        "porter unicode61, optimised, mapped into memory; no threads",
    ),
    PeerEntry(
        "faiss-flat",
        "faiss_flat_peer:FaissFlat",
        None,
        ("dense",),
        True,
        "MIT",
        "IndexFlatIP, mapped into memory; OpenMP threads",
    ),
)

PEERS: Final[Mapping[str, PeerEntry]] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
