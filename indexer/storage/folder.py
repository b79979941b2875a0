"""Index folder: what a build may write there, and what it may remove.

A build replaces and removes only what a build wrote: another folder is refused, and one that
merely has a number for a name (`2023/`) is never taken for a generation.
"""

import shutil
from collections.abc import Iterable, Set
from pathlib import Path

from indexer.catalog.row_map import DOCUMENTS_FILE, PASSAGES_FILE
from indexer.catalog.schema import CATALOG_FILE
from indexer.catalog.staging import STAGING_FILE
from indexer.errors import IndexFormatError, IndexNotFoundError, IndexWriteError, write_failure
from indexer.lexical.schema import ARTICLES_FOLDER, BM25_FOLDER
from indexer.storage.lock import LOCK_FILE
from indexer.storage.manifest import (
    FOLDER_MODE,
    generation_folder,
    generations_on_disk,
    read_manifest,
)
from indexer.vectors.index import VECTORS_FILE
from indexer.vectors.ivf import LISTS_FILE

# Measured with 26,634 articles: an index takes 6.4 times their bytes, its vector lists 0.8 times,
# the checkpoint of vectors until the commit 3.4 times. The text is stored twice, and a passage has
# 1.5 kB of vector. The margin covers the overhead of each file, which counts in small corpora.
_INDEX_BYTES_PER_CORPUS_BYTE = 11
_INDEX_BYTES_MARGIN = 8_000_000

GENERATION_FILES = frozenset(
    {
        CATALOG_FILE,
        f"{CATALOG_FILE}-journal",
        STAGING_FILE,
        VECTORS_FILE,
        LISTS_FILE,
        PASSAGES_FILE,
        DOCUMENTS_FILE,
        BM25_FOLDER,
        ARTICLES_FOLDER,
    }
)
"""Names that only a build writes into the folder of a generation."""


def prepare_folder(index: Path, corpus_bytes: int) -> None:
    """Create the index folder, with room for the index of a corpus of `corpus_bytes`.

    Raises:
        IndexWriteError: when it is another folder, not writable, or its disk too full.
    """
    try:
        if index.exists() and not index.is_dir():
            raise IndexWriteError(
                f"{index} is a file, not an index folder. Name another with --index"
            )
        index.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        held = sorted(entry.name for entry in index.iterdir())
        foreign = bool(held) and not _is_index(index)
        free = shutil.disk_usage(index).free
    except OSError as error:
        raise write_failure(index, error) from error
    if foreign:
        raise IndexWriteError(
            f"{index} is not an index: it holds {held[0]!r}. Name an empty or a new "
            "folder with --index"
        )
    needed = _INDEX_BYTES_PER_CORPUS_BYTE * corpus_bytes + _INDEX_BYTES_MARGIN
    if free < needed:
        raise IndexWriteError(
            f"Not enough disk space at {index}: {free / 1e6:,.0f} MB free, about "
            f"{needed / 1e6:,.0f} MB needed. Free some space, or choose another place with --index"
        )


def remove_generations(index: Path, keep: Iterable[int]) -> None:
    """Remove every other generation, as far as that is possible."""
    for folder in stale_generations(index, keep):
        shutil.rmtree(folder, ignore_errors=True)


def stale_generations(index: Path, keep: Iterable[int]) -> list[Path]:
    """Return the folders of all other generations; never one with files that we did not write."""
    numbers = sorted(set(generations_on_disk(index)) - set(keep))
    folders = [generation_folder(index, number) for number in numbers]
    return [folder for folder in folders if folder.is_dir() and _names(folder) <= GENERATION_FILES]


def _is_index(index: Path) -> bool:
    """Tell whether a folder is an index, be it damaged or unfinished."""
    try:
        read_manifest(index)
    except IndexNotFoundError:
        return (index / LOCK_FILE).is_file()
    except IndexFormatError:
        return any(
            CATALOG_FILE in _names(generation_folder(index, generation))
            for generation in generations_on_disk(index)
            if generation_folder(index, generation).is_dir()
        )
    return True


def _names(folder: Path) -> Set[str]:
    return {entry.name for entry in folder.iterdir()}
