"""Loaders of zip and tar archives and of compressed files; members are read by their own loaders.

Nothing is unpacked to a path. As in a folder, a member whose name leads out, a link or a device is
skipped; so is a file that unpacks to too much.
"""

import io
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from tarfile import HeaderError, ReadError
from typing import IO, BinaryIO, Self, cast

from indexer.corpus.scan import DAMAGED, ENCRYPTED, HIDDEN, PACKED_TOO_LARGE, SkippedFileError
from indexer.loaders.limits import UNPACKING_ERRORS, rewindable
from indexer.loaders.protocol import Load, Loaded, Reading, SkippedArticle
from indexer.text.encodings import decode_bytes, utf8_text
from indexer.text.legacy_encodings import WESTERN, detect

LEADS_OUT = "path that leads out of the archive"
NOT_A_FILE = "link or device in an archive"

_CHUNK = 1 << 16
_MOST_EMPTY_READS = 8
_DRIVE = re.compile(r"[A-Za-z]:")
_ENCRYPTED_FLAG = 1
_UTF8_FLAG = 0x800
_UNIX = 3
_LINK_MODE = 0xA
_MODE_SHIFT = 28  # the upper half of the attributes is the mode, its first 4 bits the file type


@dataclass(frozen=True)
class ZipLoader:
    """Reader of zip archives."""

    load_member: Load
    suffixes = frozenset({".zip"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the articles of each member, each key after the member's name."""
        with open_zip(stream, reading) as archive:
            for info, name_inside in _named(archive):
                if not info.is_dir():
                    yield from self._member(archive, info, name_inside, reading)

    def _member(
        self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, reading: Reading
    ) -> Iterator[Loaded]:
        reading.unpacking.count_member()
        is_link = info.create_system == _UNIX and info.external_attr >> _MODE_SHIFT == _LINK_MODE
        reason = _refusal(name) or (NOT_A_FILE if is_link else "")
        if not reason and info.flag_bits & _ENCRYPTED_FLAG:
            reason = ENCRYPTED
        if reason:
            yield SkippedArticle(name, reason)
            return
        try:
            opened = archive.open(info)
        except UNPACKING_ERRORS as error:
            yield SkippedArticle(name, DAMAGED, str(error))
            return
        with opened:
            yield from _read_member(self.load_member, opened, name, reading)


@dataclass(frozen=True)
class TarLoader:
    """Reader of tar archives, from beginning to end as they come out of a compressed stream."""

    load_member: Load
    suffixes = frozenset({".tar"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the articles of each member, each key after the member's name."""
        with reading.unpacking.layer():
            try:
                ending = cast("BinaryIO", _EndingStream(stream))
                archive = tarfile.open(fileobj=ending, mode="r|", tarinfo=_StrictTarInfo)  # noqa: SIM115 - closed below
            except UNPACKING_ERRORS as error:
                raise SkippedFileError(DAMAGED, str(error)) from error
            with archive:
                for info in _members(archive):
                    if not info.isdir():
                        yield from self._member(archive, info, reading)

    def _member(
        self, archive: tarfile.TarFile, info: tarfile.TarInfo, reading: Reading
    ) -> Iterator[Loaded]:
        reading.unpacking.count_member()
        name = decode_bytes(info.name.encode("utf-8", "surrogateescape"))[0]
        reason = _refusal(name) or ("" if info.isfile() else NOT_A_FILE)
        opened = None if reason else archive.extractfile(info)
        if opened is None:
            yield SkippedArticle(name, reason or NOT_A_FILE)
            return
        with opened:
            yield from _read_member(self.load_member, opened, name, reading)


@dataclass(frozen=True, eq=False)
class PackedLoader:
    """Reader of one kind of compression: `export.jsonl.xz` is read as `export.jsonl` is.

    Args:
        endings: endings of packed names, and what replaces each in the unpacked name.
        unpack: opens a stream of unpacked bytes.
        load_unpacked: reads the unpacked file by its name.
    """

    endings: Mapping[str, str]
    unpack: Callable[[BinaryIO], io.BufferedIOBase]
    load_unpacked: Load
    streams = True

    @property
    def suffixes(self) -> frozenset[str]:
        """The endings of packed names."""
        return frozenset(self.endings)

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the articles of the unpacked file."""
        ending = next(ending for ending in self.endings if name.lower().endswith(ending))
        inner = name[: -len(ending)] + self.endings[ending]
        with reading.unpacking.layer():
            unpacked = reading.unpacking.guard(self.unpack(stream))
            yield from self.load_unpacked(unpacked, inner, reading)
            # The checksum is compared at the very end only, after what follows a tar archive.
            while unpacked.read(_CHUNK):
                continue


@contextmanager
def open_zip(stream: BinaryIO, reading: Reading) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive.

    Raises:
        SkippedFileError: when it is none, or nested too deep.
    """
    with reading.unpacking.layer(), rewindable(stream) as file:
        try:
            archive = zipfile.ZipFile(file)
        except UNPACKING_ERRORS as error:
            raise SkippedFileError(DAMAGED, str(error)) from error
        with archive:
            yield archive


def _named(archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, str]]:
    """Return the members with their names, which older programs wrote in an encoding of theirs."""
    infos = archive.infolist()
    old = [info.filename for info in infos if not info.flag_bits & _UTF8_FLAG]
    raw = "\n".join(old).encode("cp437", "replace")
    encoding = "utf-8" if utf8_text(raw) is not None else detect(raw)
    if encoding == WESTERN:  # it is that of DOS in an archive
        encoding = "cp437"
    names = iter(raw.decode(encoding, "replace").split("\n"))
    return [(info, info.filename if info.flag_bits & _UTF8_FLAG else next(names)) for info in infos]


def _refusal(name: str) -> str:
    """Return why a member of an archive is skipped because of its name; empty when it is not.

    >>> _refusal("../secret.txt"), _refusal("news/a.txt")
    ('path that leads out of the archive', '')
    """
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or not parts[0] or _DRIVE.match(parts[0]):
        return LEADS_OUT
    hidden = any(part.startswith(".") and part != "." for part in parts)
    return HIDDEN if hidden or parts[0] == "__MACOSX" else ""


def _read_member(load: Load, opened: IO[bytes], name: str, reading: Reading) -> Iterator[Loaded]:
    """Yield what one member holds; only the limits of the whole archive are raised."""
    try:
        for loaded in load(reading.unpacking.guard(opened), name, reading):
            key = f"{name}#{loaded.key}" if loaded.key else name
            yield replace(loaded, key=key)
    except SkippedFileError as skip:
        if skip.reason == PACKED_TOO_LARGE:
            raise
        yield SkippedArticle(name, skip.reason, skip.detail)


class _EndingStream:
    """Stream that raises when it is read on and on past its end.

    tarfile skips a member block by block, however many its header claims.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._empty = 0

    def read(self, size: int) -> bytes:
        content = self._stream.read(size)
        self._empty = 0 if content else self._empty + 1
        if self._empty > _MOST_EMPTY_READS:
            raise EOFError("it ends too early")
        return content


class _StrictTarInfo(tarfile.TarInfo):
    """Tar header that raises for an archive that is cut off, which tarfile takes for its end."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:  # the base class names it so
        """Read the next header."""
        try:
            return super().fromtarfile(tarfile)
        except HeaderError as error:
            if type(error).__name__ == "EOFHeaderError":  # the mark at a proper end
                raise
            raise ReadError(f"it ends too early: {error}") from error


def _members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield the members in order, and empty the list that tarfile keeps of them."""
    while True:
        try:
            info = archive.next()
        except UNPACKING_ERRORS as error:
            raise SkippedFileError(DAMAGED, str(error)) from error
        if info is None:
            return
        yield info
        archive.members.clear()  # type: ignore[attr-defined] # as its own documentation does
