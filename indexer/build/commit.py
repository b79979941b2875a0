"""Commit of a generation: it becomes live at the end, or the old one stays and nothing is left."""

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from indexer.build.reuse import LiveGeneration, live_generation
from indexer.catalog.reader import Catalog
from indexer.catalog.schema import CATALOG_FILE
from indexer.catalog.statistics import guessed_files
from indexer.catalog.writer import update_files
from indexer.corpus.scan import Corpus, Skip
from indexer.documents import SourceFile
from indexer.errors import write_failure
from indexer.storage.folder import remove_generations
from indexer.storage.manifest import (
    FOLDER_MODE,
    Manifest,
    generation_folder,
    generations_on_disk,
    hash_file,
    sync_tree,
    write_manifest,
)

LISTED_FILES = 5
"""Files listed per guessed encoding; the others are only counted."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """Result of a build.

    `encoded` counts passages; `recleaned` articles of the same text of which other paragraphs are
    left out, because lines recur now or no longer do. `skips` lists the first of each reason;
    `size` is the index's, in bytes. `guessed` has the first files of each guessed encoding.
    """

    manifest: Manifest
    unchanged: bool
    encoded: int
    skips: tuple[Skip, ...]
    seconds: float
    size: int
    recleaned: int = 0
    guessed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def removed(self) -> dict[str, int]:
        """Characters that cleaning left out, by reason."""
        return self.manifest.removed

    @property
    def skipped(self) -> dict[str, int]:
        """Files, folders and rows that were left out, by reason."""
        return self.manifest.skipped


def report(
    index: Path,
    manifest: Manifest,
    corpus: Corpus,
    begun: float,
    encoded: int | None = None,
    recleaned: int = 0,
) -> BuildReport:
    """Return the report of a build; `encoded` None means that nothing was built."""
    with Catalog(generation_folder(index, manifest.generation)) as catalog:
        skips = tuple(sorted([*corpus.skips, *catalog.skipped()], key=lambda skip: skip.path))
        guessed = guessed_files(catalog, LISTED_FILES) if manifest.guessed_encodings else {}
    size = sum(file.size for file in manifest.files)
    seconds = time.perf_counter() - begun
    unchanged = encoded is None
    return BuildReport(manifest, unchanged, encoded or 0, skips, seconds, size, recleaned, guessed)


@contextmanager
def committing(index: Path, live: LiveGeneration | None) -> Iterator[int]:
    """Give the number of a new generation; remove its files when it fails before it is live.

    Raises:
        IndexWriteError: in place of an `OSError`.
    """
    generation = max([0, *generations_on_disk(index), live.manifest.generation if live else 0]) + 1
    folder = generation_folder(index, generation)
    try:
        yield generation
    except BaseException as error:
        now = live_generation(index)
        if now is None or now.manifest.generation != generation:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise write_failure(folder, error) from error
        raise


def refresh_file_stats(live: LiveGeneration, corpus: Corpus) -> Manifest:
    """Commit the present paths and times of a corpus without rebuilding.

    Times show cheaply whether a corpus has changed, so they must be the present ones. The new
    generation shares every file but the catalog.

    Args:
        live: an intact generation; the caller holds the writer's lock.
        corpus: the scanned corpus, whose content is what the generation was built from.

    Returns:
        The live manifest: the same one where nothing differs.

    Raises:
        IndexFormatError: when the catalog cannot be read.
        IndexWriteError: when the generation cannot be written.
    """
    index, before = live.index, live.source_files
    now = {
        file.path: SourceFile(
            file.path,
            file.size,
            file.mtime_ns,
            before[file.path].sha256 if file.path in before else "",
        )
        for file in corpus.files
    }
    if now == before and live.manifest.roots == corpus.roots:
        return live.manifest
    with committing(index, live) as generation:
        folder = generation_folder(index, generation)
        _share(live, folder)
        update_files(folder, before, now)
        sync_tree(folder)
        catalog = hash_file(folder, folder / CATALOG_FILE)
        manifest = replace(
            live.manifest,
            generation=generation,
            roots=corpus.roots,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            files=tuple(
                catalog if file.path == CATALOG_FILE else file for file in live.manifest.files
            ),
        )
        write_manifest(index, manifest)
    remove_generations(index, {generation, live.manifest.generation})
    return manifest


def _share(live: LiveGeneration, folder: Path) -> None:
    """Link the files of a generation into a new folder, and copy the catalog, which will change."""
    folder.mkdir(mode=FOLDER_MODE)
    for file in live.manifest.files:
        source, target = live.folder / file.path, folder / file.path
        target.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
        if file.path == CATALOG_FILE:
            shutil.copyfile(source, target)
            continue
        try:
            os.link(source, target)
        except OSError:  # not every file system has links
            shutil.copyfile(source, target)
