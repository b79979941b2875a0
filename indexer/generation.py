"""What does a build write? Every file of a generation: catalog, vectors and BM25 index.

In: a scanned corpus. Out: a folder that no reader knows of, and the manifest that would make it
live.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indexer import __version__
from indexer.analyzer import ANALYZER_VERSION
from indexer.article_work import prepare
from indexer.articles import Making, catalog_entries, learn_lines
from indexer.catalog import Catalog
from indexer.catalog_writer import MadeEntry, TakenEntry, write_catalog
from indexer.cleaning import CLEANER_VERSION
from indexer.copies_writer import find_stored_copies, write_copies
from indexer.duplicates import DUPLICATES_VERSION
from indexer.encoder import DEFAULT_ENCODER, EncoderSpec, tokenizer_file
from indexer.errors import CorpusError
from indexer.lexical_reference import REFERENCE_LIMIT
from indexer.lexical_schema import Bm25Engine
from indexer.lexical_writing import LEXICAL_FILES, LexicalFiles
from indexer.list_choice import index_vectors
from indexer.loaders import LOADERS_VERSION, SUFFIXES, Corpus
from indexer.manifest import FOLDER_MODE, Manifest, Versions, hash_files, sync_tree
from indexer.passage_vectors import KnownVectors, write_passage_vectors
from indexer.passages import SPLITTER_VERSION
from indexer.patient_reading import FILE_SECONDS
from indexer.progress import Progress
from indexer.read_settings import DEFAULT_SETTINGS, ReadSettings
from indexer.reading import read_corpus
from indexer.reading_log import ReadingLog
from indexer.removed_text import removed_characters
from indexer.reuse import Previous
from indexer.row_places import write_row_places
from indexer.staging import Staging
from indexer.vector_lists import ListsReport
from indexer.workers import Workers

VERSIONS = Versions(
    ANALYZER_VERSION, CLEANER_VERSION, SPLITTER_VERSION, LOADERS_VERSION, DUPLICATES_VERSION
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexConfig:
    """How to build.

    `threads` None means every core. `force` builds an unchanged corpus again, takes nothing over
    and encodes what has a vector already. `file_seconds` is how long a file is waited for.
    """

    encoder: str = DEFAULT_ENCODER
    bm25: Bm25Engine = "tantivy"
    threads: int | None = None
    settings: ReadSettings = DEFAULT_SETTINGS
    force: bool = False
    file_seconds: float = FILE_SECONDS


DEFAULT_CONFIG = IndexConfig()

BUILT_BY = f"Dateline {__version__}"

# Helpers take a second to start, in which one process makes a hundred articles.
WORTH_HELPERS = 300

Inspection = Callable[[Staging, ReadingLog], None]
"""Looks at all that was read before anything is made of it, and raises to refuse it."""


def write_generation(
    folder: Path,
    corpus: Corpus,
    config: IndexConfig,
    progress: Progress,
    known: KnownVectors | None = None,
    previous: Previous | None = None,
    *,
    inspect: Inspection | None = None,
) -> tuple[Manifest, int]:
    """Write every file of a new generation.

    Args:
        folder: the generation's; it must not exist.
        corpus: the scanned corpus.
        config: which encoder and engine, how many threads, how to read.
        progress: is told about stages.
        known: vectors of the same encoder, which are taken; None encodes everything.
        previous: the generation before, of which what has not changed is taken over.
        inspect: decides whether what was read may become a generation; None refuses no article.

    Returns:
        The manifest that would make it live, and how many passages were encoded.

    Raises:
        CorpusError: when there is no article, or too many passages for the reference engine.
        IndexWriteError: when a file cannot be written.
        EncoderError: when the encoder is missing or altered.
        WorkerError: when a process that helps was killed.
        OSError: when the folder cannot be made.
    """
    log = ReadingLog()
    folder.mkdir(mode=FOLDER_MODE)
    live = previous.folder if previous else None
    with (
        Staging(folder, previous) as staging,
        LexicalFiles(folder, config.bm25, live) as lexical,
    ):
        with Workers(config.threads) as workers:
            progress.stage("read", None)

            def on_article() -> None:
                progress.advance()
                # Meanwhile, since one process reads; where most is taken over, few are made.
                if staging.count == WORTH_HELPERS and not (previous and previous.articles):
                    workers.prepare(prepare, tokenizer_file(config.encoder))

            files_read = read_corpus(
                corpus, staging, log, config.settings, on_article, config.file_seconds
            )
            for file in corpus.files[files_read:]:
                log.pass_over(file)
            if inspect:
                inspect(staging, log)
            elif not staging.count:
                raise _no_articles(corpus, log)
            if staging.count < WORTH_HELPERS:
                workers.work_here()
            documents, passages = _write_articles(
                folder, staging, log, config, progress, live, workers, lexical
            )
        _check_engine(config, passages)
        committed = lexical.commit()
        found = find_stored_copies(folder, progress)
        spec, encoded, lists = _write_vectors(folder, config, progress, known)
        for each in committed:
            each.result()
            progress.advance()
    copies = write_copies(folder, found)
    with Catalog(folder) as catalog:
        write_row_places(folder, catalog)
        languages = catalog.languages()
        removed = removed_characters(catalog)
    sync_tree(folder)
    progress.advance()
    files = hash_files(folder)
    progress.advance()
    manifest = Manifest(
        generation=int(folder.name),
        roots=corpus.roots,
        settings=config.settings,
        files_read=files_read,
        corpus_sha256=log.fingerprint,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        built_by=BUILT_BY,
        encoder=spec,
        bm25=config.bm25,
        versions=VERSIONS,
        documents=documents,
        passages=passages,
        copies=copies.copies,
        copied_reports=copies.reports,
        skipped=_reasons(corpus, log),
        removed=removed,
        languages=languages,
        files=files,
        vector_lists=lists,
    )
    return manifest, encoded


def _write_articles(
    folder: Path,
    staging: Staging,
    log: ReadingLog,
    config: IndexConfig,
    progress: Progress,
    live: Path | None,
    workers: Workers,
    lexical: LexicalFiles,
) -> tuple[int, int]:
    """Write the catalog and return how many documents and passages it holds."""
    learned = None
    if config.settings.clean:
        progress.stage("learn", staging.count)
        learned = learn_lines(staging, workers, progress.advance)
    progress.stage("clean", staging.count)
    making = Making(tokenizer_file(config.encoder), workers, learned)

    def entries() -> Iterator[MadeEntry | TakenEntry]:
        for entry in catalog_entries(staging, log.files, making):
            lexical.add(entry)
            progress.advance()
            yield entry

    return write_catalog(
        folder,
        entries(),
        log.skips,
        log.files.values(),
        learned.lines if learned else (),
        whole_files=log.whole_files,
        previous=live,
    )


def _write_vectors(
    folder: Path, config: IndexConfig, progress: Progress, known: KnownVectors | None
) -> tuple[EncoderSpec, int, ListsReport | None]:
    """Write the vectors of the passages in the catalog."""
    with Catalog(folder) as catalog:
        spec, encoded = write_passage_vectors(
            folder, catalog, config.encoder, known=known, threads=config.threads, progress=progress
        )
        progress.stage("store", 3 + LEXICAL_FILES)
        lists = index_vectors(folder, catalog.headline_rows(), config.threads)
        progress.advance()
    return spec, encoded, lists


def _check_engine(config: IndexConfig, passages: int) -> None:
    if config.bm25 == "rank-bm25" and passages > REFERENCE_LIMIT:
        raise CorpusError(
            f"rank-bm25 is limited to {REFERENCE_LIMIT:,} passages, since it scans every one of "
            f"them in Python for each question; this corpus has {passages:,}. "
            "Build with --bm25 tantivy"
        )


def _reasons(corpus: Corpus, log: ReadingLog) -> dict[str, int]:
    """Count what was left out, by reason."""
    return dict(sorted((log.reasons + Counter(skip.reason for skip in corpus.skips)).items()))


def _no_articles(corpus: Corpus, log: ReadingLog) -> CorpusError:
    left_out = ", ".join(f"{count} {reason}" for reason, count in _reasons(corpus, log).items())
    return CorpusError(
        f"there is no article in {corpus.roots}: "
        + (f"everything was left out ({left_out}). " if left_out else "the folder is empty. ")
        + f"These formats are read: {' '.join(sorted(SUFFIXES))}"
    )
