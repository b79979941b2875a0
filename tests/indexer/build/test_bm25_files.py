"""The BM25 indexes that are written beside the catalog are those of its texts."""

from pathlib import Path

import pytest

from indexer.build.bm25_files import Bm25Files
from indexer.catalog.reader import Catalog
from indexer.catalog.rows import EntryRows
from indexer.catalog.writer import NewEntry, ReusedEntry, write_catalog
from indexer.documents import SourceFile
from indexer.errors import IndexWriteError
from indexer.lexical.index import TantivyIndex
from indexer.lexical.schema import ARTICLES_FOLDER, BM25_FOLDER
from indexer.text.analyzer import fold
from tests.support.index_files import write_lexical

FERRY = ("Ferry sinks", "The ferry sank off the U.", "S. Navy ships came at once.")
BRIDGE = ("Bridge closed", "Cracks were found in the bridge.", "The ferry runs instead.")
QUESTIONS = (["ferri"], ["usa"], ["navi", "bridg"], ["sink"], ["s"], ["close", "crack"])


def entry(number: int, paragraphs: tuple[str, ...], *, folded: bool) -> NewEntry:
    doc_id, text = f"{number:016x}", "\n".join(paragraphs)
    passages, start = [], 0
    for kind, paragraph in zip(("headline", "body", "body"), paragraphs, strict=False):
        passages.append((start, start + len(paragraph), kind, b""))
        start += len(paragraph) + 1
    title = paragraphs[0] if paragraphs else None
    columns = (title, None, "", None, None, None, None, "{}", "[]")
    foldeds = tuple(map(fold, paragraphs)) if folded else None
    rows = EntryRows(columns, (), tuple(passages), folded=foldeds)
    made_from = ("", "{}", b"", b"", False, b"")
    path = f"{number}.txt"
    return NewEntry(doc_id, path, SourceFile(path, 1, 1), "utf-8", text, rows, made_from)


def answers(folder: Path, name: str) -> list[list[tuple[int, float]]]:
    index = TantivyIndex(folder, name)
    return [index.search(question, 9) for question in QUESTIONS]


@pytest.mark.parametrize("folded", [True, False])
def test_new_and_reused_articles_answer_as_the_texts_of_the_catalog_do(
    tmp_path: Path, *, folded: bool
) -> None:
    before, folder, texts = (tmp_path / name for name in ("1", "2", "texts"))
    for each in (before, folder, texts):
        each.mkdir()
    made = [entry(1, FERRY, folded=folded), entry(2, (), folded=folded)]
    made.append(entry(3, BRIDGE, folded=folded))
    write_catalog(before, made)
    with Bm25Files(folder, "tantivy", before) as files:
        files.add(ReusedEntry(made[0].doc_id, made[0].file))
        for article in made[1:]:
            files.add(article)
        for committed in files.commit():
            committed.result()
    with Catalog(before) as catalog:
        passages = list(catalog.all_passages())
        write_lexical(texts, [each.text for each in passages], [each.heading for each in passages])
        write_lexical(texts, catalog.article_texts(), name=ARTICLES_FOLDER)
    assert answers(folder, BM25_FOLDER) == answers(texts, BM25_FOLDER)
    assert answers(folder, ARTICLES_FOLDER) == answers(texts, ARTICLES_FOLDER)
    assert [row for row, _ in answers(folder, ARTICLES_FOLDER)[1]] == [0]
    assert sorted(row for row, _ in answers(folder, BM25_FOLDER)[0]) == [0, 1, 2, 5]


def test_rank_bm25_keeps_nothing(tmp_path: Path) -> None:
    with Bm25Files(tmp_path, "rank-bm25") as files:
        files.add(entry(1, FERRY, folded=True))
        assert files.commit() == []
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / ARTICLES_FOLDER).write_text("in the way")
    with pytest.raises(IndexWriteError, match=ARTICLES_FOLDER):
        Bm25Files(tmp_path, "tantivy")


def test_an_article_reused_from_nowhere_is_refused(tmp_path: Path) -> None:
    with (
        Bm25Files(tmp_path, "tantivy") as files,
        pytest.raises(ValueError, match=r"no previous generation to reuse 0+1 from"),
    ):
        files.add(ReusedEntry(f"{1:016x}", SourceFile("1.txt", 1, 1)))
