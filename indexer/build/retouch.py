"""What if nothing but the places and times of files has changed since an index was built?

Times tell cheaply whether a corpus has changed, so they must be those of now: else every question
would be told that the index is stale. The next generation shares every file but the catalog.
"""

import os
import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from indexer.build.commit import committing, next_generation
from indexer.catalog.reader import Catalog
from indexer.catalog.writer import CATALOG_FILE
from indexer.documents import SourceFile
from indexer.errors import write_failure
from indexer.loaders import Corpus
from indexer.storage.folder import remove_generations
from indexer.storage.manifest import (
    FOLDER_MODE,
    Manifest,
    generation_folder,
    hash_file,
    sync_tree,
    write_manifest,
)

_FILE = "INSERT OR REPLACE INTO files VALUES (?,?,?,?)"
_NO_FILE = "DELETE FROM files WHERE path = ?"


def retouched(index: Path, live: Manifest, corpus: Corpus) -> Manifest:
    """Return the manifest of a generation with the places and times of a corpus, which is live.

    Args:
        index: the index folder; the caller holds its writer's lock.
        live: the live manifest, of a whole generation.
        corpus: the scanned corpus, whose bytes are those that the generation was built from.

    Returns:
        The same manifest, where places and times are the same.

    Raises:
        IndexFormatError: when the catalog cannot be read.
        IndexWriteError: when the generation cannot be written.
    """
    before = generation_folder(index, live.generation)
    with Catalog(before) as catalog:
        known = {file.path: file for file in catalog.files()}
    now = {
        file.path: SourceFile(
            file.path,
            file.size,
            file.mtime_ns,
            known[file.path].sha256 if file.path in known else "",
        )
        for file in corpus.files
    }
    if now == known and live.roots == corpus.roots:
        return live
    generation = next_generation(index, live)
    folder = generation_folder(index, generation)
    with committing(index, generation):
        _share(before, folder, live)
        _write_files(folder / CATALOG_FILE, known, now)
        sync_tree(folder)
        catalog_file = hash_file(folder, folder / CATALOG_FILE)
        manifest = replace(
            live,
            generation=generation,
            roots=corpus.roots,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            files=tuple(catalog_file if file.path == CATALOG_FILE else file for file in live.files),
        )
        write_manifest(index, manifest)
    remove_generations(index, {generation, live.generation})
    return manifest


def _share(before: Path, folder: Path, live: Manifest) -> None:
    """Fill a folder with the files of a generation; the catalog alone is a copy, to be changed."""
    folder.mkdir(mode=FOLDER_MODE)
    for file in live.files:
        target = folder / file.path
        target.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
        if file.path == CATALOG_FILE:
            shutil.copyfile(before / file.path, target)
            continue
        try:
            os.link(before / file.path, target)
        except OSError:  # not every file system has links
            shutil.copyfile(before / file.path, target)


def _write_files(path: Path, known: dict[str, SourceFile], now: dict[str, SourceFile]) -> None:
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.executescript("PRAGMA synchronous=OFF; PRAGMA secure_delete=ON")
            connection.execute("BEGIN")
            connection.executemany(_NO_FILE, [(name,) for name in known.keys() - now.keys()])
            changed = sorted(now.items() - known.items())
            connection.executemany(
                _FILE, [(file.path, file.size, file.mtime_ns, file.sha256) for _, file in changed]
            )
            connection.execute("COMMIT")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise write_failure(path, error) from error
