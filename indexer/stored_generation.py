"""Which generation was live before, also of the index format before this one? For its vectors."""

import json
from dataclasses import dataclass
from pathlib import Path

from indexer.encoder import EncoderSpec
from indexer.manifest import FORMAT_VERSION, MANIFEST_FILE, IndexedFile, checksum_of

_VECTORS_SINCE = 2
"""The first format whose vectors and texts of passages are still read as they are now."""


@dataclass(frozen=True, slots=True)
class StoredGeneration:
    """What is the same in manifests of several formats: enough to take vectors from one."""

    generation: int
    encoder: EncoderSpec
    files: tuple[IndexedFile, ...]


def read_stored_generation(index: Path) -> StoredGeneration | None:
    """Return the live generation of an index of this format or of one before it.

    None when there is none, or its manifest is damaged or too old.
    """
    try:
        stored = json.loads((index / MANIFEST_FILE).read_text(encoding="utf-8"))
        whole = stored.pop("checksum") == checksum_of(stored)
        if not whole or not _VECTORS_SINCE <= stored["format"] <= FORMAT_VERSION:
            return None
        return StoredGeneration(
            stored["generation"],
            EncoderSpec(**stored["encoder"]),
            tuple(IndexedFile(**file) for file in stored["files"]),
        )
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None
