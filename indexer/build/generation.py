"""Files of a generation: catalog, vectors and BM25 index, written from a scanned corpus."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from indexer import __version__
from indexer.build.articles import EntryMaker, learn_lines, load_models
from indexer.build.bm25_files import BM25_FOLDERS, Bm25Files
from indexer.build.loading import load_file
from indexer.build.passage_vectors import StoredVectors, write_passage_vectors
from indexer.build.passages import SPLITTER_VERSION
from indexer.build.reading import ReadingLog, read_corpus
from indexer.build.workers import Workers
from indexer.catalog.previous import Previous
from indexer.catalog.reader import Catalog
from indexer.catalog.row_map import write_row_map
from indexer.catalog.staging import Staging
from indexer.catalog.statistics import count_guessed, count_languages, removed_characters
from indexer.catalog.writer import NewEntry, ReusedEntry, write_catalog, write_copies
from indexer.cleaning.cleaner import CLEANER_VERSION
from indexer.corpus.files import FILE_SECONDS
from indexer.corpus.scan import Corpus
from indexer.dedup.copies import DEDUP_VERSION, CopyRank, Signature, copy_rank, find_copies
from indexer.encoding.encoder import EncoderSpec, tokenizer_file
from indexer.encoding.model_files import DEFAULT_ENCODER
from indexer.errors import CorpusError
from indexer.lexical.reference import REFERENCE_LIMIT
from indexer.lexical.schema import Bm25Engine
from indexer.loaders.formats.registry import LOADERS_VERSION, SUFFIXES
from indexer.metadata.told import ToldReader
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
    """Settings of a build.

    A hub may be asked for an encoder that the user named (`is_encoder_named`), never for one that
    only an index names. `threads` None means every core. `force` builds an unchanged corpus again
    and reuses nothing. `replace` allows a build over the index of another corpus. `file_seconds` is
    the time limit of each file operation.
    """

    encoder: str = DEFAULT_ENCODER
    is_encoder_named: bool = True
    bm25: Bm25Engine = "tantivy"
    threads: int | None = None
    settings: ReadSettings = DEFAULT_SETTINGS
    force: bool = False
    replace: bool = False
    file_seconds: float = FILE_SECONDS


DEFAULT_CONFIG = IndexConfig()

BUILT_BY = f"Dateline {__version__}"

# More workers take a second to start, in which one makes a hundred articles.
WORTH_WORKERS = 300

Guard = Callable[[Staging, ReadingLog], None]
"""Check of everything read before anything is made of it; raises to refuse it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Sources of a generation, and the receiver of its progress.

    `vectors` of the same encoder and articles of the `previous` generation are reused; None reuses
    nothing. Without a `guard`, a corpus must hold an article.
    """

    corpus: Corpus
    config: IndexConfig
    progress: Progress
    vectors: StoredVectors | None = None
    previous: Previous | None = None
    guard: Guard | None = None

    @property
    def live(self) -> Path | None:
        """The folder of the previous generation."""
        return self.previous.folder if self.previous else None


def write_generation(folder: Path, sources: Sources) -> tuple[Manifest, int]:
    """Write every file of a new generation into a folder, which must not exist.

    Returns:
        The manifest that would make it live, and how many passages were encoded.

    Raises:
        CorpusError: when there is no article, or too many passages for the reference engine.
        IndexWriteError: when a file cannot be written.
        EncoderError: when the encoder is missing or altered.
        WorkerError: when a worker process was killed.
        OSError: when the folder cannot be made.
    """
    folder.mkdir(mode=FOLDER_MODE)
    config, progress, log = sources.config, sources.progress, ReadingLog()
    with (
        Staging(folder, sources.previous) as staging,
        Bm25Files(folder, config.bm25, sources.live) as lexical,
    ):
        passages = _write_articles(folder, sources, staging, log, lexical)
        _check_engine(config, passages)
        committed = lexical.commit()
        copies = _find_copies(folder, progress)
        with Catalog(folder) as catalog:
            spec, encoded = write_passage_vectors(
                folder,
                catalog,
                config.encoder,
                sources.vectors,
                config.threads,
                progress,
                from_hub=config.is_encoder_named,
            )
            progress.stage("store", 3 + len(BM25_FOLDERS))
            lists = build_ivf(folder, catalog.headline_rows(), config.threads)
        progress.advance()
        for each in committed:
            each.result()
            progress.advance()
    write_copies(folder, copies)
    return _manifest(folder, sources, log, copies, spec, lists), encoded


def _write_articles(
    folder: Path, sources: Sources, staging: Staging, log: ReadingLog, lexical: Bm25Files
) -> int:
    """Read the corpus, write the catalog, and return the number of passages."""
    config, progress = sources.config, sources.progress
    with Workers(config.threads) as workers:
        _read(sources, staging, log, workers)
        if sources.guard:
            sources.guard(staging, log)
        elif not staging.count:
            raise _no_articles(sources.corpus, log)
        if staging.count < WORTH_WORKERS:
            workers.keep_one()
        learned = None
        if config.settings.clean:
            progress.stage("learn", staging.count)
            learned = learn_lines(staging, workers, progress.advance)
        tokenizer = tokenizer_file(config.encoder, from_hub=config.is_encoder_named)
        told = _told_reader(sources, staging)
        maker = EntryMaker(tokenizer, workers, learned, told)

        def entries() -> Iterator[NewEntry | ReusedEntry]:
            progress.stage("clean", staging.count)
            for entry in maker.entries(staging, log):
                lexical.add(entry)
                progress.advance()
                yield entry

        _, passages = write_catalog(
            folder,
            entries(),
            log.skips,
            log.files.values(),
            learned.lines if learned else (),
            whole_files=log.whole_files,
            previous=sources.live,
        )
        log.notes += told.notes(file.path for file in sources.corpus.files)
    return passages


def _told_reader(sources: Sources, staging: Staging) -> ToldReader:
    """Return the reader of what the user tells; it has seen the beginning of every article."""
    told = sources.config.settings.told
    reader = ToldReader(told, sources.corpus.roots)
    if told.outlet_from == "line":
        for path, file, text in staging.texts():
            reader.count_lines(path, file, text)
    return reader


def _read(sources: Sources, staging: Staging, log: ReadingLog, workers: Workers) -> None:
    """Stage every article of the corpus, and meanwhile start what will make entries of them."""
    config, previous, progress = sources.config, sources.previous, sources.progress
    progress.stage("read", None)

    def on_article() -> None:
        progress.advance()
        # Meanwhile, since one process reads; where most articles are copied, few are made.
        is_worth_it = staging.count == WORTH_WORKERS and workers.count > 1
        if is_worth_it and not (previous and previous.articles):
            tokenizer = tokenizer_file(config.encoder, from_hub=config.is_encoder_named)
            workers.warm_up(load_models, tokenizer)

    load = partial(workers.stream, load_file)
    read_corpus(
        sources.corpus, staging, log, config.settings, on_article, config.file_seconds, load
    )


def _find_copies(folder: Path, progress: Progress) -> dict[str, str]:
    """Map each article that has copies to its representative, which is among them."""
    with Catalog(folder) as catalog:
        progress.stage("copies", catalog.documents)

        def articles() -> Iterator[tuple[CopyRank, Signature]]:
            for doc_id, published, signature in catalog.signatures():
                yield copy_rank(doc_id, published), signature
                progress.advance()

        return find_copies(articles(), catalog.sentences)


def _manifest(
    folder: Path,
    sources: Sources,
    log: ReadingLog,
    copies: dict[str, str],
    spec: EncoderSpec,
    lists: IvfReport | None,
) -> Manifest:
    """Make every file durable and return the manifest of them."""
    with Catalog(folder) as catalog:
        write_row_map(folder, catalog)
        documents, passages = catalog.documents, catalog.count
        languages, removed = count_languages(catalog), removed_characters(catalog)
        guessed = count_guessed(catalog)
    sync_tree(folder)
    sources.progress.advance()
    files = hash_files(folder)
    sources.progress.advance()
    stories = len(set(copies.values()))
    return Manifest(
        generation=int(folder.name),
        roots=sources.corpus.roots,
        settings=sources.config.settings,
        files_read=log.files_read,
        corpus_sha256=log.fingerprint,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        built_by=BUILT_BY,
        encoder=spec,
        bm25=sources.config.bm25,
        versions=VERSIONS,
        documents=documents,
        passages=passages,
        copies=len(copies) - stories,
        copied_reports=stories,
        skipped=_reasons(sources.corpus, log),
        removed=removed,
        languages=languages,
        files=files,
        vector_lists=lists,
        guessed_encodings=guessed,
        notes=log.notes,
    )


def _check_engine(config: IndexConfig, passages: int) -> None:
    if config.bm25 == "rank-bm25" and passages > REFERENCE_LIMIT:
        raise CorpusError(
            f"rank-bm25 is limited to {REFERENCE_LIMIT:,} passages, because it scans all of them "
            f"for each question; these articles have {passages:,}. Build with --bm25 tantivy"
        )


def _reasons(corpus: Corpus, log: ReadingLog) -> dict[str, int]:
    """Count the skips by reason."""
    return dict(sorted((log.reasons + Counter(skip.reason for skip in corpus.skips)).items()))


def _no_articles(corpus: Corpus, log: ReadingLog) -> CorpusError:
    left_out = ", ".join(f"{count} {reason}" for reason, count in _reasons(corpus, log).items())
    found = f"everything was skipped ({left_out})" if left_out else "the folder is empty"
    return CorpusError(
        f"No articles in {corpus.roots}: {found}. "
        f"Supported file types: {' '.join(sorted(SUFFIXES))}"
    )
