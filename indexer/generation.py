"""What does a build write? Every file of a generation: catalog, vectors and BM25 index.

In: a scanned corpus. Out: a folder that no reader knows of, and the manifest that would make it
live.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indexer import __version__
from indexer.analyzer import ANALYZER_VERSION
from indexer.articles import catalog_entries, learn_lines
from indexer.catalog import Catalog
from indexer.catalog_writer import CatalogEntry, write_catalog
from indexer.cleaning import CLEANER_VERSION
from indexer.copies_writer import write_copies
from indexer.duplicates import DUPLICATES_VERSION
from indexer.encoder import DEFAULT_ENCODER, EncoderSpec, open_token_counter
from indexer.errors import CorpusError
from indexer.lexical import ARTICLES_FOLDER, REFERENCE_LIMIT, Bm25Engine, write_lexical
from indexer.loaders import LOADERS_VERSION, SUFFIXES, Corpus
from indexer.manifest import FOLDER_MODE, Manifest, Versions, hash_files, sync_tree
from indexer.passage_vectors import KnownVectors, write_passage_vectors
from indexer.passages import SPLITTER_VERSION
from indexer.progress import Progress
from indexer.read_settings import DEFAULT_SETTINGS, ReadSettings
from indexer.reading import read_corpus
from indexer.reading_log import ReadingLog
from indexer.recurring_lines import RecurringLines
from indexer.row_places import write_row_places
from indexer.staging import Staging
from indexer.vector_lists import ListsReport
from indexer.vectors import index_vectors

VERSIONS = Versions(
    ANALYZER_VERSION, CLEANER_VERSION, SPLITTER_VERSION, LOADERS_VERSION, DUPLICATES_VERSION
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexConfig:
    """How to build.

    `threads` None means every core. `force` builds an unchanged corpus again, and encodes what has
    a vector already.
    """

    encoder: str = DEFAULT_ENCODER
    bm25: Bm25Engine = "tantivy"
    threads: int | None = None
    settings: ReadSettings = DEFAULT_SETTINGS
    force: bool = False


DEFAULT_CONFIG = IndexConfig()


def write_generation(
    folder: Path,
    corpus: Corpus,
    config: IndexConfig,
    progress: Progress,
    known: KnownVectors | None = None,
) -> tuple[Manifest, int]:
    """Write every file of a new generation.

    Args:
        folder: the generation's; it must not exist.
        corpus: the scanned corpus.
        config: which encoder and engine, how many threads, how to read.
        progress: is told about stages.
        known: vectors of the same encoder, which are taken; None encodes everything.

    Returns:
        The manifest that would make it live, and how many passages were encoded.

    Raises:
        CorpusError: when there is no article, or too many passages for the reference engine.
        IndexWriteError: when a file cannot be written.
        EncoderError: when the encoder is missing or altered.
        OSError: when the folder cannot be made.
    """
    log = ReadingLog()
    folder.mkdir(mode=FOLDER_MODE)
    with Staging(folder) as staging:
        progress.stage("read", None)
        files_read = read_corpus(corpus, staging, log, config.settings, progress.advance)
        for file in corpus.files[files_read:]:
            log.pass_over(file)
        if not staging.count:
            raise _no_articles(corpus, log)
        removed: Counter[str] = Counter()
        recurring = _learn(staging, config, progress)
        entries = _entries(staging, log, removed, recurring, config, progress)
        documents, passages = write_catalog(
            folder, entries, log.skips, log.files.values(), recurring or ()
        )
    if config.bm25 == "rank-bm25" and passages > REFERENCE_LIMIT:
        raise CorpusError(
            f"rank-bm25 is limited to {REFERENCE_LIMIT:,} passages, since it scans every one of "
            f"them in Python for each question; this corpus has {passages:,}. "
            "Build with --bm25 tantivy"
        )
    copies = write_copies(folder, progress)
    spec, encoded, lists = _write_searchable(folder, config, progress, known)
    with Catalog(folder) as catalog:
        write_row_places(folder, catalog)
        languages = catalog.languages()
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
        built_by=f"Dateline {__version__}",
        encoder=spec,
        bm25=config.bm25,
        versions=VERSIONS,
        documents=documents,
        passages=passages,
        copies=copies.copies,
        copied_reports=copies.reports,
        skipped=_reasons(corpus, log),
        removed=dict(sorted(removed.items())),
        languages=languages,
        files=files,
        vector_lists=lists,
    )
    return manifest, encoded


def _learn(staging: Staging, config: IndexConfig, progress: Progress) -> RecurringLines | None:
    """Learn the lines that recur; None when nothing is to be cleaned."""
    if not config.settings.clean:
        return None
    progress.stage("learn", staging.count)
    return learn_lines(staging, progress.advance)


def _entries(
    staging: Staging,
    log: ReadingLog,
    removed: Counter[str],
    recurring: RecurringLines | None,
    config: IndexConfig,
    progress: Progress,
) -> Iterator[CatalogEntry]:
    progress.stage("clean", staging.count)
    count_tokens = open_token_counter(config.encoder)
    for entry in catalog_entries(staging, log.files, count_tokens, removed, recurring):
        progress.advance()
        yield entry


def _write_searchable(
    folder: Path, config: IndexConfig, progress: Progress, known: KnownVectors | None
) -> tuple[EncoderSpec, int, ListsReport | None]:
    """Write the vectors and the BM25 indexes of the passages and articles in the catalog."""
    with Catalog(folder) as catalog:
        spec, encoded = write_passage_vectors(
            folder, catalog, config.encoder, known=known, threads=config.threads, progress=progress
        )
        progress.stage("store", 4)
        lists = index_vectors(folder, catalog.headline_rows())
        progress.advance()
        if config.bm25 == "tantivy":
            texts = (stored.text for stored in catalog.all_passages())
            write_lexical(folder, texts, (stored.heading for stored in catalog.all_passages()))
            write_lexical(folder, catalog.article_texts(), name=ARTICLES_FOLDER)
    progress.advance()
    return spec, encoded, lists


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
