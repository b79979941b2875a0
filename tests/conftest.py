"""What the tests share: real indexes, built once per run."""

from pathlib import Path

import pytest

from indexer.pipeline import build

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the five articles; a test that changes an index copies it first."""
    index = tmp_path_factory.mktemp("seeds") / "index"
    build(SEEDS, index)
    return index
