"""The whole build on one screen: read, encode, store, commit.

In: a corpus folder. Out: a new generation of the index, live only once its manifest is in place.
"""

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indexer import __version__
from indexer.analyzer import ANALYZER_VERSION
from indexer.articles import ReadingLog, fingerprint, read_articles
from indexer.catalog import Catalog
from indexer.catalog_writer import CatalogEntry, write_catalog
from indexer.cleaning import CLEANER_VERSION
from indexer.encoder import DEFAULT_ENCODER, EncoderSpec, open_token_counter
from indexer.encoder_files import locate, model_sha256
from indexer.errors import CorpusError, DatelineError, write_failure
from indexer.index_folder import prepare_folder, remove_generations
from indexer.lexical import ARTICLES_FOLDER, REFERENCE_LIMIT, Bm25Engine, write_lexical
from indexer.loaders import SUFFIXES, Corpus, Skip, scan
from indexer.loaders.corpus import MAX_FILE_BYTES
from indexer.lock import writer_lock
from indexer.manifest import (
    FOLDER_MODE,
    Manifest,
    Versions,
    damaged_files,
    generation_folder,
    generations_on_disk,
    hash_files,
    read_manifest,
    sync_tree,
    write_manifest,
)
from indexer.passage_vectors import KnownVectors, known_vectors, write_passage_vectors
from indexer.passages import SPLITTER_VERSION
from indexer.progress import NoProgress, Progress

VERSIONS = Versions(ANALYZER_VERSION, CLEANER_VERSION, SPLITTER_VERSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexConfig:
    """How to build.

    `threads` None means every core. `force` builds an unchanged corpus again, and encodes what has
    a vector already.
    """

    encoder: str = DEFAULT_ENCODER
    bm25: Bm25Engine = "tantivy"
    threads: int | None = None
    max_file_bytes: int = MAX_FILE_BYTES
    force: bool = False


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `size` is of the index, in bytes; `encoded` counts passages."""

    manifest: Manifest
    unchanged: bool
    encoded: int
    skips: tuple[Skip, ...]
    seconds: float
    size: int

    @property
    def removed(self) -> dict[str, int]:
        """Characters that cleaning left out, by reason."""
        return self.manifest.removed

    @property
    def skipped(self) -> dict[str, int]:
        """Files and folders that were left out, by reason."""
        return self.manifest.skipped


def build(
    corpus: Path,
    index: Path,
    config: IndexConfig = IndexConfig(),
    *,
    progress: Progress | None = None,
) -> BuildReport:
    """Build the index of a corpus folder and make it live.

    Whatever happens before the last step, the index that was live stays live.

    Args:
        corpus: a folder of articles.
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
    scanned = scan(corpus, SUFFIXES, ignored=index)
    limit = config.max_file_bytes
    prepare_folder(index, sum(file.size for file in scanned.files if file.size <= limit))
    with writer_lock(index):
        live = _live(index)
        if live and not config.force and _is_current(index, live, scanned, config):
            return _report(index, live, scanned, begun)
        generation = max([0, *generations_on_disk(index), live.generation if live else 0]) + 1
        folder = generation_folder(index, generation)
        try:
            log = ReadingLog()
            known = _known(index, live, config)
            manifest, encoded = _write_generation(folder, scanned, log, config, shown, known)
            write_manifest(index, manifest)
        except BaseException as error:
            _discard(index, generation)
            if isinstance(error, OSError):
                raise write_failure(folder, error) from error
            raise
        finally:
            shown.close()
        # The previous generation stays: readers may still have it open.
        remove_generations(index, {generation, live.generation if live else generation})
    return _report(index, manifest, scanned, begun, encoded)


def _write_generation(
    folder: Path,
    corpus: Corpus,
    log: ReadingLog,
    config: IndexConfig,
    progress: Progress,
    known: KnownVectors | None,
) -> tuple[Manifest, int]:
    """Write every file of a new generation.

    Returns:
        The manifest that would make it live, and how many passages were encoded.
    """
    folder.mkdir(mode=FOLDER_MODE)
    progress.stage("read", len(corpus.files))
    documents, passages = write_catalog(folder, _entries(corpus, log, config, progress), log.skips)
    if not documents:
        raise _no_articles(corpus, log)
    if config.bm25 == "rank-bm25" and passages > REFERENCE_LIMIT:
        raise CorpusError(
            f"rank-bm25 is limited to {REFERENCE_LIMIT:,} passages, since it scans every one of "
            f"them in Python for each question; this corpus has {passages:,}. "
            "Build with --bm25 tantivy"
        )
    with Catalog(folder) as catalog:
        stored = list(catalog.all_passages())
        articles = list(catalog.article_texts())
    texts = [passage.text for passage in stored]
    spec, encoded = write_passage_vectors(
        folder, texts, config.encoder, known=known, threads=config.threads, progress=progress
    )
    progress.stage("store", 3)
    if config.bm25 == "tantivy":
        write_lexical(folder, texts, [passage.heading for passage in stored])
        write_lexical(folder, articles, name=ARTICLES_FOLDER)
    progress.advance()
    sync_tree(folder)
    progress.advance()
    files = hash_files(folder)
    progress.advance()
    manifest = Manifest(
        generation=int(folder.name),
        corpus_root=str(corpus.root),
        corpus_sha256=log.fingerprint,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        built_by=f"Dateline {__version__}",
        encoder=spec,
        bm25=config.bm25,
        versions=VERSIONS,
        documents=documents,
        passages=passages,
        skipped=_reasons(corpus, log),
        removed=dict(sorted(log.removed.items())),
        files=files,
    )
    return manifest, encoded


def _entries(
    corpus: Corpus, log: ReadingLog, config: IndexConfig, progress: Progress
) -> Iterator[CatalogEntry]:
    count_tokens = open_token_counter(config.encoder)
    for entry in read_articles(corpus, config.max_file_bytes, count_tokens, log):
        progress.advance()
        if entry:
            yield entry


def _known(index: Path, live: Manifest | None, config: IndexConfig) -> KnownVectors | None:
    """Return the vectors of the live generation, if they are of the encoder that is asked for."""
    if live is None or config.force or not _is_same_encoder(live.encoder, config.encoder):
        return None
    return known_vectors(index, live)


def _live(index: Path) -> Manifest | None:
    """Return the live manifest; None when there is none or it is damaged: a build mends that."""
    try:
        return read_manifest(index)
    except DatelineError:
        return None


def _is_current(index: Path, live: Manifest, corpus: Corpus, config: IndexConfig) -> bool:
    """Tell whether building again would give the same index; a damaged one is never current."""
    return (
        live.corpus_root == str(corpus.root)
        and _is_same_encoder(live.encoder, config.encoder)
        and live.bm25 == config.bm25
        and live.versions == VERSIONS
        and live.corpus_sha256 == fingerprint(corpus, config.max_file_bytes)
        and not damaged_files(index, live)
    )


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


def _reasons(corpus: Corpus, log: ReadingLog) -> dict[str, int]:
    """Count what was left out, by reason."""
    reasons = [*(skip.reason for skip in corpus.skips), *(skip.reason for skip in log.skips)]
    return dict(sorted(Counter(reasons).items()))


def _no_articles(corpus: Corpus, log: ReadingLog) -> CorpusError:
    left_out = ", ".join(f"{count} {reason}" for reason, count in _reasons(corpus, log).items())
    return CorpusError(
        f"there is no article in {corpus.root}: "
        + (f"everything was left out ({left_out}). " if left_out else "the folder is empty. ")
        + f"Put {' or '.join(sorted(SUFFIXES))} files there"
    )


def _report(
    index: Path, manifest: Manifest, corpus: Corpus, begun: float, encoded: int | None = None
) -> BuildReport:
    """Say what was done, nothing if `encoded` is None; skips are read back from the index."""
    with Catalog(generation_folder(index, manifest.generation)) as catalog:
        read = [Skip(file.path, file.reason, file.detail) for file in catalog.skipped()]
    skips = tuple(sorted([*corpus.skips, *read], key=lambda skip: skip.path))
    size = sum(file.size for file in manifest.files)
    seconds = time.perf_counter() - begun
    return BuildReport(manifest, encoded is None, encoded or 0, skips, seconds, size)
