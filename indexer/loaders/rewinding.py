"""How is a stream read in any order that can only be read once? From a copy on disk.

Zip archives and Parquet begin at their end; within another archive they are unpacked first.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

_IN_MEMORY = 16_000_000


@contextmanager
def rewindable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Return the stream itself, or a copy of what is left in it when it cannot be rewound."""
    if stream.seekable():
        yield stream
        return
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        # It has every method of a binary file that a reader needs; typeshed does not say so.
        yield cast("BinaryIO", copy)
