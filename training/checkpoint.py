"""Recognition of checkpoint files of `python -m training`."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.errors import ReaderError

_BROKEN = (
    OSError,
    EOFError,
    pickle.UnpicklingError,
    RuntimeError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)


@contextmanager
def reading_checkpoint(path: Path) -> Iterator[None]:
    """Say of whatever goes wrong inside that the file is no checkpoint.

    Raises:
        ReaderError: for every sign of a missing, truncated or other file.
    """
    try:
        yield
    except _BROKEN as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        # torch goes on to guess at causes.
        reason = first.partition(". ")[0].rstrip(".")
        raise ReaderError(
            f"{path} cannot be read as a checkpoint: {reason}. Expected the file that "
            "python -m training writes. Train first, or name another file or folder"
        ) from error
