"""Here are texts: how do they become a BM25 index? Written once, in row order, by tantivy."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from pathlib import Path

import tantivy

from indexer.errors import write_failure
from indexer.lexical.schema import BM25_FOLDER, is_library_failure, register, schema
from indexer.text.analyzer import fold, folded_lines

# What fits in this becomes one segment; tantivy's own default is half of it.
_HEAP_BYTES = 256_000_000


class LexicalWriter(AbstractContextManager["LexicalWriter"]):
    """Writer of one BM25 index, document by document; a `with` statement ends it.

    One thread of tantivy's analyses what was added while more is made, so that the same documents
    give the same segments: one, up to about 400,000 passages, which is what fits into its memory.
    Scores are over all segments together.

    Args:
        folder: the generation's.
        name: the folder; in `ARTICLES_FOLDER` the documents are whole articles, without phrases.

    Raises:
        IndexWriteError: when a file cannot be written; so do all methods.
    """

    def __init__(self, folder: Path, name: str = BM25_FOLDER) -> None:
        """Make the folder."""
        self._path = folder / name
        self._has_phrases = name == BM25_FOLDER
        self._count = 0
        self._writer: tantivy.IndexWriter | None
        with self._failing_as_write():
            self._path.mkdir(mode=0o700)
            index = tantivy.Index(schema(), path=str(self._path))
            register(index)
            self._writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the thread; what was not committed does not count."""
        self._writer = None

    def add(self, documents: Iterable[tuple[str, str]]) -> None:
        """Add documents in row order: of each the text of its terms and of its phrases, folded."""
        if self._writer is None:
            raise RuntimeError(f"{self._path} was asked to take more after its end")
        with self._failing_as_write():
            for terms_of, words_of in documents:
                document = tantivy.Document()
                document.add_text("terms", terms_of)
                if self._has_phrases:
                    document.add_text("words", words_of)
                document.add_unsigned("row", self._count)
                self._writer.add_document(document)
                self._count += 1

    def commit(self) -> None:
        """Write everything; other threads of Python work meanwhile. Nothing may follow."""
        if self._writer is None:
            raise RuntimeError(f"{self._path} was asked to commit after its end")
        with self._failing_as_write():
            self._writer.commit()
            self._writer.wait_merging_threads()

    @contextmanager
    def _failing_as_write(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            if not is_library_failure(error):
                raise
            raise write_failure(self._path, error) from error


def under(heading: str, text: str, folded: str) -> str:
    """Return, folded, a text below the title that its terms count under, if any."""
    return folded_lines([heading, text], [_folded_heading(heading), folded]) if heading else folded


@lru_cache(maxsize=1)  # all passages of an article have one
def _folded_heading(heading: str) -> str:
    return fold(heading)
