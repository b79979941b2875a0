"""Limits on what one file may unpack to: enough for a newsroom's archive, too little for a bomb."""

import io
import lzma
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from indexer.corpus.scan import DAMAGED, PACKED_TOO_LARGE, SkippedFileError

# What reading a damaged archive or compressed stream raises.
UNPACKING_ERRORS = (
    EOFError,
    OSError,
    RuntimeError,  # zipfile: encrypted, or an unknown compression
    ValueError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
)

_CHUNK = 1 << 16
_IN_MEMORY = 16_000_000


@dataclass(frozen=True, slots=True)
class UnpackingLimits:
    """Limits of unpacking: nested archives, members, bytes, and bytes per packed byte.

    Text packs 3 to 10 times; the ratio counts once `ratio_from` bytes are unpacked, since a small
    archive does no harm. From `articles_from` articles on, each must have a packed byte.
    """

    depth: int = 4
    members: int = 500_000
    size: int = 200_000_000_000
    ratio: int = 200
    ratio_from: int = 10_000_000
    articles_from: int = 10_000


class Unpacking:
    """Count of what was unpacked of one file, whatever sizes its headers claim.

    At a limit, each method raises a SkippedFileError.

    Args:
        packed: size of the file in bytes; None when unknown, which disables the ratio.
        limits: when to stop.
    """

    def __init__(
        self, packed: int | None = None, limits: UnpackingLimits = UnpackingLimits()
    ) -> None:
        self._packed = packed
        self._limits = limits
        self._depth = self._members = self._size = self._articles = 0

    @contextmanager
    def layer(self) -> Iterator[None]:
        """Enter an archive or a compressed stream."""
        if self._depth == self._limits.depth:
            raise SkippedFileError(
                PACKED_TOO_LARGE, f"more than {self._limits.depth} archives within each other"
            )
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def count_member(self) -> None:
        """Count a file in an archive."""
        self._members += 1
        if self._members > self._limits.members:
            raise SkippedFileError(PACKED_TOO_LARGE, f"more than {self._limits.members:,} files")

    def count_article(self) -> None:
        """Count an article."""
        self._articles += 1
        if self._packed is None or self._articles <= self._limits.articles_from:
            return
        if self._articles > self._packed:
            raise SkippedFileError(PACKED_TOO_LARGE, f"more articles than its {self._packed} bytes")

    def count_bytes(self, size: int) -> None:
        """Count unpacked bytes."""
        self._size += size
        if self._size > self._limits.size:
            raise SkippedFileError(
                PACKED_TOO_LARGE, f"unpacks to more than {self._limits.size:,} bytes"
            )
        if self._packed is None or self._size < self._limits.ratio_from:
            return
        if self._size > self._limits.ratio * self._packed:
            raise SkippedFileError(
                PACKED_TOO_LARGE,
                f"unpacks to more than {self._limits.ratio} times its {self._packed:,} bytes",
            )

    def guard(self, stream: IO[bytes] | io.BufferedIOBase) -> io.BufferedReader:
        """Return a stream of unpacked bytes that counts them.

        Reading it raises `SkippedFileError` at the limits, and when the packed bytes are damaged.
        """
        return io.BufferedReader(_GuardedStream(stream, self), _CHUNK)


class _GuardedStream(io.RawIOBase):
    """Stream that counts what is read; it cannot be rewound."""

    def __init__(self, stream: IO[bytes] | io.BufferedIOBase, unpacking: Unpacking) -> None:
        super().__init__()
        # `read` would return nothing of the last piece when the stream is cut off in it.
        self._read = getattr(stream, "read1", stream.read)
        self._unpacking = unpacking

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override] # typeshed names a type that only stubs have
        try:
            content: bytes = self._read(len(buffer))
        except UNPACKING_ERRORS as error:
            raise SkippedFileError(DAMAGED, str(error) or type(error).__name__) from error
        self._unpacking.count_bytes(len(content))
        buffer[: len(content)] = content
        return len(content)


@contextmanager
def rewindable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Yield the stream itself, or a temporary copy when it cannot be rewound."""
    if stream.seekable():
        yield stream
        return
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        # It has every method of a binary file that a reader needs; typeshed does not say so.
        yield cast("BinaryIO", copy)
