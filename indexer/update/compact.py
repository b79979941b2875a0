"""Removal of everything from an index but its live generation, which erases deleted articles."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.catalog.reader import Catalog
from indexer.catalog.vector_checkpoint import checkpoint_files
from indexer.errors import IndexWriteError
from indexer.storage.folder import GENERATION_FILES, stale_generations
from indexer.storage.lock import writer_lock
from indexer.storage.manifest import (
    MANIFEST_FILE,
    Manifest,
    generation_folder,
    generations_on_disk,
    is_lock,
    read_manifest,
    sync_folder,
)
from indexer.storage.staleness import Staleness, staleness

# The corpus is only compared for the report; a slow folder is not waited for.
_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class CompactReport:
    """Result of a compaction: what was removed, and what was not.

    `bytes_freed` counts the sizes of the files; `foreign` are folders named like generations with
    files that no build writes. `stale` is how the corpus differs from the index, by size and mtime;
    None when comparing takes too long.
    """

    generation: int
    removed: tuple[str, ...]
    bytes_freed: int
    foreign: tuple[str, ...]
    stale: Staleness | None


def compact(index: Path) -> CompactReport:
    """Remove everything from an index folder that does not belong to its live generation.

    Whenever it is interrupted, the live generation stays intact and the next call continues.

    Args:
        index: the index folder.

    Raises:
        IndexNotFoundError: when there is no index.
        IndexFormatError: when its manifest is damaged, so that the live generation is unknown.
        IndexLockedError: when another process is writing this index.
        IndexWriteError: when something cannot be removed.
    """
    read_manifest(index)  # a lock is only made where there is an index
    with writer_lock(index):
        live = read_manifest(index)
        removed, freed = [], 0
        for path in _leftovers(index, live):
            freed += _size(path)
            _remove(path)
            removed.append(path.relative_to(index).as_posix())
        sync_folder(index)
        others = set(generations_on_disk(index)) - {live.generation}
        foreign = sorted(generation_folder(index, number).name for number in others)
        return CompactReport(
            live.generation, tuple(removed), freed, tuple(foreign), _stale(index, live)
        )


def _leftovers(index: Path, live: Manifest) -> Iterator[Path]:
    """Yield what does not belong to the live generation, old generations first."""
    yield from stale_generations(index, {live.generation})
    # What a killed writer left behind.
    for path in (*checkpoint_files(index), index / f"{MANIFEST_FILE}.new"):
        if path.exists():
            yield path
    folder = generation_folder(index, live.generation)
    named = {file.path for file in live.files}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        ours = path.is_file() and name.parts[0] in GENERATION_FILES and not is_lock(path)
        if ours and name.as_posix() not in named:
            yield path


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    # A file shared with the live generation stays on the disk.
    found = (file.stat() for file in files if file.is_file())
    return sum(status.st_size for status in found if status.st_nlink == 1)


def _remove(path: Path) -> None:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError as error:
        raise IndexWriteError(
            f"Could not remove {error.filename or path} ({error.strerror}). The index still works. "
            "Close what has it open, or grant write permission, then compact again"
        ) from error


def _stale(index: Path, live: Manifest) -> Staleness | None:
    with Catalog(generation_folder(index, live.generation)) as catalog:
        return staleness(live.roots, index, catalog.files(), _SECONDS)
