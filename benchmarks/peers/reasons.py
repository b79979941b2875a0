"""Reasons why a peer is faster, written by hand; the report prints those that apply."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from benchmarks.peers.peer import Mode

UNKNOWN: Final = "no reason is written down yet: `benchmarks/peers/reasons.py`"

ALWAYS: Final = (
    "Common to all rows: Dateline crosses into Python between its steps. It reads the question's "
    "syntax, ranks a pool of candidates with numpy, and fetches text, outlet and date of each hit "
    "from SQLite, where peers return ids. Of few passages that takes longer than searching."
)

REASONS: Final[Mapping[tuple[str, Mode], str]] = MappingProxyType(
    {
        ("qdrant-edge", "hybrid"): (
            "one call into Rust finds, fuses and returns ids. "
            "Dateline asks a third index, of whole articles, and fuses 200 candidates and "
            "fetches the texts of ten. Compare recall too: HNSW finds fewer of the nearest, and "
            "nothing but ids and vectors can be shown afterwards"
        ),
        ("qdrant-edge", "bm25"): (
            "weights are computed when it is built, and postings lie in memory, without positions; "
            "Dateline's BM25 also knows phrases and the plain words beside the stems"
        ),
        ("qdrant-edge", "dense"): (
            "a graph visits few vectors, where Dateline compares all of up to 30,000 and reads "
            "lists of more, for a recall of 0.99 in the mean, and fetches texts. The graph "
            "finds less where the tables say so"
        ),
        ("bm25s", "bm25"): (
            "the score of every term and passage is computed when it is built, so a question only "
            "adds numbers up; nothing can be added or filtered, there are no phrases, and a new "
            "process compiles for seconds before its first answer"
        ),
        ("tantivy", "bm25"): (
            "it is the engine that Dateline's BM25 runs on, alone. Dateline's terms are "
            "folded further (acronyms, possessives, thousands), and a hundred candidates are "
            "fetched where ten are shown, so that copies can be collapsed"
        ),
        ("sqlite-fts5", "bm25"): (
            "small enough that its scan of every passage with a word costs less than what Dateline "
            "does around its search"
        ),
        ("rank-bm25", "bm25"): (
            "so few passages that scoring each one costs less than what Dateline does around its "
            "search"
        ),
        ("faiss-flat", "dense"): (
            "up to 30,000 passages it is the same comparison of every vector, by the same library; "
            "beyond, it is exact and reads all"
        ),
    }
)
