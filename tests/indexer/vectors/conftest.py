"""Vectors in groups, with an inverted file although they are few."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.store import Embeddings
from indexer.vectors.ivf import IvfReport
from indexer.vectors.tuning import build_ivf
from tests.support.index_files import write_rows

COUNT, DIMENSION, GROUPS = 4000, 24, 60


def grouped_rows() -> Embeddings:
    """Return unit rows around centres, as texts about the same things have them."""
    generator = np.random.default_rng(11)
    centres = generator.normal(size=(GROUPS, DIMENSION))
    rows = centres[generator.integers(0, GROUPS, COUNT)]
    rows = rows + 0.5 * generator.normal(size=rows.shape)
    rows[7] = rows[5]  # copies of one text have equal vectors
    units: Embeddings = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return units


@pytest.fixture(scope="module")
def lists_from_few() -> Iterator[None]:
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
def report(folder: Path, lists_from_few: None) -> IvfReport:
    found = build_ivf(folder, np.arange(COUNT)[::9])
    assert found is not None
    return found
