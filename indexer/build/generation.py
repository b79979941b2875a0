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
from indexer.build.articles import EntryMaker, LearnedLines, learn_lines, load_models
from indexer.build.bm25_files import LEXICAL_FILES, LexicalFiles
from indexer.build.mark_copies import find_stored_copies
from indexer.build.passage_vectors import KnownVectors, write_passage_vectors
from indexer.build.passages import SPLITTER_VERSION
from indexer.build.reading import ReadingLog, read_corpus
from indexer.build.workers import Workers
from indexer.catalog.previous import Previous
from indexer.catalog.reader import Catalog
from indexer.catalog.row_map import write_row_map
from indexer.catalog.staging import Staging
from indexer.catalog.statistics import count_languages, removed_characters
from indexer.catalog.writer import NewEntry, ReusedEntry, write_catalog, write_copies
from indexer.cleaning.cleaner import CLEANER_VERSION
from indexer.corpus.files import FILE_SECONDS
from indexer.corpus.scan import Corpus
from indexer.dedup.copies import DEDUP_VERSION
from indexer.encoding.encoder import EncoderSpec, tokenizer_file
from indexer.encoding.model_files import DEFAULT_ENCODER
from indexer.errors import CorpusError
from indexer.lexical.reference import REFERENCE_LIMIT
from indexer.lexical.schema import Bm25Engine
from indexer.loaders.formats.registry import LOADERS_VERSION, SUFFIXES
from indexer.progress import Progress
from indexer.storage.manifest import FOLDER_MODE, Manifest, Versions, hash_files, sync_tree
from indexer.storage.read_settings import DEFAULT_SETTINGS, ReadSettings
from indexer.text.analyzer import ANALYZER_VERSION
from indexer.vectors.ivf import IvfReport
from indexer.vectors.tuning import build_ivf

VERSIONS = Versions(
    ANALYZER_VERSION, CLEANER_VERSION, SPLITTER_VERSION, LOADERS_VERSION, DEDUP_VERSION
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexConfig:
    """How to build.

    `threads` None means every core. `force` builds an unchanged corpus again, takes nothing over
    and encodes what has a vector already. `replace` allows a build over the index of another
    corpus. `file_seconds` is how long a file is waited for.
    """

    encoder: str = DEFAULT_ENCODER
    bm25: Bm25Engine = "tantivy"
    threads: int | None = None
    settings: ReadSettings = DEFAULT_SETTINGS
    force: bool = False
    replace: bool = False
    file_seconds: float = FILE_SECONDS


DEFAULT_CONFIG = IndexConfig()

BUILT_BY = f"Dateline {__version__}"

# Helpers take a second to start, in which one process makes a hundred articles.
WORTH_WORKERS = 300

Inspection = Callable[[Staging, ReadingLog], None]
"""Looks at all that was read before anything is made of it, and raises to refuse it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a generation is made from, and who hears of it.

    `known` are vectors of the same encoder, which are taken; None encodes everything. Of
    `previous`, the generation before, what has not changed is taken over. `inspect` decides whether
    what was read may become a generation; None refuses no article.
    """

    corpus: Corpus
    config: IndexConfig
    progress: Progress
    known: KnownVectors | None = None
    previous: Previous | None = None
    inspect: Inspection | None = None

    @property
    def live(self) -> Path | None:
        """The folder of the generation before."""
        return self.previous.folder if self.previous else None


@dataclass(frozen=True, slots=True)
class _Articles:
    """What reading and cleaning have put into the catalog."""

    log: ReadingLog
    files_read: int
    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class _Vectors:
    """What encoding has put beside the catalog."""

    spec: EncoderSpec
    encoded: int
    lists: IvfReport | None


def write_generation(folder: Path, sources: Sources) -> tuple[Manifest, int]:
    """Write every file of a new generation into a folder, which must not exist.

    Returns:
        The manifest that would make it live, and how many passages were encoded.

    Raises:
        CorpusError: when there is no article, or too many passages for the reference engine.
        IndexWriteError: when a file cannot be written.
        EncoderError: when the encoder is missing or altered.
        WorkerError: when a process that helps was killed.
        OSError: when the folder cannot be made.
    """
    folder.mkdir(mode=FOLDER_MODE)
    with (
        Staging(folder, sources.previous) as staging,
        LexicalFiles(folder, sources.config.bm25, sources.live) as lexical,
    ):
        articles = _write_articles(folder, sources, staging, lexical)
        _check_engine(sources.config, articles.passages)
        committed = lexical.commit()
        copies = find_stored_copies(folder, sources.progress)
        vectors = _write_vectors(folder, sources)
        for each in committed:
            each.result()
            sources.progress.advance()
    write_copies(folder, copies)
    return _manifest(folder, sources, articles, copies, vectors), vectors.encoded


def _write_articles(
    folder: Path, sources: Sources, staging: Staging, lexical: LexicalFiles
) -> _Articles:
    """Read the corpus and write the catalog."""
    log = ReadingLog()
    with Workers(sources.config.threads) as workers:
        files_read = _read(sources, staging, log, workers)
        if sources.inspect:
            sources.inspect(staging, log)
        elif not staging.count:
            raise _no_articles(sources.corpus, log)
        if staging.count < WORTH_WORKERS:
            workers.run_inline()
        learned = _learned(sources, staging, workers)
        maker = EntryMaker(tokenizer_file(sources.config.encoder), workers, learned)
        documents, passages = write_catalog(
            folder,
            _entries(sources, staging, log, maker, lexical),
            log.skips,
            log.files.values(),
            learned.lines if learned else (),
            whole_files=log.whole_files,
            previous=sources.live,
        )
    return _Articles(log, files_read, documents, passages)


def _read(sources: Sources, staging: Staging, log: ReadingLog, workers: Workers) -> int:
    """Stage every article of the corpus and return how many files were read."""
    config, previous = sources.config, sources.previous
    sources.progress.stage("read", None)

    def on_article() -> None:
        sources.progress.advance()
        # Meanwhile, since one process reads; where most is taken over, few are made.
        if staging.count == WORTH_WORKERS and not (previous and previous.articles):
            workers.warm_up(load_models, tokenizer_file(config.encoder))

    read_corpus(sources.corpus, staging, log, config.settings, on_article, config.file_seconds)
    return log.files_read


def _learned(sources: Sources, staging: Staging, workers: Workers) -> LearnedLines | None:
    """Return the lines that recur; None where nothing is cleaned."""
    if not sources.config.settings.clean:
        return None
    sources.progress.stage("learn", staging.count)
    return learn_lines(staging, workers, sources.progress.advance)


def _entries(
    sources: Sources, staging: Staging, log: ReadingLog, maker: EntryMaker, lexical: LexicalFiles
) -> Iterator[NewEntry | ReusedEntry]:
    """Yield what enters the catalog, and add it to the BM25 indexes."""
    sources.progress.stage("clean", staging.count)
    for entry in maker.entries(staging, log.files):
        lexical.add(entry)
        sources.progress.advance()
        yield entry


def _write_vectors(folder: Path, sources: Sources) -> _Vectors:
    """Write the vectors of the passages in the catalog."""
    config, progress = sources.config, sources.progress
    with Catalog(folder) as catalog:
        spec, encoded = write_passage_vectors(
            folder,
            catalog,
            config.encoder,
            known=sources.known,
            threads=config.threads,
            progress=progress,
        )
        progress.stage("store", 3 + LEXICAL_FILES)
        lists = build_ivf(folder, catalog.headline_rows(), config.threads)
        progress.advance()
    return _Vectors(spec, encoded, lists)


def _manifest(
    folder: Path,
    sources: Sources,
    articles: _Articles,
    copies: dict[str, str],
    vectors: _Vectors,
) -> Manifest:
    """Make every file durable and return the manifest of them."""
    with Catalog(folder) as catalog:
        write_row_map(folder, catalog)
        languages = count_languages(catalog)
        removed = removed_characters(catalog)
    sync_tree(folder)
    sources.progress.advance()
    files = hash_files(folder)
    stories = len(set(copies.values()))
    sources.progress.advance()
    return Manifest(
        generation=int(folder.name),
        roots=sources.corpus.roots,
        settings=sources.config.settings,
        files_read=articles.files_read,
        corpus_sha256=articles.log.fingerprint,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        built_by=BUILT_BY,
        encoder=vectors.spec,
        bm25=sources.config.bm25,
        versions=VERSIONS,
        documents=articles.documents,
        passages=articles.passages,
        copies=len(copies) - stories,
        copied_reports=stories,
        skipped=_reasons(sources.corpus, articles.log),
        removed=removed,
        languages=languages,
        files=files,
        vector_lists=vectors.lists,
    )


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
