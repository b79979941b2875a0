"""Has the corpus changed since the index was built?

By size and modification time when a question is asked, by hash when it matters.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Literal

from indexer.corpus.roots import CorpusRoots
from indexer.corpus.scan import CorpusFile, scan
from indexer.documents import Document, SourceFile
from indexer.errors import CorpusError
from indexer.loaders.formats.registry import SUFFIXES

SourceState = Literal["same", "changed", "missing"]

# More than any disk here listed: 26,634 files took 0.4 s on one core.
_LISTED_A_SECOND = 200_000


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
    roots: CorpusRoots, index: Path, known: Sequence[SourceFile], seconds: float | None = None
) -> Staleness | None:
    """Compare the corpus with what was indexed, by size and time.

    Args:
        roots: where the corpus lies; what is missing has every file deleted.
        index: the index folder, which is no part of the corpus.
        known: the files at build time, those without a document included.
        seconds: how long to wait; None waits as long as it takes.

    Returns:
        None when it took longer, or would: so many files are not even begun with, since the
        thread that lists them would slow the first question down.
    """
    if seconds is not None and len(known) > _LISTED_A_SECOND * seconds:
        return None
    found: list[Staleness] = []
    worker = threading.Thread(
        target=lambda: found.append(_compare(roots, index, known)), daemon=True
    )
    worker.start()
    worker.join(seconds)
    return found[0] if found else None


def compare_hashes(roots: CorpusRoots, index: Path, known: Sequence[SourceFile]) -> Staleness:
    """Compare the corpus with what was indexed, by hashing every file that was read.

    Args:
        roots: as in `staleness`.
        index: as in `staleness`.
        known: as in `staleness`; a file that was not read has changed when its size or time has.
    """
    now = _files_now(roots, index)
    unread = [file for file in known if not file.sha256]
    states = [check_file(roots.locate(file.path), file) for file in known if file.sha256]
    return Staleness(
        changed=_touched(unread, now) + states.count("changed"),
        added=len(now.keys() - {file.path for file in known}),
        deleted=sum(file.path not in now for file in unread) + states.count("missing"),
    )


def check_source(roots: CorpusRoots, document: Document) -> SourceState:
    """Compare the file of an article with what was indexed.

    A file of one article is hashed each time. A container, which may be large, is hashed when its
    size or time is another than at build time.
    """
    place = roots.locate(document.file.path)
    if document.in_container and place is not None and _is_untouched(place, document.file):
        return "same"
    return check_file(place, document.file)


def check_file(place: Path | None, file: SourceFile) -> SourceState:
    """Compare a file with what was indexed, by the SHA-256 of its bytes.

    What cannot be read counts as missing: nothing can be highlighted in it. So does a pipe or a
    device put in the file's place: reading that might never end.

    Args:
        place: where the file lies now; None when that is unknown.
        file: what was indexed.
    """
    try:
        if place is None or not place.is_file():
            return "missing"
        with place.open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
    except OSError:
        return "missing"
    return "same" if digest == file.sha256 else "changed"


def _is_untouched(place: Path, file: SourceFile) -> bool:
    try:
        status = place.stat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns)


def _compare(roots: CorpusRoots, index: Path, known: Sequence[SourceFile]) -> Staleness:
    return compare_listing(known, _files_now(roots, index))


def compare_listing(known: Sequence[SourceFile], now: Mapping[str, CorpusFile]) -> Staleness:
    """Compare what was indexed with what is there now, by size and time.

    Args:
        known: the files at build time, those without a document included.
        now: the files of the corpus, by path.
    """
    before = {file.path for file in known}
    return Staleness(
        changed=_touched(known, now),
        added=len(now.keys() - before),
        deleted=len(before - now.keys()),
    )


def _touched(known: Sequence[SourceFile], now: Mapping[str, CorpusFile]) -> int:
    """Count the files that are still there with another size or time."""
    pairs = ((file, now[file.path]) for file in known if file.path in now)
    return sum((old.size, old.mtime_ns) != (new.size, new.mtime_ns) for old, new in pairs)


def _files_now(roots: CorpusRoots, index: Path) -> dict[str, CorpusFile]:
    """List each root by itself: one that is missing says nothing of the others."""
    found: dict[str, CorpusFile] = {}
    for root in roots.roots:
        try:
            files = scan(CorpusRoots((root,)), SUFFIXES, ignored=index).files
        except CorpusError:
            continue
        found.update((file.path, file) for file in files)
    return found
