"""How does a new generation become live, and what is left when that fails?

In: a scanned corpus, under the writer's lock. Out: a new live generation, or the old one untouched.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.build.generation import (
    BUILT_BY,
    VERSIONS,
    IndexConfig,
    Inspection,
    Sources,
    write_generation,
)
from indexer.build.passage_vectors import KnownVectors, known_vectors
from indexer.build.reuse import is_same_encoder
from indexer.catalog.previous import Previous, count_recleaned, previous_in
from indexer.catalog.reader import Catalog
from indexer.catalog.vector_checkpoint import discard_checkpoint
from indexer.corpus.scan import Corpus, Skip
from indexer.errors import DatelineError, write_failure
from indexer.progress import Progress
from indexer.storage.folder import remove_generations
from indexer.storage.manifest import (
    Manifest,
    damaged_files,
    generation_folder,
    generations_on_disk,
    read_manifest,
    write_manifest,
)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    `encoded` counts passages; `recleaned` articles of the same text of which other paragraphs are
    left out, because lines recur now or no longer do. `skips` lists the first of each reason;
    `size` is the index's, in bytes.
    """

    manifest: Manifest
    unchanged: bool
    encoded: int
    skips: tuple[Skip, ...]
    seconds: float
    size: int
    recleaned: int = 0

    @property
    def removed(self) -> dict[str, int]:
        """Characters that cleaning left out, by reason."""
        return self.manifest.removed

    @property
    def skipped(self) -> dict[str, int]:
        """Files, folders and rows that were left out, by reason."""
        return self.manifest.skipped


def commit_generation(
    index: Path,
    live: Manifest | None,
    corpus: Corpus,
    config: IndexConfig,
    progress: Progress,
    *,
    begun: float,
    is_whole: bool = False,
    inspect: Inspection | None = None,
) -> BuildReport:
    """Write a generation and make it live; whatever happens before that, the old one stays live.

    Args:
        index: the index folder; the caller holds its writer's lock.
        live: the manifest that is live; None when there is none, or it is damaged.
        corpus: the scanned corpus.
        config: how to build.
        progress: is told about stages, and closed.
        begun: when the caller began, by `time.perf_counter`.
        is_whole: the caller has hashed every file of the live generation, and found it whole.
        inspect: looks at what was read, and may refuse it by raising.

    Raises:
        DatelineError: as `write_generation` and `inspect` raise.
    """
    generation = next_generation(index, live)
    folder = generation_folder(index, generation)
    with closing(progress), committing(index, generation):
        whole = live if live and (is_whole or not damaged_files(index, live)) else None
        sources = Sources(
            corpus=corpus,
            config=config,
            progress=progress,
            known=_known(index, whole, config),
            previous=_previous(index, whole, config),
            inspect=inspect,
        )
        manifest, encoded = write_generation(folder, sources)
        write_manifest(index, manifest)
    recleaned = _recleaned(index, live, manifest)
    # The previous generation stays: readers may still have it open.
    remove_generations(index, {generation, live.generation if live else generation})
    discard_checkpoint(index)
    return report(index, manifest, corpus, begun, encoded, recleaned)


def next_generation(index: Path, live: Manifest | None) -> int:
    """Return the number of the generation that is written next: no folder has it."""
    return max([0, *generations_on_disk(index), live.generation if live else 0]) + 1


@contextmanager
def committing(index: Path, generation: int) -> Iterator[None]:
    """Remove what was written of a generation when it fails before it is live.

    Raises:
        IndexWriteError: in place of an `OSError`.
    """
    try:
        yield
    except BaseException as error:
        _discard(index, generation)
        if isinstance(error, OSError):
            raise write_failure(generation_folder(index, generation), error) from error
        raise


def live_manifest(index: Path) -> Manifest | None:
    """Return the live manifest; None when there is none or it is damaged: a build mends that."""
    try:
        return read_manifest(index)
    except DatelineError:
        return None


def report(
    index: Path,
    manifest: Manifest,
    corpus: Corpus,
    begun: float,
    encoded: int | None = None,
    recleaned: int = 0,
) -> BuildReport:
    """Say what was done, nothing if `encoded` is None; what reading left out is in the index."""
    with Catalog(generation_folder(index, manifest.generation)) as catalog:
        skips = tuple(sorted([*corpus.skips, *catalog.skipped()], key=lambda skip: skip.path))
    size = sum(file.size for file in manifest.files)
    seconds = time.perf_counter() - begun
    return BuildReport(manifest, encoded is None, encoded or 0, skips, seconds, size, recleaned)


def _known(index: Path, live: Manifest | None, config: IndexConfig) -> KnownVectors | None:
    """Return the vectors of a whole generation, if they are of the encoder that is asked for."""
    if live is None or config.force or not is_same_encoder(live.encoder, config.encoder):
        return None
    return known_vectors(index, live)


def _previous(index: Path, live: Manifest | None, config: IndexConfig) -> Previous | None:
    """Return what may be taken over of a whole generation."""
    if live is None:
        return None
    alike = not config.force and live.versions == VERSIONS and live.built_by == BUILT_BY
    read = (live.settings.columns, live.settings.max_bytes, live.settings.limit)
    wanted = (config.settings.columns, config.settings.max_bytes, None)
    folder = generation_folder(index, live.generation)
    return previous_in(folder, articles=alike, files=alike and read == wanted)


def _recleaned(index: Path, live: Manifest | None, manifest: Manifest) -> int:
    """Count what recurring lines have changed, where nothing else can have changed the cleaning."""
    if live is None or live.settings.clean != manifest.settings.clean:
        return 0
    if live.versions.cleaner != manifest.versions.cleaner:
        return 0
    folders = (generation_folder(index, number.generation) for number in (manifest, live))
    return count_recleaned(*folders)


def _discard(index: Path, generation: int) -> None:
    """Remove what a failed build wrote; not when the failure came after the commit."""
    live = live_manifest(index)
    if live is None or live.generation != generation:
        shutil.rmtree(generation_folder(index, generation), ignore_errors=True)
