"""Build of an index: scan, compare, write a generation, commit.

`update` brings an existing index up to date in the same way.
"""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from indexer.build.commit import BuildReport, committing, refresh_file_stats, report
from indexer.build.generation import (
    DEFAULT_CONFIG,
    VERSIONS,
    Guard,
    IndexConfig,
    Sources,
    write_generation,
)
from indexer.build.reading import fingerprint, is_readable
from indexer.build.reuse import (
    LiveGeneration,
    is_same_encoder,
    live_generation,
    reusable_articles,
    reusable_vectors,
)
from indexer.build.told_lists import with_lists
from indexer.catalog.previous import count_recleaned
from indexer.catalog.vector_checkpoint import discard_checkpoint
from indexer.corpus.roots import CorpusRoots
from indexer.corpus.scan import Corpus, scan
from indexer.errors import DatelineError, IndexWriteError, update_command
from indexer.loaders.formats.registry import SUFFIXES
from indexer.loaders.optional import installed_since
from indexer.progress import NoProgress, Progress
from indexer.storage.folder import prepare_folder, remove_generations
from indexer.storage.lock import RecordedProgress, writer_lock
from indexer.storage.manifest import Manifest, generation_folder, write_manifest
from indexer.storage.read_settings import ReadSettings

# Measured on 26,634 news articles as JSON: xz packs them 3.9 times, gzip 2.8 times.
_PACKED = (".zip", ".gz", ".tgz", ".xz", ".txz", ".lzma")
_TEXT_PER_PACKED_BYTE = 4

__all__ = ["BuildReport", "IndexConfig", "build"]


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
        IndexWriteError: when the index cannot be written, or holds another corpus.
        EncoderError: when the encoder is missing or altered.
    """
    begun = time.perf_counter()
    scanned = scan(CorpusRoots.of(corpus), SUFFIXES, ignored=index)
    _prepare_folder(index, scanned, config.settings)  # before the lock, which makes a file there
    with writer_lock(index):
        live = live_generation(index)
        if live and not config.replace:
            _check_same_corpus(live, scanned.roots)
        if config.force:
            discard_checkpoint(index)
        return bring_up_to_date(index, live, scanned, config, progress, begun=begun)


def bring_up_to_date(
    index: Path,
    live: LiveGeneration | None,
    corpus: Corpus,
    config: IndexConfig,
    progress: Progress | None,
    guard: Guard | None = None,
    *,
    begun: float,
) -> BuildReport:
    """Commit a generation of a corpus, unless the live one is up to date.

    Args:
        index: the index folder; the caller holds its writer's lock.
        live: the live generation, if there is a readable one.
        corpus: the scanned corpus.
        config: how to build.
        progress: is told about stages; None shows nothing.
        guard: checks what was read, and may refuse it by raising. With a guard, which stands for
            an update, unchanged articles may have moved.
        begun: when the caller began, by `time.perf_counter`.

    Raises:
        DatelineError: as `write_generation` and `guard` raise.
    """
    config = replace(config, settings=with_lists(corpus, config.settings, config.file_seconds))
    if (
        live
        and (guard or live.manifest.roots == corpus.roots)
        and _is_current(live, corpus, config)
    ):
        return report(index, refresh_file_stats(live, corpus), corpus, begun)
    _prepare_folder(index, corpus, config.settings)
    recorded = RecordedProgress(progress or NoProgress(), index)
    with closing(recorded) as shown, committing(index, live) as generation:
        intact = live if live and not live.damage else None
        sources = Sources(
            corpus=corpus,
            config=config,
            progress=shown,
            vectors=reusable_vectors(intact, config) if intact else None,
            previous=reusable_articles(intact, config) if intact else None,
            guard=guard,
        )
        manifest, encoded = write_generation(generation_folder(index, generation), sources)
        write_manifest(index, manifest)
    recleaned = _recleaned(live, generation_folder(index, generation), manifest) if live else 0
    # The previous generation stays: readers may still have it open.
    remove_generations(index, {generation, live.manifest.generation if live else generation})
    discard_checkpoint(index)
    return report(index, manifest, corpus, begun, encoded, recleaned)


def _check_same_corpus(live: LiveGeneration, roots: CorpusRoots) -> None:
    """Refuse to replace the articles of other folders; some may be added to them."""
    index, manifest = live.index, live.manifest
    named = {Path(path).resolve() for path in roots.paths}
    if {Path(path).resolve() for path in manifest.roots.paths} <= named:
        return
    choices = ["name another index with --index; to replace them, add --replace"]
    if len(roots.paths) == len(manifest.roots.paths):
        moved = update_command(index, [Path(path) for path in roots.paths])
        choices.append(f"If the articles have moved, run: {moved}")
    raise IndexWriteError(
        f"The index at {index} holds {manifest.documents:,} articles of {manifest.roots}; a build "
        f"of {roots} would replace them. Nothing was changed. To keep them, {'. '.join(choices)}"
    )


def _prepare_folder(index: Path, corpus: Corpus, settings: ReadSettings) -> None:
    """Make the index folder, if it has room for the text that will be read."""
    text_bytes = sum(
        file.size * (_TEXT_PER_PACKED_BYTE if file.path.lower().endswith(_PACKED) else 1)
        for file in corpus.files
        if is_readable(file, settings)
    )
    prepare_folder(index, text_bytes)


def _is_current(live: LiveGeneration, corpus: Corpus, config: IndexConfig) -> bool:
    """Tell whether rebuilding would give the same index, file locations and mtimes aside.

    Raises:
        EncoderError: when the encoder is missing or altered.
    """
    manifest = live.manifest
    return (
        not config.force
        and manifest.settings == config.settings
        and is_same_encoder(manifest.encoder, config.encoder)
        and manifest.bm25 == config.bm25
        and manifest.versions == VERSIONS
        and not _shows_changes(live, corpus)
        and manifest.corpus_sha256
        == fingerprint(corpus, config.settings, _files_that_count(manifest), config.file_seconds)
        and not installed_since(set(manifest.skipped))
        and not live.damage
    )


def _shows_changes(live: LiveGeneration, corpus: Corpus) -> bool:
    """Tell whether names and sizes alone show that the corpus has changed.

    With a limit they do not: files that nobody read may come and go.
    """
    if live.manifest.settings.limit is not None:
        return False
    try:
        known = live.source_files
    except DatelineError:
        return False
    return len(known) != len(corpus.files) or any(
        (before := known.get(file.path)) is None or (before.sha256 and before.size != file.size)
        for file in corpus.files
    )


def _files_that_count(live: Manifest) -> int | None:
    """Return how many files, the first by path, can change the index; None means every one.

    Only when the limit of articles was reached do later files not matter.
    """
    limit = live.settings.limit
    return live.files_read if limit is not None and live.documents >= limit else None


def _recleaned(live: LiveGeneration, folder: Path, manifest: Manifest) -> int:
    """Count what recurring lines have changed, where nothing else can have changed the cleaning."""
    before = (live.manifest.settings.clean, live.manifest.versions.cleaner)
    if before != (manifest.settings.clean, manifest.versions.cleaner):
        return 0
    return count_recleaned(folder, live.folder)
