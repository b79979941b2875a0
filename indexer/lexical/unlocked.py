"""How does tantivy open an index where nothing may be written? Over links that lie elsewhere.

tantivy takes a lock before it reads, which is a file that it opens for writing: on a read-only
disk, or in another user's folder, that fails although everything could be read.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK = ".tantivy-meta.lock"


@contextmanager
def lockable(folder: Path) -> Iterator[Path]:
    """Return a folder that tantivy can open for a moment: this one, or another with its files.

    What was opened stays open: tantivy maps every file at once and opens none later.

    Raises:
        OSError: when there is no folder for temporary files.
    """
    if not folder.is_dir() or _is_writable(folder):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="dateline-") as elsewhere:
        for path in folder.iterdir():
            if path.name != _LOCK:
                (Path(elsewhere) / path.name).symlink_to(path.absolute())
        yield Path(elsewhere)


def _is_writable(folder: Path) -> bool:
    lock = folder / _LOCK
    wanted = lock if lock.exists() else folder
    effective = os.access in os.supports_effective_ids
    return os.access(wanted, os.W_OK, effective_ids=effective)
