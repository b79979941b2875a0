"""What a stopped build leaves: given back bit for bit, or not at all."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from indexer.catalog.vector_checkpoint import (
    CHECKPOINT_FILE,
    UNKNOWN,
    VectorCheckpoint,
    discard_checkpoint,
)
from indexer.encoding.encoder import EncoderSpec
from indexer.errors import IndexWriteError
from indexer.store import Embeddings

SPEC = EncoderSpec("an encoder", "ab" * 32, 4, 256)
OTHER = EncoderSpec("another", "cd" * 32, 4, 256)
TEXTS = ["The bridge reopened.", "", "Fares rise \ud800 in May."]


def vectors(count: int) -> Embeddings:
    return np.random.default_rng(3).normal(size=(count, 4)).astype(np.float32)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    with VectorCheckpoint(tmp_path, SPEC) as kept:
        kept.add(TEXTS, vectors(3))
    return tmp_path


def test_what_was_added_is_found_in_the_next_build(index: Path) -> None:
    with VectorCheckpoint(index, SPEC) as kept:
        rows = kept.rows_of([TEXTS[2], "unknown", *TEXTS[:2]])
        assert rows[1] == UNKNOWN
        found = kept.vectors(rows[[0, 2, 3]])
    assert np.array_equal(found, vectors(3)[[2, 0, 1]])


def test_nothing_asked_for_gives_no_rows(index: Path) -> None:
    with VectorCheckpoint(index, SPEC) as kept:
        assert kept.rows_of([]).shape == (0,)
        assert kept.vectors(kept.rows_of([])).shape == (0, 4)


def test_many_vectors_are_read_in_the_order_asked_for(tmp_path: Path) -> None:
    texts = [f"Text {i}." for i in range(1200)]
    many = vectors(1200)
    order = np.random.default_rng(4).permutation(1200)
    with VectorCheckpoint(tmp_path, SPEC) as kept:
        kept.add(texts, many)
    with VectorCheckpoint(tmp_path, SPEC) as kept:
        found = kept.vectors(kept.rows_of([texts[i] for i in order]))
    assert np.array_equal(found, many[order])


def test_another_encoder_begins_anew(index: Path) -> None:
    with VectorCheckpoint(index, OTHER) as kept:
        assert (kept.rows_of(TEXTS) == UNKNOWN).all()
    with VectorCheckpoint(index, SPEC) as kept:
        assert (kept.rows_of(TEXTS) == UNKNOWN).all()


def test_a_flipped_bit_is_noticed_and_all_begins_anew(index: Path) -> None:
    with sqlite3.connect(index / CHECKPOINT_FILE) as connection:
        ((vector,),) = connection.execute("SELECT vector FROM vectors WHERE row = 2")
        flipped = bytes([vector[0] ^ 1]) + vector[1:]
        connection.execute("UPDATE vectors SET vector = ? WHERE row = 2", (flipped,))
    connection.close()
    with VectorCheckpoint(index, SPEC) as kept:
        assert (kept.rows_of(TEXTS) == UNKNOWN).all()


@pytest.mark.parametrize("left", [b"", b"SQLite format 3\0 and then nothing of the kind", b"x"])
def test_a_file_that_is_no_database_is_replaced(left: bytes, tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT_FILE).write_bytes(left)
    with VectorCheckpoint(tmp_path, SPEC) as kept:
        kept.add(TEXTS, vectors(3))
    with VectorCheckpoint(tmp_path, SPEC) as kept:
        assert (kept.rows_of(TEXTS) != UNKNOWN).all()


def test_half_a_file_is_replaced(index: Path) -> None:
    path = index / CHECKPOINT_FILE
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with VectorCheckpoint(index, SPEC) as kept:
        assert (kept.rows_of(TEXTS) == UNKNOWN).all()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexWriteError, match=CHECKPOINT_FILE):
        VectorCheckpoint(tmp_path / "absent", SPEC)


def test_the_file_is_removed_with_its_journal(index: Path) -> None:
    (index / f"{CHECKPOINT_FILE}-journal").touch()
    discard_checkpoint(index)
    discard_checkpoint(index)
    assert list(index.iterdir()) == []
