"""After any sequence of updates an index is the one that a fresh build makes.

With `DATELINE_SEQUENCES=200` in the environment, 200 random sequences are tried; without it, the
same few each time.
"""

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indexer.build.pipeline import IndexConfig, build
from indexer.storage.manifest import read_manifest
from indexer.storage.verify import verify
from indexer.update.update import UpdateConfig, update
from indexer.vectors.ivf import LISTS_FILE
from indexer.vectors.tuning import build_ivf
from tests.scenarios.updates.sequences import (
    KINDS,
    Change,
    answers,
    apply,
    differences,
    write_first,
)
from tests.support.builders import unit_rows
from tests.support.index_files import write_rows

LONG = os.environ.get("DATELINE_SEQUENCES")
EXAMPLES = int(LONG or 6)
THREE = (Phase.explicit, Phase.reuse, Phase.generate)  # to shrink takes longer than to read
ANYTHING = UpdateConfig(allow_empty=True, allow_deletions=True, threads=1)

NUMBERS = st.integers(0, 19)
CHANGES: st.SearchStrategy[Change] = st.tuples(st.sampled_from(KINDS), NUMBERS, NUMBERS)
SEQUENCES = st.lists(st.lists(CHANGES, min_size=1, max_size=6), min_size=1, max_size=3)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that each sequence begins with, and its index."""
    place = tmp_path_factory.mktemp("sequences")
    write_first(place / "news")
    build(place / "news", place / "index", IndexConfig(threads=1))
    return place


@settings(
    max_examples=EXAMPLES,
    derandomize=not LONG,
    database=None,
    deadline=None,
    phases=THREE,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(sequence=SEQUENCES)
def test_any_sequence_of_updates_ends_as_a_fresh_build(
    first: Path, sequence: list[list[Change]]
) -> None:
    with tempfile.TemporaryDirectory() as made:
        place = Path(shutil.copytree(first, Path(made) / "place"))
        config = replace(ANYTHING, corpus=(place / "news",))
        for changes in sequence:
            for change in changes:
                apply(place / "news", change)
            update(place / "index", config)
        build(place / "news", place / "fresh", IndexConfig(threads=1))
        assert list(differences(place / "index", place / "fresh")) == []
        assert answers(place / "index") == answers(place / "fresh")
        assert verify(place / "index") == []


def test_a_sequence_with_every_kind_of_change_ends_as_a_fresh_build(
    first: Path, tmp_path: Path
) -> None:
    place = Path(shutil.copytree(first, tmp_path / "place"))
    news, index = place / "news", place / "index"
    update(index, UpdateConfig(corpus=(news,), threads=1))
    for step, kind in enumerate((*KINDS, "add", "print below", "delete")):
        apply(news, (kind, 2 * step + 1, step + 1))
        update(index, ANYTHING)
    assert read_manifest(index).generation > len(KINDS)
    build(news, place / "fresh", IndexConfig(threads=1))
    assert list(differences(index, place / "fresh")) == []
    assert answers(index) == answers(place / "fresh")


def test_a_difference_is_seen(first: Path, tmp_path: Path) -> None:
    place = Path(shutil.copytree(first, tmp_path / "place"))
    apply(place / "news", ("edit", 1, 1))
    build(place / "news", place / "fresh", IndexConfig(threads=1))
    found = {
        difference.partition(":")[0] for difference in differences(first / "index", place / "fresh")
    }
    assert {"manifest", "table documents", "table passages", "vectors"} <= found


def test_the_same_vectors_give_the_same_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that answers are the same where vectors are found through lists, too."""
    monkeypatch.setattr("indexer.vectors.tuning.LISTS_FROM", 1000)
    vectors = unit_rows(6000, dimension=32)
    written = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        write_rows(tmp_path / name, vectors)
        report = build_ivf(tmp_path / name, np.arange(0, 6000, 7))
        written.append((report, (tmp_path / name / LISTS_FILE).read_bytes()))
    assert written[0] == written[1]
