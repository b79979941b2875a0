"""What does one format have to do? Turn a file's bytes into articles, one at a time.

A loader reads a stream from its beginning and yields what it finds: an article, or something that
should have been one. What is wrong with a whole file is raised, also when articles were found
before; these stay.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol, TypeAlias

from indexer.corpus.scan import TOO_LARGE, SkippedFileError
from indexer.documents import NO_METADATA, Metadata
from indexer.loaders.field_names import BY_CONVENTION, Columns
from indexer.loaders.limits import Unpacking

# No article is this long; a log or a dump named .txt is.
MAX_FILE_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class LoadedArticle:
    """The text of one article, code point for code point, and what its format says of it.

    `key` tells it from the others of its file and stays the same when some are added: its own id,
    else its number from 1; empty when the file is the article. `given` holds what the format
    itself states, such as a column of dates, and where.
    """

    text: str = field(repr=False)
    encoding: str
    key: str = ""
    given: Metadata = NO_METADATA


@dataclass(frozen=True, slots=True)
class SkippedArticle:
    """Something in a file that should have been an article; `key` as in `LoadedArticle`."""

    key: str
    reason: str
    detail: str = ""


Loaded: TypeAlias = LoadedArticle | SkippedArticle


@dataclass(frozen=True, slots=True)
class Reading:
    """What every loader is told beside the bytes.

    `columns` says which column is which field; `max_bytes` is the largest article, `unpacking`
    how much of an archive may be unpacked.
    """

    columns: Columns = BY_CONVENTION
    max_bytes: int = MAX_FILE_BYTES
    unpacking: Unpacking = field(default_factory=Unpacking)


class Loader(Protocol):
    """Reads one format."""

    @property
    def suffixes(self) -> frozenset[str]:
        """The file name endings it reads, in lower case, with the point."""

    @property
    def streams(self) -> bool:
        """Whether it reads a file of any size piece by piece; else `max_bytes` limits the file."""

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the articles in a stream, in their order there.

        Args:
            stream: a file's bytes; not every one can be rewound.
            name: the file's name, for formats that need its ending.
            reading: what the user set, and the limits.

        Raises:
            SkippedFileError: when the bytes are not of this format, or end too early.
        """


Load: TypeAlias = Callable[[BinaryIO, str, Reading], Iterator[Loaded]]
"""Reads a stream by whichever loader its name asks for."""


def read_whole(stream: BinaryIO, reading: Reading) -> bytes:
    """Return all bytes of a stream.

    Raises:
        SkippedFileError: when there are more than an article may have.
    """
    content = stream.read(reading.max_bytes + 1)
    if len(content) > reading.max_bytes:
        raise SkippedFileError(TOO_LARGE, f"the limit is {reading.max_bytes:,} bytes")
    return content
