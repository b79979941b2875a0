"""Writer of a BM25 index by tantivy, in row order."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from pathlib import Path

import tantivy

from indexer.errors import write_failure
from indexer.lexical.schema import BM25_FOLDER, is_tantivy_error, register, schema
from indexer.text.analyzer import fold, fold_apart, fold_for_terms

# Documents that fit into it become one segment: about 400,000 passages. tantivy's default is half.
_HEAP_BYTES = 256_000_000


class LexicalWriter(AbstractContextManager["LexicalWriter"]):
    """Writer of one BM25 index, to be used in a `with` statement.

    One background thread analyses the documents, so that the same ones give the same segments.

    Args:
        folder: the generation's.
        name: the index's own folder; `ARTICLES_FOLDER` holds whole articles, without phrases.

    Raises:
        IndexWriteError: when a file cannot be written, here or in any method.
    """

    def __init__(self, folder: Path, name: str = BM25_FOLDER) -> None:
        """Make the folder."""
        self._path = folder / name
        self._has_phrases = name == BM25_FOLDER
        self._count = 0
        with self._write_errors():
            self._path.mkdir(mode=0o700)
            index = tantivy.Index(schema(), path=str(self._path))
            register(index)
            self._writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)

    def __exit__(self, *error: object) -> None:
        del self._writer  # which ends its thread

    def add(self, documents: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        """Add documents in row order, each as the folded texts of its terms and of its phrases.

        No phrase reaches from one text into the next.
        """
        with self._write_errors():
            for terms_of, phrases_of in documents:
                document = tantivy.Document()
                document.add_text("terms", terms_of)
                for words_of in phrases_of if self._has_phrases else ():
                    document.add_text("words", words_of)
                document.add_unsigned("row", self._count)
                self._writer.add_document(document)
                self._count += 1

    def commit(self) -> None:
        """Write all documents, without holding the interpreter's lock; no more may follow."""
        with self._write_errors():
            self._writer.commit()
            self._writer.wait_merging_threads()

    @contextmanager
    def _write_errors(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            if not is_tantivy_error(error):
                raise
            raise write_failure(self._path, error) from error


def passage_texts(heading: str, text: str, folded: str) -> tuple[str, tuple[str, ...]]:
    """Return a passage's texts for `LexicalWriter.add`; its terms are those of its heading too."""
    lines, folds = [text], [folded]
    if heading:
        lines, folds = [heading, text], [_folded_heading(heading), folded]
    return fold_for_terms(lines, folds), tuple(filter(None, (folded, fold_apart(text))))


@lru_cache(maxsize=1)  # all passages of an article share it
def _folded_heading(heading: str) -> str:
    return fold(heading)
