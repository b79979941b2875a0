"""What if nothing but the places and times of files has changed since an index was built?

Times tell cheaply whether a corpus has changed, so they must be those of now: else every question
would be told that the index is stale. The next generation shares every file but the catalog.
"""

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from indexer.build.commit import committing, next_generation
from indexer.catalog.reader import Catalog
from indexer.catalog.schema import CATALOG_FILE
from indexer.catalog.writer import update_files
from indexer.corpus.scan import Corpus
from indexer.documents import SourceFile
from indexer.storage.folder import remove_generations
from indexer.storage.manifest import (
    FOLDER_MODE,
    Manifest,
    generation_folder,
    hash_file,
    sync_tree,
    write_manifest,
)


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
        update_files(folder, known, now)
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
