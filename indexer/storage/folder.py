"""What may a build write at this place, and what may it remove?

Only what a build made is ever replaced or removed: a folder that is no index is refused, and a
folder that merely has a number for a name (`2023/`) is never taken for a generation.
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

# Measured with 26,634 articles: an index takes 6.4 times their bytes, the lists of the vectors 0.8
# times; until the commit, what was encoded is kept beside it, another 3.4 times. The text stands
# there twice, and a passage has 1.5 kB of vector. The margin covers small corpora, where each
# file's own overhead counts.
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
"""What a build writes into the folder of a generation, and nobody else."""


def prepare_folder(index: Path, corpus_bytes: int) -> None:
    """Make the index folder.

    Args:
        index: where the index is or will be.
        corpus_bytes: the size of the articles, which tells how much room the index needs.

    Raises:
        IndexWriteError: when the place is not ours, is not writable, or has too little room.
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
            f"too little disk space at {index}: {free / 1e6:,.0f} MB free, about "
            f"{needed / 1e6:,.0f} MB needed. Free some, or name another place with --index"
        )


def remove_generations(index: Path, kept: Iterable[int]) -> None:
    """Remove every generation but those that are kept, as far as that is possible."""
    for folder in generations_but(index, kept):
        shutil.rmtree(folder, ignore_errors=True)


def generations_but(index: Path, kept: Iterable[int]) -> list[Path]:
    """Return the folder of every generation but those that are kept; folders of others are none."""
    numbers = sorted(set(generations_on_disk(index)) - set(kept))
    folders = [generation_folder(index, number) for number in numbers]
    return [folder for folder in folders if folder.is_dir() and _names(folder) <= GENERATION_FILES]


def _is_index(index: Path) -> bool:
    """Tell whether a folder is an index: a whole one, a damaged one, or one that was begun."""
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
