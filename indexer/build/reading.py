"""Reading of a corpus: every article is staged, everything else is counted."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import file_digest, sha256
from io import BytesIO
from pathlib import Path

from indexer.build.loading import load_file
from indexer.catalog.staging import StagedArticle, Staging
from indexer.corpus.files import FILE_SECONDS, TRANSIENT, FileReader, check_size
from indexer.corpus.scan import (
    CHANGED,
    PACKED_TOO_LARGE,
    UNREADABLE,
    VANISHED,
    Corpus,
    CorpusFile,
    Skip,
    SkippedFileError,
)
from indexer.documents import NO_METADATA, Finding, Metadata, SourceFile
from indexer.loaders.decoding import check_text
from indexer.loaders.formats.registry import loader_of
from indexer.loaders.protocol import Loaded, LoadedArticle
from indexer.storage.read_settings import DEFAULT_SETTINGS, ReadSettings

SAME_ID = "id of an earlier article, so kept under its number too"
SAME_ARTICLE = "id and text of an earlier article"
AS_BEFORE = ", so its articles of the build before are kept"

LISTED_SKIPS = 1000
"""Skips listed per reason; the others are only counted."""

LoadFile = Callable[..., Iterator[Loaded]]
"""Function that yields what a file holds, as `load_file`."""

_INCONSISTENT = TRANSIENT | {CHANGED, UNREADABLE, VANISHED}
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class ReadingLog:
    """Record of a reading: its files, its skips, and a hash over everything read.

    `whole_files` are the paths of files of which no article was skipped; `notes` are for the user.
    """

    skips: list[Skip] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    files: dict[str, SourceFile] = field(default_factory=dict)
    states: list[str] = field(default_factory=list)
    whole_files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def files_read(self) -> int:
        """The number of files that were read, the first ones by path."""
        return len(self.states)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over every file's path and content: equal when the corpus is unchanged."""
        return sha256("\n".join(sorted(self.states)).encode()).hexdigest()

    def skip(self, path: str, reason: str, detail: str = "") -> None:
        """Count a skip, and list the first of each reason."""
        self.reasons[reason] += 1
        if self.reasons[reason] <= LISTED_SKIPS:
            self.skips.append(Skip(path, reason, detail))

    def skip_article(self, article: StagedArticle, skip: SkippedFileError) -> None:
        """Count an article that was read and could not be made into an entry."""
        self.skip(article.path, skip.reason, skip.detail)
        if article.file in self.whole_files:
            self.whole_files.remove(article.file)

    def note(self, file: CorpusFile, digest: str, reason: str = "") -> None:
        """Record a file with the hash of its content, or the reason why it has none."""
        self.files[file.path] = SourceFile(file.path, file.size, file.mtime_ns, digest)
        self.states.append(f"{sha256(file.path.encode()).hexdigest()} {digest or reason}")


def is_readable(file: CorpusFile, settings: ReadSettings) -> bool:
    """Tell whether a file is small enough for one article, or of a format that holds many."""
    return file.size <= settings.max_bytes or loader_of(file.path).streams


def fingerprint(
    corpus: Corpus,
    settings: ReadSettings,
    files: int | None = None,
    seconds: float = FILE_SECONDS,
) -> str:
    """Return the fingerprint of a corpus by hashing its files, without reading the articles.

    Args:
        corpus: the scanned corpus.
        settings: how it was read.
        files: how many files were read, the first ones by path; None means all.
        seconds: time limit of each file operation.
    """
    log = ReadingLog()
    with FileReader(seconds) as reader:
        for file in corpus.files[:files]:
            try:
                with _hashed(reader, corpus, file, settings) as (_, digest):
                    pass
                log.note(file, digest)
            except SkippedFileError as skip:
                log.note(file, "", skip.reason)
    return log.fingerprint


def read_corpus(
    corpus: Corpus,
    staging: Staging,
    log: ReadingLog,
    settings: ReadSettings = DEFAULT_SETTINGS,
    on_article: Callable[[], None] = lambda: None,
    seconds: float = FILE_SECONDS,
    load: LoadFile = load_file,
) -> None:
    """Stage the articles of a corpus, file by file in the order of paths.

    A file whose bytes are unchanged is not parsed again; of one that does not answer, the articles
    of the previous generation are kept.

    Args:
        corpus: the scanned corpus.
        staging: receives the articles.
        log: receives files, skips and reasons.
        settings: columns and limits; after `limit` articles nothing more is read.
        on_article: is called after each article.
        seconds: time limit of each file operation.
        load: loads a file, here or in a worker, where a bad one does no harm.
    """
    with FileReader(seconds) as reader:
        corpus_reader = _CorpusReader(
            corpus, staging, log, settings, on_article, reader, load, seconds
        )
        for file in corpus.files:
            if corpus_reader.is_done:
                log.files[file.path] = SourceFile(file.path, file.size, file.mtime_ns)
            else:
                corpus_reader.read(file)


@dataclass(frozen=True, slots=True)
class _CorpusReader:
    """Reader of the files of one corpus; the arguments of `read_corpus`."""

    corpus: Corpus
    staging: Staging
    log: ReadingLog
    settings: ReadSettings
    on_article: Callable[[], None]
    reader: FileReader
    load: LoadFile
    seconds: float

    @property
    def is_done(self) -> bool:
        """Whether the limit of articles is reached."""
        return self.settings.limit is not None and self.staging.count >= self.settings.limit

    def read(self, file: CorpusFile) -> None:
        """Stage the articles of a file, copied from the previous generation where possible."""
        skips_before = self.log.reasons.total()
        try:
            with _hashed(self.reader, self.corpus, file, self.settings) as (content, digest):
                copied = self.staging.reuse_file(file.path, digest)
                if copied is None and file.path not in self.settings.told.lists:
                    self._load(content, file)
        except SkippedFileError as skip:
            # Not one consistent state of the file: what was read of it does not count.
            self.staging.discard(file.path)
            self._skip(file, skip)
            return
        self.log.note(file, digest)
        if self.log.reasons.total() == skips_before and self.settings.limit is None:
            self.log.whole_files.append(file.path)
        for _ in range(copied or 0):
            self.on_article()

    def _load(self, content: bytes | Path, file: CorpusFile) -> None:
        articles = self.load(content, file, self.settings, self.seconds)
        try:
            for number, loaded in enumerate(articles, 1):
                self._stage(file, number, loaded)
                self.on_article()
                if self.is_done:
                    break
        except SkippedFileError as skip:
            if skip.reason in _INCONSISTENT:
                raise
            if skip.reason == PACKED_TOO_LARGE:
                self.staging.discard(file.path)
            self.log.skip(file.path, skip.reason, skip.detail)

    def _skip(self, file: CorpusFile, skip: SkippedFileError) -> None:
        """Skip a file; of one that may be readable another day, keep the articles."""
        before = self.staging.reuse_unreadable(file.path) if skip.reason in TRANSIENT else None
        reason = f"{skip.reason}{AS_BEFORE}" if before else skip.reason
        self.log.skip(file.path, reason, skip.detail)
        self.log.note(file, "", skip.reason)
        if before:
            self.log.files[file.path] = before

    def _stage(self, file: CorpusFile, number: int, loaded: Loaded) -> None:
        """Stage an article of a file, or count why it is none."""
        path = f"{file.path}#{_storable(loaded.key)}" if loaded.key else file.path
        if not isinstance(loaded, LoadedArticle):
            self.log.skip(path, loaded.reason, loaded.detail)
            return
        try:
            check_text(loaded.text)
        except SkippedFileError as skip:
            self.log.skip(path, skip.reason, skip.detail)
            return
        text, given = _storable(loaded.text), _storable_metadata(loaded.given)
        article = StagedArticle(path, file.path, loaded.encoding, text, given)
        if self.staging.add(article):
            return
        numbered = f"{path}#{number}"
        if self.staging.has_text(path, text):
            self.log.skip(numbered, SAME_ARTICLE)
        elif self.staging.add(replace(article, path=numbered)):
            self.log.skip(numbered, SAME_ID)


@contextmanager
def _hashed(
    reader: FileReader, corpus: Corpus, file: CorpusFile, settings: ReadSettings
) -> Iterator[tuple[bytes | Path, str]]:
    """Open a file of a corpus; yield its content, or a large one's path, and the SHA-256.

    Raises:
        SkippedFileError: when it is too large or cannot be read, also on leaving.
    """
    if not is_readable(file, settings):
        check_size(file, settings.max_bytes)
    located = ((root.locate(file.path), root.path) for root in corpus.roots.roots)
    path, root = next((each for each in located if each[0] is not None), (None, ""))
    with reader.open(path, file, root) as stream:
        digest = file_digest(stream, "sha256")  # type: ignore[arg-type] # BinaryIO has it all
        # A small file is in memory already.
        content = stream.getvalue() if isinstance(stream, BytesIO) else path or Path()
        yield content, digest.hexdigest()


def _storable(text: str) -> str:
    """Replace halves of surrogate pairs, which JSON may hold and no encoding can store."""
    try:
        text.encode()  # faster than looking for one
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def _storable_metadata(given: Metadata) -> Metadata:
    if given == NO_METADATA:
        return given

    def safe(found: Finding | None) -> Finding | None:
        return found and replace(found, value=_storable(found.value))

    return Metadata(
        safe(given.title),
        safe(given.source),
        safe(given.published),
        tuple(replace(author, value=_storable(author.value)) for author in given.authors),
        safe(given.url),
        safe(given.modified),
        safe(given.language),
        safe(given.encoding),
    )
