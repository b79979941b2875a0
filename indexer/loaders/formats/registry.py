"""Registry of the loaders by file name ending; the longest ending counts."""

import gzip
import lzma
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from indexer.corpus.scan import OTHER_FORMAT, TOO_LARGE, SkippedFileError
from indexer.documents import GUESSED_ENCODING, TOLD_ENCODING, Finding
from indexer.loaders.formats.archives import PackedLoader, TarLoader, ZipLoader
from indexer.loaders.formats.feed import FeedLoader
from indexer.loaders.formats.html import HtmlLoader, MhtmlLoader
from indexer.loaders.formats.json_files import JsonLinesLoader, JsonLoader
from indexer.loaders.formats.mail import MailLoader
from indexer.loaders.formats.office import DocxLoader, EpubLoader
from indexer.loaders.formats.pdf import PdfLoader
from indexer.loaders.formats.tables import ParquetLoader, TableLoader
from indexer.loaders.formats.text import TextLoader
from indexer.loaders.formats.warc import WarcLoader
from indexer.loaders.protocol import Loaded, LoadedArticle, Loader, Reading, SkippedArticle
from indexer.text.encodings import Undeclared, encoding_label

LOADERS_VERSION = 3
"""Version in the manifest, raised whenever the same file could be read differently."""


def load(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
    """Yield the articles in a stream, read by the loader for its name.

    Raises:
        SkippedFileError: when the format is not supported, or the bytes are not of it.
    """
    for loaded in loader_of(name).load(stream, name, reading):
        if isinstance(loaded, LoadedArticle) and isinstance(loaded.encoding, Undeclared):
            loaded = _with_encoding(loaded, reading.encoding)
        if isinstance(loaded, LoadedArticle) and len(loaded.text) > reading.max_bytes:
            detail = f"{len(loaded.text):,} characters, the limit is {reading.max_bytes:,} bytes"
            yield SkippedArticle(loaded.key, TOO_LARGE, detail)
        elif isinstance(loaded, LoadedArticle) and "\0" in loaded.text:
            # SQLite and C libraries take it for the end.
            yield replace(loaded, text=loaded.text.replace("\0", " "))
        else:
            yield loaded


def _with_encoding(article: LoadedArticle, told: str) -> LoadedArticle:
    """Return an article whose metadata says how bytes were read that declare no encoding."""
    found_in = TOLD_ENCODING if told else GUESSED_ENCODING
    given = replace(article.given, encoding=Finding(encoding_label(article.encoding), found_in))
    return replace(article, encoding=str(article.encoding), given=given)


def loader_of(name: str) -> Loader:
    """Return the loader for a file name.

    Raises:
        SkippedFileError: when there is none.
    """
    lowered = name.lower()
    endings = [suffix for suffix in _BY_SUFFIX if lowered.endswith(suffix)]
    if not endings:
        raise SkippedFileError(OTHER_FORMAT)
    return _BY_SUFFIX[max(endings, key=len)]


LOADERS: tuple[Loader, ...] = (
    TextLoader(),
    JsonLinesLoader(),
    JsonLoader(),
    TableLoader(),
    ParquetLoader(),
    HtmlLoader(),
    MhtmlLoader(),
    PdfLoader(),
    DocxLoader(),
    EpubLoader(),
    MailLoader(),
    FeedLoader(),
    WarcLoader(),
    ZipLoader(load),
    TarLoader(load),
    PackedLoader({".tgz": ".tar", ".gz": ""}, gzip.open, load),
    PackedLoader({".txz": ".tar", ".xz": "", ".lzma": ""}, lzma.LZMAFile, load),
)
_BY_SUFFIX = {suffix: loader for loader in LOADERS for suffix in loader.suffixes}
# A folder is listed by the last ending of each name: `.gz` for `export.jsonl.gz`.
SUFFIXES = frozenset(f".{suffix.rpartition('.')[2]}" for suffix in _BY_SUFFIX)
