"""What does each file of the corpus become? A catalog entry, or a counted skip.

In: a scanned corpus. Out, one file at a time in the order of doc_id: documents with their regions
and passages. The fingerprint over everything read tells whether a corpus has changed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath

from indexer.catalog_writer import CatalogEntry, SkippedFile
from indexer.cleaning import clean
from indexer.documents import Document, doc_id_of
from indexer.loaders import LOADERS, Corpus, CorpusFile, SkippedFileError
from indexer.loaders.corpus import read_file
from indexer.metadata import find_metadata
from indexer.passages import TokenCounter, split

NO_WORDS = "no letter and no digit in it"


@dataclass(slots=True)
class ReadingLog:
    """What happened while a corpus was read: filled file by file, complete when it is over."""

    skips: list[SkippedFile] = field(default_factory=list)
    removed: Counter[str] = field(default_factory=Counter)
    states: list[str] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over every file's path and content: equal when the corpus is unchanged."""
        return sha256("\n".join(sorted(self.states)).encode()).hexdigest()

    def skip(self, file: CorpusFile, skip: SkippedFileError) -> None:
        """Record a file that is no document."""
        self.skips.append(
            SkippedFile(file.path, file.size, file.mtime_ns, skip.reason, skip.detail)
        )

    def note(self, file: CorpusFile, state: str) -> None:
        """Record a file's content hash, or why it has none."""
        self.states.append(f"{sha256(file.path.encode()).hexdigest()} {state}")


def fingerprint(corpus: Corpus, limit: int) -> str:
    """Return the fingerprint of a corpus by hashing its files, without reading the articles."""
    log = ReadingLog()
    for file in corpus.files:
        try:
            log.note(file, sha256(read_file(corpus.root, file, limit)).hexdigest())
        except SkippedFileError as skip:
            log.note(file, skip.reason)
    return log.fingerprint


def read_articles(
    corpus: Corpus, limit: int, count_tokens: TokenCounter, log: ReadingLog
) -> Iterator[CatalogEntry | None]:
    """Yield one entry a file in the order of doc_id; None for a file that was skipped.

    Args:
        corpus: the scanned folder.
        limit: the largest file to read, in bytes.
        count_tokens: the encoder's token counter, which sizes the passages.
        log: receives skips, removed characters and file states.
    """
    for file in sorted(corpus.files, key=lambda file: doc_id_of(file.path)):
        state = ""
        try:
            content = read_file(corpus.root, file, limit)
            state = sha256(content).hexdigest()
            yield _entry(file, content, state, count_tokens, log)
        except SkippedFileError as skip:
            state = state or skip.reason
            log.skip(file, skip)
            yield None
        finally:
            log.note(file, state)


def _entry(
    file: CorpusFile, content: bytes, digest: str, count_tokens: TokenCounter, log: ReadingLog
) -> CatalogEntry:
    suffix = PurePosixPath(file.path).suffix.lower()
    loader = next(loader for loader in LOADERS if suffix in loader.suffixes)
    (article,) = loader.load(content)
    if not any(character.isalnum() for character in article.text):
        raise SkippedFileError(NO_WORDS)
    cleaning = clean(article.text)
    metadata = find_metadata(article.text, cleaning, file.path)
    doc_id = doc_id_of(file.path)
    document = Document(doc_id, file.path, digest, article.encoding, article.text, metadata)
    passages = split(doc_id, article.text, cleaning, count_tokens)
    for region in cleaning.regions:
        if not region.kept:
            log.removed[region.reason] += region.end - region.start
    return CatalogEntry(document, file.size, file.mtime_ns, cleaning.regions, tuple(passages))
