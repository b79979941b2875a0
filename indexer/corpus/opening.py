"""How is a file of the corpus read, as one consistent state of it?"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from indexer.corpus.scan import CorpusFile
from indexer.corpus.skips import CHANGED, TOO_LARGE, UNREADABLE, VANISHED, SkippedFileError


@contextmanager
def opened(place: Path | None, file: CorpusFile) -> Iterator[BufferedReader]:
    """Open a file for reading; in the end it must be as it was listed, all of it one state.

    Args:
        place: where it lies.
        file: what was listed.

    Raises:
        SkippedFileError: when it is unreadable, gone, or has changed since it was listed.
    """
    with os.fdopen(open_descriptor(place), "rb") as stream:
        yield stream
        status = os.fstat(stream.fileno())
        if (status.st_size, status.st_mtime_ns) != (file.size, file.mtime_ns):
            raise SkippedFileError(CHANGED)


def open_descriptor(place: Path | None) -> int:
    """Open a file and return its descriptor.

    Raises:
        SkippedFileError: when it is unreadable, gone, or a link now.
        OSError: when the disk, or the network before it, fails.
    """
    try:
        # A link put in the file's place since the scan must not lead out of the corpus.
        return os.open(place or "", os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError as error:
        raise SkippedFileError(VANISHED) from error
    except PermissionError as error:
        raise SkippedFileError(UNREADABLE) from error
    except OSError as error:
        if error.errno == errno.ELOOP:  # O_NOFOLLOW met a link where the scan had seen a file
            raise SkippedFileError(CHANGED, error.strerror or "") from error
        raise


def check_size(file: CorpusFile, limit: int) -> None:
    """Refuse a file that is larger than an article may be; it is not even opened.

    Raises:
        SkippedFileError: when it is.
    """
    if file.size > limit:
        raise SkippedFileError(TOO_LARGE, f"{file.size:,} bytes, the limit is {limit:,}")
