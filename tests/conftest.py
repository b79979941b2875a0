"""What the tests share: real indexes, built once per run."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.build.pipeline import IndexConfig, build
from retrieval import SearchEngine, snapshot
from retrieval.readers import trained
from retrieval.settings import Thresholds

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name bytes by their kind: archives hold the time, and processes must agree on the names."""
    return "bytes" if isinstance(val, bytes) else None


@pytest.fixture(scope="session", autouse=True)
def encoder_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The cache of this run: one export for all tests, and nothing in the user's own."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATELINE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def patient_opening() -> Iterator[None]:
    """Let opening wait for the listing of the corpus, however busy the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot, "_STALENESS_SECONDS", 60.0)
        yield


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the five articles; a test that changes an index copies it first."""
    index = tmp_path_factory.mktemp("seeds") / "index"
    build(SEEDS, index, IndexConfig(threads=2))  # more only wait for each other on a busy machine
    return index


@pytest.fixture(scope="session")
def engine(seeds_index: Path) -> Iterator[SearchEngine]:
    """An engine over the five articles."""
    with SearchEngine.open(seeds_index) as opened:
        yield opened


@pytest.fixture
def only_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the bundled reader confirm no answer and call every other one possible."""
    thresholds = Thresholds(related=0.0, possible=0.0, answered=2.0)
    monkeypatch.setattr(trained, "READER_THRESHOLDS", thresholds)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder in which a user without privileges may do everything; pytest's own are private."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-test-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
