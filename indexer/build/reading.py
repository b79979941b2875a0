"""Which articles does each file of the corpus hold? Each is staged; whatever is not, is counted.

In: a scanned corpus. Out: its articles in the staging, and a log of the files and the skips. The
fingerprint over everything read tells whether a corpus has changed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

from indexer.build.reading_log import ReadingLog
from indexer.catalog.staging import StagedArticle, Staging
from indexer.corpus.files import FILE_SECONDS, TRANSIENT, FileReader, check_size
from indexer.corpus.scan import Corpus, CorpusFile, SkippedFileError
from indexer.documents import NO_METADATA, Finding, Metadata
from indexer.loaders.decoding import check_text
from indexer.loaders.formats.registry import load, loader_of
from indexer.loaders.limits import Unpacking
from indexer.loaders.protocol import Loaded, LoadedArticle, Reading
from indexer.storage.read_settings import DEFAULT_SETTINGS, ReadSettings

SAME_ID = "id of an earlier article, so kept under its number too"
SAME_ARTICLE = "id and text of an earlier article"
AS_BEFORE = ", so its articles of the build before are kept"

_SURROGATE = re.compile("[\ud800-\udfff]")


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
        seconds: how long a file is waited for.
    """
    log = ReadingLog()
    with FileReader(seconds) as reader:
        for file in corpus.files[:files]:
            try:
                _check_size(file, settings)
                place, root = _place_of(corpus, file)
                with reader.open(place, file, root) as stream:
                    digest = _digest(stream)
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
) -> int:
    """Stage the articles of a corpus, file by file in the order of paths.

    A file with the bytes that it had before is not parsed again; of one that does not answer, what
    the generation before has is kept.

    Args:
        corpus: the scanned corpus.
        staging: receives the articles.
        log: receives files, skips and reasons.
        settings: columns and limits; after `limit` articles nothing more is read.
        on_article: is called after each article.
        seconds: how long a file is waited for.

    Returns:
        How many files were read: all, or the first ones by path.
    """
    with FileReader(seconds) as reader:
        files = _Files(corpus, staging, log, settings, on_article, reader)
        for number, file in enumerate(corpus.files):
            if files.are_enough:
                return number
            files.read(file)
    return len(corpus.files)


@dataclass(frozen=True, slots=True)
class _Files:
    """Reads the files of one corpus; the arguments of `read_corpus`."""

    corpus: Corpus
    staging: Staging
    log: ReadingLog
    settings: ReadSettings
    on_article: Callable[[], None]
    reader: FileReader

    @property
    def are_enough(self) -> bool:
        """Tell whether the limit of articles is reached."""
        return self.settings.limit is not None and self.staging.count >= self.settings.limit

    def read(self, file: CorpusFile) -> None:
        """Stage the articles of a file, or what was known of it."""
        left_out = self.log.reasons.total()
        try:
            _check_size(file, self.settings)
            place, root = _place_of(self.corpus, file)
            with self.reader.open(place, file, root) as stream:
                digest = _digest(stream)
                taken = self.staging.reuse_file(file.path, digest)
                if taken is None:
                    self._load(stream, file)
        except SkippedFileError as skip:
            # Not one consistent state of the file: what was read of it does not count.
            self.staging.discard(file.path)
            self._pass(file, skip)
            return
        self.log.note(file, digest)
        if self.log.reasons.total() == left_out and self.settings.limit is None:
            self.log.whole_files.append(file.path)
        for _ in range(taken or 0):
            self.on_article()

    def _load(self, stream: BinaryIO, file: CorpusFile) -> None:
        reading = Reading(self.settings.columns, self.settings.max_bytes, Unpacking(file.size))
        taken = _Taker(file, self.staging, self.log)
        stream.seek(0)
        try:
            for loaded in load(stream, file.path, reading):
                taken.take(loaded)
                self.on_article()
                if self.are_enough:
                    break
        except SkippedFileError as skip:
            self.log.skip(file.path, skip.reason, skip.detail)

    def _pass(self, file: CorpusFile, skip: SkippedFileError) -> None:
        """Skip a file; if it may be there another day, what was known of it stays."""
        before = self.staging.reuse_unreadable(file.path) if skip.reason in TRANSIENT else None
        reason = f"{skip.reason}{AS_BEFORE}" if before else skip.reason
        self.log.skip(file.path, reason, skip.detail)
        self.log.note(file, "", skip.reason)
        if before:
            self.log.files[file.path] = before


def _place_of(corpus: Corpus, file: CorpusFile) -> tuple[Path | None, str]:
    """Return where a file lies, and the root that it is of."""
    for root in corpus.roots.roots:
        place = root.locate(file.path)
        if place is not None:
            return place, root.path
    return None, ""


def _digest(stream: BinaryIO) -> str:
    return file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type] # BinaryIO has it all


def _check_size(file: CorpusFile, settings: ReadSettings) -> None:
    if not is_readable(file, settings):
        check_size(file, settings.max_bytes)


class _Taker:
    """Stages what a loader finds in one file."""

    def __init__(self, file: CorpusFile, staging: Staging, log: ReadingLog) -> None:
        self._file = file
        self._staging = staging
        self._log = log
        self._count = 0

    def take(self, loaded: Loaded) -> None:
        """Stage an article, or count why it is none."""
        self._count += 1
        path = f"{self._file.path}#{_storable(loaded.key)}" if loaded.key else self._file.path
        if not isinstance(loaded, LoadedArticle):
            self._log.skip(path, loaded.reason, loaded.detail)
            return
        try:
            check_text(loaded.text)
        except SkippedFileError as skip:
            self._log.skip(path, skip.reason, skip.detail)
            return
        self._stage(path, loaded)

    def _stage(self, path: str, loaded: LoadedArticle) -> None:
        article = StagedArticle(
            path,
            self._file.path,
            loaded.encoding,
            _storable(loaded.text),
            _storable_metadata(loaded.given),
        )
        if self._staging.add(article):
            return
        numbered = f"{path}#{self._count}"
        if self._staging.has_text(path, article.text):
            self._log.skip(numbered, SAME_ARTICLE)
        elif self._staging.add(replace(article, path=numbered)):
            self._log.skip(numbered, SAME_ID)


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
    )
