"""Lists of similar vectors: nearly all of the nearest, exact scores, exact filters."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.build.pipeline import IndexConfig, build
from indexer.errors import IndexFormatError, IndexWriteError
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.storage.verify import verify
from indexer.store import Embeddings
from indexer.vectors.index import VECTORS_FILE, VectorIndex
from indexer.vectors.ivf import LISTS_FILE, IvfReport, probe_steps, spread, training_rows
from indexer.vectors.tuning import build_ivf
from retrieval import SearchEngine
from tests.support.index_files import write_rows

COUNT, DIMENSION, GROUPS = 4000, 24, 60
EVERY = np.arange(COUNT)


def grouped_rows() -> Embeddings:
    """Return unit rows around centres, as texts about the same things have them."""
    generator = np.random.default_rng(11)
    centres = generator.normal(size=(GROUPS, DIMENSION))
    rows = centres[generator.integers(0, GROUPS, COUNT)]
    rows = rows + 0.5 * generator.normal(size=rows.shape)
    rows[7] = rows[5]  # copies of one text have equal vectors
    units: Embeddings = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return units


@pytest.fixture(scope="module", autouse=True)
def lists_from_few() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.vectors.tuning.LISTS_FROM", 1000)
        patch.setattr("indexer.vectors.index._COMPARED_ONE_BY_ONE", 100)
        yield


@pytest.fixture(scope="module")
def rows() -> Embeddings:
    return grouped_rows()


@pytest.fixture(scope="module")
def folder(rows: Embeddings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("vectors")
    write_rows(made, rows)
    return made


@pytest.fixture(scope="module")
def report(folder: Path) -> IvfReport:
    found = build_ivf(folder, EVERY[::9])
    assert found is not None
    return found


@pytest.fixture(scope="module")
def exact(folder: Path) -> VectorIndex:
    return VectorIndex(folder)


@pytest.fixture(scope="module")
def listed(folder: Path, report: IvfReport) -> VectorIndex:
    return VectorIndex(folder, report)


def test_few_lists_are_read_and_nearly_all_of_the_nearest_are_found(report: IvfReport) -> None:
    assert report.lists == 100  # of 40 vectors each
    assert report.probes < report.lists / 2
    assert report.recall >= 0.99
    assert report.sampled == 200


def test_scores_are_those_of_the_vectors_and_not_of_their_codes(
    exact: VectorIndex, listed: VectorIndex, rows: Embeddings
) -> None:
    for vector in rows[::400]:
        found = dict(listed.search(vector, 50))
        expected = dict(exact.search(vector, 200))
        assert found == pytest.approx({row: expected[row] for row in found}, abs=1e-6)
        assert list(found.values()) == sorted(found.values(), reverse=True)


def test_equal_vectors_come_in_the_order_of_rows(listed: VectorIndex, rows: Embeddings) -> None:
    assert [row for row, _ in listed.search(rows[7], 2)] == [5, 7]


@pytest.mark.parametrize("kept", [30, 100, 150, 1000, COUNT - 1])
def test_a_filter_finds_the_nearest_of_what_it_lets_through(
    kept: int, exact: VectorIndex, listed: VectorIndex, rows: Embeddings
) -> None:
    allowed = np.zeros(COUNT, dtype=np.bool_)
    allowed[np.random.default_rng(kept).choice(COUNT, kept, replace=False)] = True
    for vector in rows[::500]:
        found, best = listed.search(vector, 10, allowed), exact.search(vector, 10, allowed)
        assert len(found) == 10
        assert all(allowed[row] for row, _ in found)
        assert len({row for row, _ in found} & {row for row, _ in best}) >= 9
        if kept <= 100:  # compared one by one
            assert found == best


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), depth=st.integers(1, 3 * COUNT))
def test_there_are_as_many_hits_as_asked_for(listed: VectorIndex, seed: int, depth: int) -> None:
    vector = np.random.default_rng(seed).normal(size=DIMENSION).astype(np.float32)
    found = listed.search(vector / np.float32(np.linalg.norm(vector)), depth)
    assert len({row for row, _ in found}) == len(found) == min(depth, COUNT)


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


def test_damaged_lists_say_how_to_rebuild(folder: Path, report: IvfReport) -> None:
    path = folder / LISTS_FILE
    content = path.read_bytes()
    try:
        path.write_bytes(content[:100])
        with pytest.raises(
            IndexFormatError, match=r"is damaged: cannot read .*vector-lists\.faiss\. Reb"
        ):
            VectorIndex(folder, report)
    finally:
        path.write_bytes(content)


def test_lists_that_cannot_be_written_are_an_error(rows: Embeddings, tmp_path: Path) -> None:
    write_rows(tmp_path, rows)
    (tmp_path / LISTS_FILE).mkdir()
    with pytest.raises(IndexWriteError, match=LISTS_FILE):
        build_ivf(tmp_path, EVERY)


def test_rows_are_spread_evenly() -> None:
    assert spread(EVERY, 4).tolist() == [0, 1000, 2000, 3000]
    assert spread(EVERY[:3], 4).tolist() == [0, 1, 2]
    assert len(training_rows(1_000_000)) == 160_000
    assert probe_steps(20) == [8, 9, 10, 11, 12, 13, 15, 16, 17, 19, 20]
    assert probe_steps(3) == [3]


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
