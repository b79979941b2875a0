"""An inverted file is built for many vectors, and enough of its lists are read."""

from pathlib import Path

import numpy as np
import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.errors import IndexWriteError
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.storage.verify import verify
from indexer.store import Embeddings
from indexer.vectors.index import VECTORS_FILE
from indexer.vectors.ivf import LISTS_FILE, IvfReport
from indexer.vectors.tuning import build_ivf
from retrieval import SearchEngine
from tests.support.index_files import write_rows

pytestmark = pytest.mark.usefixtures("lists_from_few")

EVERY = np.arange(4000)


def test_few_lists_are_read_and_nearly_all_of_the_nearest_are_found(report: IvfReport) -> None:
    assert report.lists == 100  # of 40 vectors each
    assert report.probes < report.lists / 2
    assert report.recall >= 0.99
    assert report.sampled == 200


def test_the_lists_are_the_same_with_any_number_of_threads(
    folder: Path, report: IvfReport, rows: Embeddings, tmp_path: Path
) -> None:
    write_rows(tmp_path, rows)
    assert build_ivf(tmp_path, EVERY[::9], threads=1) == report
    assert (tmp_path / LISTS_FILE).read_bytes() == (folder / LISTS_FILE).read_bytes()


def test_few_vectors_have_no_lists(rows: Embeddings, tmp_path: Path) -> None:
    write_rows(tmp_path, rows[:999])
    assert build_ivf(tmp_path, EVERY[:0]) is None
    assert [path.name for path in tmp_path.iterdir()] == [VECTORS_FILE]


def test_without_headlines_recall_is_measured_with_any_passages(
    rows: Embeddings, tmp_path: Path
) -> None:
    write_rows(tmp_path, rows[:1200])
    found = build_ivf(tmp_path, EVERY[:0])
    assert found is not None
    assert found.sampled == 200


def test_lists_that_cannot_be_written_are_an_error(rows: Embeddings, tmp_path: Path) -> None:
    write_rows(tmp_path, rows)
    (tmp_path / LISTS_FILE).mkdir()
    with pytest.raises(IndexWriteError, match=LISTS_FILE):
        build_ivf(tmp_path, EVERY)


def test_a_built_index_has_lists_and_answers_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.vectors.tuning.LISTS_FROM", 60)
    articles = tmp_path / "articles"
    articles.mkdir()
    for i in range(45):
        text = f"Report {i}\n\nThe council of town {i} voted to repair {i} bridges on Monday.\n"
        (articles / f"{i}.txt").write_text(text, encoding="utf-8")
    index = tmp_path / "index"
    report = build(articles, index, IndexConfig(threads=2))
    assert report.manifest.vector_lists is not None
    assert read_manifest(index) == report.manifest
    assert (generation_folder(index, 1) / LISTS_FILE).is_file()
    assert verify(index) == []
    with SearchEngine.open(index) as engine:
        hits = engine.search("who repairs the bridges of town 7?", mode="dense").hits
    assert hits[0].found.text == "The council of town 7 voted to repair 7 bridges on Monday."
