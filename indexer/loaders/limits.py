"""How much may be unpacked of one file? Enough for any newsroom's archive, too little for a bomb.

A zip bomb is refused while it is unpacked, whatever sizes its headers claim.
"""

import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from indexer.corpus.scan import DAMAGED, PACKED_TOO_LARGE, SkippedFileError

# What reading a damaged archive or compressed stream raises.
UNPACKING_ERRORS = (
    EOFError,
    OSError,
    RuntimeError,  # zipfile: encrypted, or a compression that it does not know
    ValueError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
)

_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class UnpackingLimits:
    """When unpacking stops: layers within each other, members, bytes, and bytes for each packed.

    Text packs 3 to 10 times; the ratio counts once `ratio_from` bytes are unpacked, since a small
    archive does no harm.
    """

    depth: int = 4
    members: int = 500_000
    size: int = 200_000_000_000
    ratio: int = 200
    ratio_from: int = 100_000_000


class Unpacking:
    """Counts what was unpacked of one file of the corpus.

    Args:
        packed: the size of that file in bytes; None when unknown, so that only the size counts.
        limits: when to stop.
    """

    def __init__(
        self, packed: int | None = None, limits: UnpackingLimits = UnpackingLimits()
    ) -> None:
        self._packed = packed
        self._limits = limits
        self._depth = self._members = self._size = 0

    @contextmanager
    def layer(self) -> Iterator[None]:
        """Enter an archive or a compressed stream.

        Raises:
            SkippedFileError: when too many lie within each other.
        """
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
        """Count a file in an archive.

        Raises:
            SkippedFileError: when there are too many.
        """
        self._members += 1
        if self._members > self._limits.members:
            raise SkippedFileError(PACKED_TOO_LARGE, f"more than {self._limits.members:,} files")

    def count_bytes(self, size: int) -> None:
        """Count unpacked bytes.

        Raises:
            SkippedFileError: when there are too many, or too many for the packed ones.
        """
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

    def guard(self, stream: IO[bytes]) -> io.BufferedReader:
        """Return a stream of unpacked bytes that counts them and stops at the limits.

        Reading it raises `SkippedFileError` there, and when the packed bytes are damaged.
        """
        return io.BufferedReader(_Guarded(stream, self), _CHUNK)


class _Guarded(io.RawIOBase):
    """Reads on from a stream, never back."""

    def __init__(self, stream: IO[bytes], unpacking: Unpacking) -> None:
        super().__init__()
        # `read` would return nothing of the last piece when the stream is cut off in it.
        self._read = getattr(stream, "read1", stream.read)
        self._unpacking = unpacking

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override] # typeshed names a type that only stubs have
        """Read at most as many bytes as fit."""
        try:
            content: bytes = self._read(len(buffer))
        except UNPACKING_ERRORS as error:
            raise SkippedFileError(DAMAGED, str(error) or type(error).__name__) from error
        self._unpacking.count_bytes(len(content))
        buffer[: len(content)] = content
        return len(content)
