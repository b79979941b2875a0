"""A snapshot stays open until its last reference is released."""

from pathlib import Path

import pytest

from indexer.errors import IndexFormatError
from retrieval.snapshot import Current, Opener, Snapshot, stamp_of


@pytest.fixture
def snapshot(seeds_index: Path) -> Snapshot:
    return Opener(seeds_index, threads=1).open()


def is_open(snapshot: Snapshot) -> bool:
    try:
        return len(snapshot.store.catalog.doc_ids()) == 5
    except IndexFormatError:  # "it was closed"
        return False


def test_the_last_release_closes_the_files(snapshot: Snapshot) -> None:
    snapshot.acquire()
    snapshot.release()
    assert is_open(snapshot)
    snapshot.release()
    assert not is_open(snapshot)


def test_a_replaced_snapshot_stays_open_while_it_is_held(
    snapshot: Snapshot, seeds_index: Path
) -> None:
    current = Current(snapshot)
    another = Opener(seeds_index, threads=1).open(snapshot)
    with current.held() as held:
        current.replace(another)
        assert held is snapshot
        assert is_open(held)
    assert not is_open(snapshot)
    with current.held() as held:
        assert held is another
    current.close()
    current.close()
    assert not is_open(another)


def test_models_are_reused(snapshot: Snapshot, seeds_index: Path) -> None:
    another = Opener(seeds_index, threads=1).open(snapshot)
    assert another.encoder is snapshot.encoder
    assert another.reader is snapshot.reader
    another.release()
    snapshot.release()


def test_a_closed_one_hands_out_nothing_and_releases_what_it_gets(
    snapshot: Snapshot, seeds_index: Path
) -> None:
    current = Current(snapshot)
    current.close()
    with pytest.raises(ValueError, match="This engine is closed"), current.held():
        pass
    another = Opener(seeds_index, threads=1).open()
    with pytest.raises(ValueError, match="This engine is closed"):
        current.replace(another)
    assert not is_open(another)


def test_an_index_without_a_manifest_has_no_stamp(seeds_index: Path, tmp_path: Path) -> None:
    assert stamp_of(tmp_path) is None
    assert stamp_of(seeds_index) == stamp_of(seeds_index) is not None
