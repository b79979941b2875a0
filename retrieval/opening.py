"""Which generation is opened, when a build replaces the live one? Has one been replaced?"""

from pathlib import Path
from typing import TypeAlias

from indexer.errors import IndexFormatError
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import MANIFEST_FILE, Manifest, read_manifest

Stamp: TypeAlias = tuple[int, int, int]

_OPEN_ATTEMPTS = 3


def open_store(index: Path, manifest: Manifest) -> tuple[Manifest, LocalStore]:
    """Open a generation; start again from the manifest when a build removed it meanwhile.

    Args:
        index: the index folder.
        manifest: of the generation to open first.

    Returns:
        The manifest of what was opened, and the store.

    Raises:
        IndexNotFoundError: when the index vanished.
        IndexFormatError: when the live generation is damaged, or was replaced each time.
    """
    for _ in range(_OPEN_ATTEMPTS):
        try:
            return manifest, LocalStore(index, manifest)
        except IndexFormatError:
            newer = read_manifest(index)
            if newer.generation == manifest.generation:
                raise
            manifest = newer
    raise IndexFormatError(
        f"the index at {index} was replaced {_OPEN_ATTEMPTS} times while it was opened. Try again"
    )


def stamp_of(index: Path) -> Stamp | None:
    """Return what changes whenever an index is committed: time, size and number of its manifest.

    Two stamps are compared for being equal, never for which is later: clocks jump back.

    Returns:
        None when there is no manifest.
    """
    try:
        found = (index / MANIFEST_FILE).stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino)
