"""BM25 indexes of a generation: one of its passages, one of its articles.

Both are written in whole beside the catalog, so that scores are those of a fresh build.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import NamedTuple

from indexer.catalog.reader import Catalog
from indexer.catalog.writer import NewEntry, ReusedEntry
from indexer.lexical.schema import ARTICLES_FOLDER, BM25_FOLDER, Bm25Engine
from indexer.lexical.writer import LexicalWriter, passage_texts
from indexer.text.analyzer import fold, fold_for_terms

BM25_FOLDERS = (BM25_FOLDER, ARTICLES_FOLDER)


class _Passage(NamedTuple):
    text: str
    folded: str
    heading: str


class Bm25Files(AbstractContextManager["Bm25Files"]):
    """Writers of the BM25 indexes, which end with the `with` statement.

    Args:
        folder: the generation's.
        engine: rank-bm25 stores nothing.
        previous: the generation folder that reused entries come from.

    Raises:
        IndexWriteError: when a file cannot be written, here or in any method.
    """

    def __init__(self, folder: Path, engine: Bm25Engine, previous: Path | None = None) -> None:
        """Make the folders."""
        self._previous = previous
        self._catalog: Catalog | None = None
        self._ending = ExitStack()
        self._writers: list[LexicalWriter] = []
        if engine == "tantivy":
            with self._ending:
                for name in BM25_FOLDERS:
                    self._writers.append(self._ending.enter_context(LexicalWriter(folder, name)))
                self._ending = self._ending.pop_all()

    def __exit__(self, *error: object) -> None:
        """End every thread."""
        self._ending.close()

    def add(self, entry: NewEntry | ReusedEntry) -> None:
        """Add the next article, in the order of doc_id."""
        if not self._writers:
            return
        passages, articles = self._writers
        found = _passages(entry) if isinstance(entry, NewEntry) else self._reused(entry)
        passages.add(passage_texts(p.heading, p.text, p.folded) for p in found)
        article = fold_for_terms([p.text for p in found], [p.folded for p in found])
        articles.add([(article, ())])

    def commit(self) -> "list[Future[None]]":
        """Begin to write what was added, each index in a thread; the results raise its errors."""
        threads = ThreadPoolExecutor(len(BM25_FOLDERS), "dateline-bm25")
        self._ending.enter_context(threads)
        return [threads.submit(writer.commit) for writer in self._writers]

    def _reused(self, entry: ReusedEntry) -> list[_Passage]:
        if self._catalog is None:
            if self._previous is None:
                raise ValueError(f"no previous generation to reuse {entry.doc_id} from")
            self._catalog = self._ending.enter_context(Catalog(self._previous))
        stored = self._catalog.passages_of(entry.doc_id)
        return [_Passage(each.text, fold(each.text), each.heading) for each in stored]


def _passages(entry: NewEntry) -> list[_Passage]:
    rows, title = entry.rows, entry.rows.columns[0]
    texts = [entry.text[start:end] for start, end, *_ in rows.passages]
    folded = map(fold, texts) if rows.folded is None else rows.folded
    # The terms of a passage count under the title too; a headline is the title.
    headings = [
        title if isinstance(title, str) and kind != "headline" else ""
        for _, _, kind, _ in rows.passages
    ]
    return [_Passage(*each) for each in zip(texts, folded, headings, strict=True)]
