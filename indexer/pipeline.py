"""The whole build on one screen: scan, compare, write a generation, commit.

In: a corpus of folders or files. Out: a new generation of the index, live only once its manifest
is in place.
"""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.catalog import Catalog
from indexer.encoder import EncoderSpec
from indexer.encoder_files import locate, model_sha256
from indexer.errors import DatelineError, write_failure
from indexer.generation import (
    BUILT_BY,
    DEFAULT_CONFIG,
    VERSIONS,
    IndexConfig,
    write_generation,
)
from indexer.index_folder import prepare_folder, remove_generations
from indexer.kept_vectors import discard_kept
from indexer.loaders import SUFFIXES, Corpus, Skip, scan
from indexer.loaders.extras import installed_since
from indexer.lock import writer_lock
from indexer.manifest import (
    Manifest,
    damaged_files,
    generation_folder,
    generations_on_disk,
    read_manifest,
    write_manifest,
)
from indexer.passage_vectors import KnownVectors, known_vectors
from indexer.previous import Previous, previous_in
from indexer.progress import NoProgress, Progress
from indexer.read_settings import ReadSettings
from indexer.reading import fingerprint, is_readable
from indexer.recleaned import count_recleaned
from indexer.roots import CorpusRoots
from indexer.stored_generation import StoredGeneration, read_stored_generation

# Measured on 26,634 news articles as JSON: xz packs them 3.9 times, gzip 2.8 times.
_PACKED = (".zip", ".gz", ".tgz", ".xz", ".txz", ".lzma")
_TEXT_PER_PACKED_BYTE = 4

__all__ = ["BuildReport", "IndexConfig", "build"]


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


def build(
    corpus: Path | Sequence[Path],
    index: Path,
    config: IndexConfig = DEFAULT_CONFIG,
    *,
    progress: Progress | None = None,
) -> BuildReport:
    """Build the index of a corpus and make it live.

    Whatever happens before the last step, the index that was live stays live.

    Args:
        corpus: a folder or file of articles, or several.
        index: the index folder; made when missing.
        config: which encoder and engine, how many threads.
        progress: is told about stages; None shows nothing.

    Raises:
        CorpusError: when the corpus is missing, unreadable, or holds no article.
        IndexLockedError: when another process is writing this index.
        IndexWriteError: when the index cannot be written.
        EncoderError: when the encoder is missing or altered.
    """
    begun = time.perf_counter()
    shown = progress or NoProgress()
    scanned = scan(CorpusRoots.of(corpus), SUFFIXES, ignored=index)
    prepare_folder(index, _bytes_to_read(scanned, config.settings))
    with writer_lock(index):
        live = _live(index)
        if config.force:
            discard_kept(index)
        if live and not config.force and _is_current(index, live, scanned, config):
            return _report(index, live, scanned, begun)
        generation = max([0, *generations_on_disk(index), live.generation if live else 0]) + 1
        folder = generation_folder(index, generation)
        try:
            whole = _whole(index)
            known = _known(index, whole, config)
            previous = _previous(index, live if whole else None, config)
            manifest, encoded = write_generation(folder, scanned, config, shown, known, previous)
            write_manifest(index, manifest)
        except BaseException as error:
            _discard(index, generation)
            if isinstance(error, OSError):
                raise write_failure(folder, error) from error
            raise
        finally:
            shown.close()
        recleaned = _recleaned(index, live, manifest)
        # The previous generation stays: readers may still have it open.
        remove_generations(index, {generation, live.generation if live else generation})
        discard_kept(index)
    return _report(index, manifest, scanned, begun, encoded, recleaned)


def _whole(index: Path) -> StoredGeneration | None:
    """Return the live generation; None when it is damaged: nothing is taken from it."""
    stored = read_stored_generation(index)
    return None if stored is None or damaged_files(index, stored) else stored


def _known(
    index: Path, stored: StoredGeneration | None, config: IndexConfig
) -> KnownVectors | None:
    """Return the vectors of the live generation, if they are of the encoder that is asked for."""
    if stored is None or config.force or not _is_same_encoder(stored.encoder, config.encoder):
        return None
    return known_vectors(index, stored)


def _previous(index: Path, live: Manifest | None, config: IndexConfig) -> Previous | None:
    """Return what may be taken over of the live generation."""
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


def _live(index: Path) -> Manifest | None:
    """Return the live manifest; None when there is none or it is damaged: a build mends that."""
    try:
        return read_manifest(index)
    except DatelineError:
        return None


def _is_current(index: Path, live: Manifest, corpus: Corpus, config: IndexConfig) -> bool:
    """Tell whether building again would give the same index; a damaged one is never current."""
    return (
        live.roots == corpus.roots
        and live.settings == config.settings
        and _is_same_encoder(live.encoder, config.encoder)
        and live.bm25 == config.bm25
        and live.versions == VERSIONS
        and live.corpus_sha256
        == fingerprint(corpus, config.settings, _files_that_count(live), config.file_seconds)
        and not installed_since(set(live.skipped))
        and not damaged_files(index, live)
    )


def _files_that_count(live: Manifest) -> int | None:
    """Return how many files, the first by path, can change the index; None means every one.

    Only when the limit of articles was reached do later files not matter.
    """
    limit = live.settings.limit
    return live.files_read if limit is not None and live.documents >= limit else None


def _is_same_encoder(spec: EncoderSpec, name: str) -> bool:
    """Tell whether a name still means the encoder of the index: a folder may hold another now."""
    files = locate(name)
    same_files = files.folder is None or model_sha256(files) == spec.sha256
    return files.name == spec.name and same_files


def _discard(index: Path, generation: int) -> None:
    """Remove what a failed build wrote; not when the failure came after the commit."""
    live = _live(index)
    if live is None or live.generation != generation:
        shutil.rmtree(generation_folder(index, generation), ignore_errors=True)


def _bytes_to_read(corpus: Corpus, settings: ReadSettings) -> int:
    """Return about how many bytes of text will be read, which tells how much room is needed."""
    return sum(
        file.size * (_TEXT_PER_PACKED_BYTE if file.path.lower().endswith(_PACKED) else 1)
        for file in corpus.files
        if is_readable(file, settings)
    )


def _report(
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
