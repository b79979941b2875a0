"""Has the corpus changed since the index was built?

By size and modification time when a question is asked, by hash when it matters.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Literal

from indexer.catalog import FileState
from indexer.errors import CorpusError
from indexer.loaders import SUFFIXES, scan

SourceState = Literal["same", "changed", "missing"]


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


def compare_hashes(
    root: Path, index: Path, hashes: Mapping[str, str], skipped: Sequence[FileState]
) -> Staleness:
    """Compare the corpus with what was indexed by hashing every file.

    Args:
        root: the corpus folder.
        index: the index folder, which is no part of the corpus.
        hashes: SHA-256 of every document's file, by path.
        skipped: files that were no documents: changed when their size or time is another now.
    """
    try:
        files = scan(root, SUFFIXES, ignored=index).files
    except CorpusError:
        files = ()
    before = {file.path: (file.size, file.mtime_ns) for file in skipped}
    now = {file.path: (file.size, file.mtime_ns) for file in files}
    mended = sum(now[path] != before[path] for path in now.keys() & before.keys())
    states = {path: check_source(root, path, digest) for path, digest in hashes.items()}
    return Staleness(
        changed=mended + sum(state == "changed" for state in states.values()),
        added=len(now.keys() - hashes.keys() - before.keys()),
        deleted=len(before.keys() - now.keys())
        + sum(state == "missing" for state in states.values()),
    )


def check_source(root: Path, path: str, expected_sha256: str) -> SourceState:
    """Compare the file of an article with what was indexed, by the SHA-256 of its bytes.

    What cannot be read counts as missing: nothing can be highlighted in it. So does a pipe or a
    device put in the file's place: reading that might never end.
    """
    file = root / path
    try:
        if not file.is_file():
            return "missing"
        with file.open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
    except OSError:
        return "missing"
    return "same" if digest == expected_sha256 else "changed"


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
