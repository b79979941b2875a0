"""The model of languages is unpacked once a machine, and again when what was kept is damaged."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from indexer.encoding.cache_folder import UNFINISHED
from indexer.metadata.language_model import model_arrays


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_model_is_kept_whole_and_mapped_from_then_on(cache: Path) -> None:
    unpacked = model_arrays()
    (kept,) = (cache / "languages-1").iterdir()
    assert not kept.name.startswith(UNFINISHED)
    mapped = model_arrays()
    for name, array in unpacked.items():
        assert not isinstance(array, np.memmap)
        assert isinstance(mapped[name], np.memmap)
        assert not mapped[name].flags.writeable
        assert mapped[name].dtype == array.dtype
        assert np.array_equal(mapped[name], array)
    table = kept / "table.npy"
    table.write_bytes(table.read_bytes()[:-1])  # as a full disk leaves it
    assert np.array_equal(model_arrays()["table"], unpacked["table"])
    assert isinstance(model_arrays()["table"], np.memmap)


def test_without_a_place_to_keep_it_the_model_is_unpacked_each_time(cache: Path) -> None:
    model_arrays()
    (kept,) = (cache / "languages-1").iterdir()
    shutil.rmtree(kept)
    kept.write_text("a file where the folder should be")
    assert not isinstance(model_arrays()["table"], np.memmap)
    assert not isinstance(model_arrays()["table"], np.memmap)
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
