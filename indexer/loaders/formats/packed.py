"""Which articles are in this compressed file? Those of the file that it unpacks to.

`export.jsonl.xz` is read as `export.jsonl` is, while it is unpacked; nothing is written to disk.
"""

import gzip
import lzma
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, cast

from indexer.loaders.protocol import Load, Loaded, Reading

_CHUNK = 1 << 16


class PackedLoader:
    """Reads one kind of compression.

    Args:
        endings: what the name of the unpacked file ends in, by the ending of the packed one.
        unpack: opens a stream of unpacked bytes.
        load: reads the unpacked file by its name.
    """

    streams = True

    def __init__(
        self, endings: Mapping[str, str], unpack: Callable[[BinaryIO], BinaryIO], load: Load
    ) -> None:
        self.suffixes = frozenset(endings)
        self._endings = endings
        self._unpack = unpack
        self._load = load

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the articles of the unpacked file.

        Raises:
            SkippedFileError: when it is damaged, ends too early, or unpacks to too much.
        """
        ending = next(ending for ending in self._endings if name.lower().endswith(ending))
        inner = name[: -len(ending)] + self._endings[ending]
        with reading.unpacking.layer():
            unpacked = reading.unpacking.guard(self._unpack(stream))
            yield from self._load(unpacked, inner, reading)
            # What is left behind a tar archive: only at the very end is the checksum compared.
            while unpacked.read(_CHUNK):
                continue


def gzip_loader(load: Load) -> PackedLoader:
    """Return the loader of gzip."""
    return PackedLoader({".tgz": ".tar", ".gz": ""}, _gunzip, load)


def xz_loader(load: Load) -> PackedLoader:
    """Return the loader of xz and of its older form, lzma."""
    return PackedLoader({".txz": ".tar", ".xz": "", ".lzma": ""}, _unxz, load)


def _gunzip(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", gzip.GzipFile(fileobj=stream, mode="rb"))


def _unxz(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", lzma.LZMAFile(stream))
