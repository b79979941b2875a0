"""Has the corpus changed since the index was built? By size and modification time only."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.catalog import FileState
from indexer.errors import CorpusError
from indexer.loaders import SUFFIXES, scan


@dataclass(frozen=True, slots=True)
class Staleness:
    """How many files of the corpus differ from the index."""

    changed: int
    added: int
    deleted: int

    @property
    def is_current(self) -> bool:
        """Tell whether nothing differs."""
        return not (self.changed or self.added or self.deleted)


def staleness(
    root: Path, index: Path, known: Sequence[FileState], seconds: float | None = None
) -> Staleness | None:
    """Compare the corpus with what was indexed; a missing folder has every file deleted.

    Args:
        root: the corpus folder.
        index: the index folder, which is no part of the corpus.
        known: the files at build time, those that were skipped included.
        seconds: how long to wait; None waits as long as it takes.

    Returns:
        None when it took longer.
    """
    found: list[Staleness] = []
    worker = threading.Thread(
        target=lambda: found.append(_compare(root, index, known)), daemon=True
    )
    worker.start()
    worker.join(seconds)
    return found[0] if found else None


def _compare(root: Path, index: Path, known: Sequence[FileState]) -> Staleness:
    before = {file.path: (file.size, file.mtime_ns) for file in known}
    try:
        files = scan(root, SUFFIXES, ignored=index).files
    except CorpusError:
        files = ()
    now = {file.path: (file.size, file.mtime_ns) for file in files}
    return Staleness(
        changed=sum(now[path] != before[path] for path in now.keys() & before.keys()),
        added=len(now.keys() - before.keys()),
        deleted=len(before.keys() - now.keys()),
    )
