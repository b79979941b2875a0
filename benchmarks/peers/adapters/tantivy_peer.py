"""tantivy alone: its English tokeniser, one field, stored passage ids."""

from pathlib import Path

import tantivy

from benchmarks.peers.peer import Hits, Mode
from benchmarks.scale.layout import Material, Question

_HEAP_BYTES = 256_000_000


class Tantivy:
    """Adapter to the `Peer` protocol."""

    modes: tuple[Mode, ...] = ("bm25",)

    def build(self, material: Material, folder: Path, threads: int) -> None:
        """Index with writer threads, then wait for merges."""
        index = tantivy.Index(_schema(), path=str(folder))
        writer = index.writer(heap_size=_HEAP_BYTES, num_threads=threads)
        for passage in material.passages():
            document = tantivy.Document()
            document.add_text("text", passage.searched)
            document.add_text("id", passage.passage_id)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path, threads: int) -> None:
        """Memory-map the index; one thread answers a question."""
        del threads
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    def search(self, question: Question, k: int, mode: Mode) -> Hits:
        """Return the best passages."""
        del mode
        query = self._index.parse_query(question.keywords.lower(), ["text"])
        found = self._searcher.search(query, limit=k, count=False).hits
        return [(self._id(address), float(score)) for score, address in found]

    def close(self) -> None:
        """Release the index."""
        del self._searcher, self._index

    def _id(self, address: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(address)["id"][0])


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="en_stem", index_option="position")
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic", stored=True)
    return builder.build()
