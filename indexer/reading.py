"""Which articles does each file of the corpus hold? Each is staged; whatever is not, is counted.

In: a scanned corpus. Out: its articles in the staging, and a log of the files and the skips. The
fingerprint over everything read tells whether a corpus has changed.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import file_digest

from indexer.documents import Finding, Metadata
from indexer.loaders import (
    Corpus,
    CorpusFile,
    Loaded,
    LoadedArticle,
    Reading,
    SkippedFileError,
    Unpacking,
    load,
    loader_of,
)
from indexer.loaders.opening import check_size, opened
from indexer.loaders.text import check_text
from indexer.read_settings import DEFAULT_SETTINGS, ReadSettings
from indexer.reading_log import ReadingLog
from indexer.staging import StagedArticle, Staging

SAME_ID = "id of an earlier article, so kept under its number too"
SAME_ARTICLE = "id and text of an earlier article"

_SURROGATE = re.compile("[\ud800-\udfff]")


def is_readable(file: CorpusFile, settings: ReadSettings) -> bool:
    """Tell whether a file is small enough for one article, or of a format that holds many."""
    return file.size <= settings.max_bytes or loader_of(file.path).streams


def fingerprint(corpus: Corpus, settings: ReadSettings, files: int | None = None) -> str:
    """Return the fingerprint of a corpus by hashing its files, without reading the articles.

    Args:
        corpus: the scanned corpus.
        settings: how it was read.
        files: how many files were read, the first ones by path; None means all.
    """
    log = ReadingLog()
    for file in corpus.files[:files]:
        try:
            _check_size(file, settings)
            with opened(corpus.roots.locate(file.path), file) as stream:
                digest = file_digest(stream, "sha256").hexdigest()
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
) -> int:
    """Stage the articles of a corpus, file by file in the order of paths.

    Args:
        corpus: the scanned corpus.
        staging: receives the articles.
        log: receives files, skips and reasons.
        settings: columns and limits; after `limit` articles nothing more is read.
        on_article: is called after each article.

    Returns:
        How many files were read: all, or the first ones by path.
    """
    for number, file in enumerate(corpus.files):
        if settings.limit is not None and staging.count >= settings.limit:
            return number
        _read_file(corpus, file, staging, log, settings, on_article)
    return len(corpus.files)


def _read_file(
    corpus: Corpus,
    file: CorpusFile,
    staging: Staging,
    log: ReadingLog,
    settings: ReadSettings,
    on_article: Callable[[], None],
) -> None:
    reading = Reading(settings.columns, settings.max_bytes, Unpacking(file.size))
    digest = ""
    try:
        _check_size(file, settings)
        with opened(corpus.roots.locate(file.path), file) as stream:
            digest = file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
            taken = _Taker(file, staging, log)
            try:
                for loaded in load(stream, file.path, reading):
                    taken.take(loaded)
                    on_article()
                    if settings.limit is not None and staging.count >= settings.limit:
                        break
            except SkippedFileError as skip:
                log.skip(file.path, skip.reason, skip.detail)
    except SkippedFileError as skip:
        # Not one consistent state of the file: what was read of it does not count.
        staging.discard(file.path)
        log.skip(file.path, skip.reason, skip.detail)
        log.note(file, "", skip.reason)
    else:
        log.note(file, digest)


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
    return _SURROGATE.sub("\ufffd", text)


def _storable_metadata(given: Metadata) -> Metadata:
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
