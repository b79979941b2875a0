"""How are the BM25 indexes of a generation written? Beside its catalog, article by article.

In: what enters the catalog, in its order. Out: the folder of its passages and that of its articles,
each written by one thread of tantivy's while the next articles are made. They are written whole
each time, so that scores are those of a fresh build.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import NamedTuple

from indexer.catalog.reader import Catalog
from indexer.catalog.writer import NewEntry, ReusedEntry
from indexer.lexical.schema import ARTICLES_FOLDER, BM25_FOLDER, Bm25Engine
from indexer.lexical.writer import LexicalWriter, with_heading
from indexer.text.analyzer import fold, folded_lines

LEXICAL_FILES = 2
"""How many there are."""


class _Passage(NamedTuple):
    text: str
    folded: str
    heading: str


class LexicalFiles(AbstractContextManager["LexicalFiles"]):
    """Writes what an engine keeps on disk. Use it in a `with` statement, which ends it.

    Args:
        folder: the generation's.
        engine: rank-bm25 keeps nothing.
        previous: the folder of the generation that the taken entries are of.

    Raises:
        IndexWriteError: when a file cannot be written; so do all methods.
    """

    def __init__(self, folder: Path, engine: Bm25Engine, previous: Path | None = None) -> None:
        """Make the folders."""
        self._previous = previous
        self._before: Catalog | None = None
        self._ending = ExitStack()
        self._writers: list[LexicalWriter] = []
        if engine == "tantivy":
            with self._ending:
                for name in (BM25_FOLDER, ARTICLES_FOLDER):
                    self._writers.append(self._ending.enter_context(LexicalWriter(folder, name)))
                self._ending = self._ending.pop_all()

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End every thread."""
        self._ending.close()

    def add(self, entry: NewEntry | ReusedEntry) -> None:
        """Add the next article, in the order of doc_id."""
        if not self._writers:
            return
        passages, articles = self._writers
        made = _made(entry) if isinstance(entry, NewEntry) else self._taken(entry)
        passages.add(
            (with_heading(each.heading, each.text, each.folded), each.folded) for each in made
        )
        article = folded_lines([each.text for each in made], [each.folded for each in made])
        articles.add([(article, "")])

    def commit(self) -> "list[Future[None]]":
        """Begin to write what was added, each index in a thread of its own.

        Returns:
            What raises, when asked for its result, what went wrong.
        """
        threads = self._ending.enter_context(ThreadPoolExecutor(LEXICAL_FILES, "dateline-bm25"))
        return [threads.submit(writer.commit) for writer in self._writers]

    def _taken(self, entry: ReusedEntry) -> list[_Passage]:
        if self._before is None:
            if self._previous is None:
                raise ValueError(f"{entry.doc_id} was taken over from no generation")
            self._before = self._ending.enter_context(Catalog(self._previous))
        stored = self._before.passages_of(entry.doc_id)
        return [_Passage(each.text, fold(each.text), each.heading) for each in stored]


def _made(entry: NewEntry) -> list[_Passage]:
    rows, title = entry.rows, entry.rows.columns[0]
    texts = [entry.text[start:end] for start, end, *_ in rows.passages]
    folded = map(fold, texts) if rows.folded is None else rows.folded
    headings = [_heading(kind, title) for _, _, kind, _ in rows.passages]
    return [_Passage(*each) for each in zip(texts, folded, headings, strict=True)]


def _heading(kind: str, title: object) -> str:
    """Return the title that the terms of a passage count under; a headline is the title."""
    return title if isinstance(title, str) and kind != "headline" else ""
