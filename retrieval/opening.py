"""Which generation is opened, when a build replaces the live one meanwhile?"""

from pathlib import Path

from indexer.errors import IndexFormatError
from indexer.local_store import LocalStore
from indexer.manifest import Manifest, read_manifest

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
