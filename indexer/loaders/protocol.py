"""Protocol of a loader, which turns the bytes of one format into articles, one at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol, TypeAlias

from indexer.corpus.scan import EMPTY, TOO_LARGE, SkippedFileError
from indexer.documents import NO_METADATA, Metadata
from indexer.loaders.field_names import BY_CONVENTION, Columns
from indexer.loaders.limits import Unpacking

# No article is this long; a log or a dump named .txt is.
MAX_FILE_BYTES = 50_000_000

# What parsers raise on damaged input, beside errors of their own.
PARSER_ERRORS = (
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    AssertionError,
)


@dataclass(frozen=True, slots=True)
class LoadedArticle:
    """Text of one article, code point for code point, with the metadata that its format gives.

    `key` identifies it within its file and stays the same when others are added: its own id, else
    its number from 1; empty when the file is the article.
    """

    text: str = field(repr=False)
    encoding: str
    key: str = ""
    given: Metadata = NO_METADATA


@dataclass(frozen=True, slots=True)
class SkippedArticle:
    """Part of a file that should have been an article; `key` as in `LoadedArticle`."""

    key: str
    reason: str
    detail: str = ""


Loaded: TypeAlias = LoadedArticle | SkippedArticle


@dataclass(frozen=True, slots=True)
class Reading:
    """Settings and limits of reading.

    Field names, largest article in bytes, unpacking, and the encoding of bytes that are not UTF-8
    and declare none (empty guesses).
    """

    columns: Columns = BY_CONVENTION
    max_bytes: int = MAX_FILE_BYTES
    unpacking: Unpacking = field(default_factory=Unpacking)
    encoding: str = ""


class Loader(Protocol):
    """Reader of one format."""

    @property
    def suffixes(self) -> frozenset[str]:
        """The file name endings that it reads, in lower case, with the point."""

    @property
    def streams(self) -> bool:
        """Whether it reads a file of any size piece by piece; else `max_bytes` limits the file."""

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the articles in a stream, in their order there.

        Args:
            stream: a file's bytes, not always seekable.
            name: the file's name, for formats that need its ending.
            reading: settings and limits.

        Raises:
            SkippedFileError: when the bytes are not of this format, or end too early; articles
                yielded before stay.
        """


Load: TypeAlias = Callable[[BinaryIO, str, Reading], Iterator[Loaded]]
"""Function that reads a stream by the loader for its name."""


def read_whole(stream: BinaryIO, reading: Reading) -> bytes:
    """Return all bytes of a stream.

    Raises:
        SkippedFileError: when there are more than an article may have.
    """
    content = stream.read(reading.max_bytes + 1)
    if len(content) > reading.max_bytes:
        raise SkippedFileError(TOO_LARGE, f"the limit is {reading.max_bytes:,} bytes")
    return content


def read_content(stream: BinaryIO, reading: Reading) -> bytes:
    """Return all bytes of a file that holds more than white space.

    Raises:
        SkippedFileError: when it is empty or too large.
    """
    content = read_whole(stream, reading)
    if not content.strip():
        raise SkippedFileError(EMPTY)
    return content
