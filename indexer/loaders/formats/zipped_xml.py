"""Which parts has a document that is a zip archive of XML: .docx and .epub?

Parts are read into memory, each up to the size of an article; no name in the archive becomes a
path, and a document that declares entities, as XML bombs do, is refused.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, fromstring

from indexer.corpus.scan import DAMAGED, SkippedFileError
from indexer.loaders.limits import UNPACKING_ERRORS
from indexer.loaders.protocol import Reading, read_whole
from indexer.loaders.rewinding import rewindable


class Parts:
    """The parts of one document.

    Args:
        archive: the opened archive.
        reading: how much may be read.
    """

    def __init__(self, archive: zipfile.ZipFile, reading: Reading) -> None:
        self._archive = archive
        self._reading = reading
        self.names = frozenset(archive.namelist())

    def read(self, name: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            SkippedFileError: when it is missing, damaged, or too large.
        """
        self._reading.unpacking.count_member()
        if name not in self.names:
            raise SkippedFileError(DAMAGED, f"it has no {name}")
        try:
            with self._archive.open(name) as part:
                return read_whole(self._reading.unpacking.guard(part), self._reading)
        except UNPACKING_ERRORS as error:
            raise SkippedFileError(DAMAGED, f"{name}: {error}") from error

    def xml(self, name: str) -> Element:
        """Return the root of a part that is XML.

        Raises:
            SkippedFileError: when it is missing, damaged, too large, or declares entities.
        """
        content = self.read(name)
        if b"<!ENTITY" in content:
            raise SkippedFileError(DAMAGED, f"{name} declares entities, which no document needs")
        try:
            return fromstring(content)  # noqa: S314 - no entities; expat itself limits the others
        except (ParseError, ValueError, LookupError) as error:
            raise SkippedFileError(DAMAGED, f"{name}: {error}") from error


@contextmanager
def parts_of(stream: BinaryIO, reading: Reading) -> Iterator[Parts]:
    """Open a document.

    Raises:
        SkippedFileError: when it is no zip archive.
    """
    with reading.unpacking.layer(), rewindable(stream) as file:
        try:
            archive = zipfile.ZipFile(file)
        except UNPACKING_ERRORS as error:
            raise SkippedFileError(DAMAGED, str(error)) from error
        with archive:
            yield Parts(archive, reading)
