"""A library that is missing is named with the command that installs it."""

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from indexer.corpus.scan import SkippedFileError
from indexer.loaders import optional as extras
from indexer.loaders.optional import LIBRARIES, installed_since, library, missing
from tests.support.commands import REPOSITORY
from tests.support.reading_helpers import read


def without(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(wanted: str) -> ModuleSpec | None:
        return None if wanted == name else importlib.util.find_spec(wanted)

    monkeypatch.setattr(extras, "find_spec", found)


def test_a_file_whose_library_is_missing_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    without("pyarrow", monkeypatch)
    reason = f"needs pyarrow: python -m pip install {LIBRARIES['pyarrow']}"
    assert read(b"PAR1", "x.parquet").why == (reason, "")
    with pytest.raises(SkippedFileError, match="needs pyarrow: python -m pip install pyarrow=="):
        library("pyarrow", "parquet")


def test_what_was_skipped_for_a_library_that_is_there_now_is_worth_another_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert installed_since({"empty file", missing("ijson")})
    assert not installed_since({"empty file"})
    without("ijson", monkeypatch)
    assert not installed_since({missing("ijson")})


def test_the_versions_are_those_of_the_requirements() -> None:
    pinned = Path(REPOSITORY / "requirements.txt").read_text(encoding="utf-8").split()
    assert set(LIBRARIES.values()) <= set(pinned)


@pytest.mark.parametrize("name", sorted(LIBRARIES))
def test_every_library_is_called_as_it_is_imported(name: str) -> None:
    assert library(name).__name__ == name
