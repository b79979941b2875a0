"""Here are texts: how do they become a BM25 index? Written once, in row order, by tantivy."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from itertools import repeat
from pathlib import Path

import tantivy

from indexer.analyzer import fold, folded_lines
from indexer.errors import write_failure
from indexer.lexical_schema import BM25_FOLDER, is_library_failure, register, schema

# What fits in this becomes one segment; tantivy's own default is half of it.
_HEAP_BYTES = 256_000_000


def write_lexical(
    folder: Path, texts: Iterable[str], headings: Iterable[str] = (), *, name: str = BM25_FOLDER
) -> None:
    """Write the BM25 index of passages, in row order, by one writer thread.

    So the same passages give the same segments: one, up to about 400,000 passages, which is what
    fits into the writer's memory. Scores are over all segments together.

    Args:
        folder: the generation's.
        texts: the passages, consumed one at a time.
        headings: the title under which each stands: its terms count for the passage too, since a
            passage seldom repeats what its article is about. Phrases are of the text alone. None
            at all when it is left out.
        name: the folder; in `ARTICLES_FOLDER` the texts are whole articles, without phrases.

    Raises:
        IndexWriteError: when a file cannot be written, for example on a full disk.
    """
    with LexicalWriter(folder, name) as writer:
        titled = zip(texts, headings, strict=True) if headings else zip(texts, repeat(""))
        writer.add(_foldeds(titled))
        writer.commit()


def _foldeds(titled: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for text, heading in titled:
        folded = fold(text)
        yield under(heading, text, folded), folded


class LexicalWriter(AbstractContextManager["LexicalWriter"]):
    """Writes one BM25 index, document by document. Use it in a `with` statement, which ends it.

    tantivy's thread analyses what was added while more is made.

    Args:
        folder: the generation's.
        name: as of `write_lexical`.

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
