"""Exact search gives what NumPy gives, ties included, with and without a mask."""

from pathlib import Path
from threading import Thread

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.errors import IndexFormatError, IndexWriteError
from indexer.store import Embeddings
from indexer.vectors.index import VECTORS_FILE, VectorIndex
from tests.support.builders import unit_rows
from tests.support.index_files import write_rows

DIMENSION = 16
COUNT = 500


def brute_force(
    rows: Embeddings, vector: Embeddings, depth: int, allowed: NDArray[np.bool_] | None = None
) -> list[tuple[int, float]]:
    scores = rows.astype(np.float64) @ vector.astype(np.float64)
    pairs = [
        (row, float(score)) for row, score in enumerate(scores) if allowed is None or allowed[row]
    ]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:depth]


def index_of(folder: Path, rows: Embeddings) -> VectorIndex:
    write_rows(folder, rows)
    return VectorIndex(folder)


def assert_same(found: list[tuple[int, float]], expected: list[tuple[int, float]]) -> None:
    assert [row for row, _ in found] == [row for row, _ in expected]
    assert [score for _, score in found] == pytest.approx(
        [score for _, score in expected], abs=1e-6
    )


@pytest.fixture(scope="module")
def rows() -> Embeddings:
    return unit_rows(COUNT, DIMENSION)


@pytest.fixture(scope="module")
def index(rows: Embeddings, tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    return index_of(tmp_path_factory.mktemp("vectors"), rows)


def test_the_index_knows_its_size(index: VectorIndex) -> None:
    assert (index.count, index.dimension) == (COUNT, DIMENSION)


@pytest.mark.parametrize("depth", [1, 10, 100])
def test_vectors_that_are_compared_in_one_go_find_what_each_finds_alone(
    index: VectorIndex, rows: Embeddings, depth: int
) -> None:
    for found, vector in zip(index.compare(rows[:40], depth), rows[:40], strict=True):
        assert_same(found, brute_force(rows, vector, depth))
    assert len(index.compare(rows[:2], COUNT + 1)[1]) == COUNT


@pytest.mark.parametrize("depth", [1, 10, 99, 100, 101, COUNT, 10**12])
def test_search_gives_the_rows_and_the_cosines_of_brute_force(
    index: VectorIndex, rows: Embeddings, depth: int
) -> None:
    for vector in unit_rows(5, DIMENSION, seed=1):
        assert_same(index.search(vector, depth), brute_force(rows, vector, depth))


@settings(max_examples=40, deadline=None)
@given(share=st.floats(0, 1), seed=st.integers(0, 2**32 - 1), depth=st.integers(1, 600))
def test_a_mask_lets_exactly_its_rows_through(
    index: VectorIndex, rows: Embeddings, share: float, seed: int, depth: int
) -> None:
    allowed = np.random.default_rng(seed).random(COUNT) < share
    (vector,) = unit_rows(1, DIMENSION, seed)
    assert_same(index.search(vector, depth, allowed), brute_force(rows, vector, depth, allowed))


def test_a_mask_that_allows_nothing_finds_nothing(index: VectorIndex, rows: Embeddings) -> None:
    assert index.search(rows[0], 10, np.zeros(COUNT, dtype=np.bool_)) == []


@pytest.mark.parametrize("depth", [0, -1])
def test_no_depth_finds_nothing(index: VectorIndex, rows: Embeddings, depth: int) -> None:
    assert index.search(rows[0], depth) == []


def test_a_vector_of_the_index_finds_itself_with_cosine_one(
    index: VectorIndex, rows: Embeddings
) -> None:
    ((row, score),) = index.search(rows[123], 1)
    assert row == 123
    assert score == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("distinct", [1, 7, 60])
@pytest.mark.parametrize("mask", [False, True])
def test_equal_vectors_are_cut_by_row_at_every_depth(
    tmp_path: Path, distinct: int, mask: bool
) -> None:
    generator = np.random.default_rng(5)
    rows = unit_rows(distinct, DIMENSION)[generator.integers(0, distinct, COUNT)]
    index = index_of(tmp_path, rows)
    allowed = generator.random(COUNT) < 0.5 if mask else np.ones(COUNT, dtype=np.bool_)
    whole = index.search(rows[0], COUNT, allowed)
    assert len({score for _, score in whole}) == len({row.tobytes() for row in rows[allowed]})
    assert whole == sorted(whole, key=lambda pair: (-pair[1], pair[0]))
    for depth in (1, 5, 20, 50, 99, 100, 101, 150, 250):
        assert index.search(rows[0], depth, allowed) == whole[:depth]


def test_a_cut_deep_inside_a_run_of_equal_vectors_keeps_the_first_rows(tmp_path: Path) -> None:
    # A few better vectors come late, and push others of the run out of the heap of faiss.
    best = np.random.default_rng(5).random(COUNT) < 0.05
    rows = unit_rows(2, DIMENSION)[np.where(best, 0, 1)]
    index = index_of(tmp_path, rows)
    expected = [*np.flatnonzero(best), *np.flatnonzero(~best)]
    for depth in (30, 60, 99, 110, 200):
        assert [row for row, _ in index.search(rows[best][0], depth)] == expected[:depth]


def test_threads_that_share_an_index_find_the_same(index: VectorIndex, rows: Embeddings) -> None:
    allowed = np.arange(COUNT) % 3 == 0
    expected = index.search(rows[7], 50, allowed)
    found: list[list[tuple[int, float]]] = []
    threads = [
        Thread(target=lambda: found.extend(index.search(rows[7], 50, allowed) for _ in range(50)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 200


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "cut"])
def test_a_damaged_file_says_so_on_opening(tmp_path: Path, rows: Embeddings, damage: str) -> None:
    write_rows(tmp_path, rows)
    path = tmp_path / VECTORS_FILE
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes({"empty": b"", "text": b"no vectors", "cut": content[:-100]}[damage])
    with pytest.raises(IndexFormatError, match=r"is damaged: cannot read .*vectors\.faiss\. Reb"):
        VectorIndex(tmp_path)


def test_an_index_of_another_kind_is_damage(tmp_path: Path, rows: Embeddings) -> None:
    other = faiss.IndexFlatL2(DIMENSION)
    other.add(rows)
    faiss.write_index(other, str(tmp_path / VECTORS_FILE))
    with pytest.raises(IndexFormatError, match="is damaged") as caught:
        VectorIndex(tmp_path)
    assert "IndexFlatL2" in str(caught.value.__cause__)


def test_a_row_that_is_none_is_damage(index: VectorIndex) -> None:
    with pytest.raises(IndexFormatError, match=rf"out of bounds.* size {COUNT}.*Rebuild it"):
        index.rows(np.array([0, COUNT]))


def test_an_empty_index_has_no_vectors(tmp_path: Path, rows: Embeddings) -> None:
    write_rows(tmp_path, rows[:0])
    empty = VectorIndex(tmp_path)
    assert empty.search(rows[0], 5) == []
    assert empty.rows(np.zeros(0, dtype=np.int64)).shape == (0, DIMENSION)


def test_vectors_that_cannot_be_written_are_a_write_error(tmp_path: Path, rows: Embeddings) -> None:
    with pytest.raises(IndexWriteError, match="existing index is unchanged"):
        write_rows(tmp_path / "missing", rows)
