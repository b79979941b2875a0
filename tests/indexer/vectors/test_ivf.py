"""Lists of similar vectors: nearly all of the nearest, exact scores, exact filters."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import IndexFormatError
from indexer.store import Embeddings
from indexer.vectors.index import VectorIndex
from indexer.vectors.ivf import LISTS_FILE, IvfReport, probe_steps, spread, training_rows

COUNT, DIMENSION = 4000, 24
pytestmark = pytest.mark.usefixtures("lists_from_few")

EVERY = np.arange(COUNT)


@pytest.fixture(scope="module")
def exact(folder: Path) -> VectorIndex:
    return VectorIndex(folder)


@pytest.fixture(scope="module")
def listed(folder: Path, report: IvfReport) -> VectorIndex:
    return VectorIndex(folder, report)


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


def test_rows_are_spread_evenly() -> None:
    assert spread(EVERY, 4).tolist() == [0, 1000, 2000, 3000]
    assert spread(EVERY[:3], 4).tolist() == [0, 1, 2]
    assert len(training_rows(1_000_000)) == 160_000
    assert probe_steps(20) == [8, 9, 10, 11, 12, 13, 15, 16, 17, 19, 20]
    assert probe_steps(3) == [3]
