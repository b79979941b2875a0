"""Haystack: in-memory store and both retrievers with reciprocal rank fusion."""

from pathlib import Path
from typing import Any

from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore

from benchmarks.peers.peer import DEPTH, Hits, Mode, row_batches
from benchmarks.scale.layout import Material, Question

_FILE = "store.json"
_AT_ONCE = 5_000


class Haystack:
    """Adapter to the `Peer` protocol."""

    modes: tuple[Mode, ...] = ("hybrid", "bm25", "dense")

    def build(self, material: Material, folder: Path, threads: int) -> None:
        """Fill the store and save it as JSON."""
        del threads  # plain Python
        store = InMemoryDocumentStore(return_embedding=False)
        for _, passages, vectors in row_batches(material, _AT_ONCE):
            store.write_documents(
                [
                    Document(id=passage.passage_id, content=passage.searched, embedding=vector)
                    for passage, vector in zip(passages, vectors.tolist(), strict=True)
                ]
            )
        store.save_to_disk(str(folder / _FILE))

    def open(self, folder: Path, threads: int) -> None:
        """Load the saved store."""
        del threads
        self._store: Any = InMemoryDocumentStore.load_from_disk(str(folder / _FILE))
        self._bm25 = InMemoryBM25Retriever(self._store)
        self._dense = InMemoryEmbeddingRetriever(self._store, return_embedding=False)
        self._joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def search(self, question: Question, k: int, mode: Mode) -> Hits:
        """Return the best passages."""
        depth = max(k, DEPTH) if mode == "hybrid" else k
        found = []
        if mode != "dense":
            found.append(self._bm25.run(query=question.keywords, top_k=depth)["documents"])
        if mode != "bm25":
            embedding = question.vector.tolist()
            found.append(self._dense.run(query_embedding=embedding, top_k=depth)["documents"])
        documents = found[0]
        if mode == "hybrid":
            documents = self._joiner.run(documents=found, top_k=k)["documents"]
        return [(document.id, document.score) for document in documents[:k]]

    def close(self) -> None:
        """Release the store."""
        del self._store, self._bm25, self._dense
