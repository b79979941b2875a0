"""A BM25 index is one segment, of passages or of whole articles."""

from pathlib import Path

import pytest

from indexer.errors import IndexWriteError
from indexer.lexical.index import TantivyIndex
from indexer.lexical.schema import ARTICLES_FOLDER, BM25_FOLDER
from tests.support.index_files import write_lexical


def test_the_index_is_one_segment(tmp_path: Path) -> None:
    write_lexical(tmp_path, ["ships waited near geneva"] * 6000)
    assert len(list((tmp_path / BM25_FOLDER).glob("*.term"))) == 1


def test_an_index_that_cannot_be_written_is_a_write_error(tmp_path: Path) -> None:
    (tmp_path / BM25_FOLDER).write_text("in the way")
    with pytest.raises(IndexWriteError, match="existing index is unchanged"):
        write_lexical(tmp_path, ["iran asked washington"])


def test_whole_articles_have_an_index_beside_the_passages_without_phrases(tmp_path: Path) -> None:
    write_lexical(tmp_path, ["The ferry sank.", "Nobody was hurt."])
    write_lexical(tmp_path, ["The ferry sank. Nobody was hurt."], name=ARTICLES_FOLDER)
    passages, articles = TantivyIndex(tmp_path), TantivyIndex(tmp_path, ARTICLES_FOLDER)
    assert (passages.count, articles.count) == (2, 1)
    assert [row for row, _ in articles.search(["ferri", "hurt"], 5)] == [0]
    assert passages.rows_with_phrase(["was", "hurt"]).tolist() == [1]
    assert articles.rows_with_phrase(["was", "hurt"]).tolist() == []
