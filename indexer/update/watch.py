"""When is an index to be updated again? Each time its corpus has changed and is quiet again.

The folder is listed every few seconds, names, sizes and times alone: that works on every disk, also
on network folders, whose changes no system announces.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from indexer.catalog.reader import Catalog
from indexer.corpus.scan import CorpusFile
from indexer.errors import DatelineError, IndexLockedError, IndexWriteError
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.storage.staleness import compare_listing
from indexer.update.update import UpdateConfig, UpdateReport, scan_corpus, update

EVERY = 10.0
"""Seconds between two looks. An update follows a change after one to two of them."""

# What passes by itself: another writer, a full disk. Tried again although nothing has changed.
_PASSING = (IndexLockedError, IndexWriteError)

Tell = Callable[[UpdateReport | DatelineError], None]


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at an index and its corpus found, enough to see that something has changed."""

    generation: int
    files: tuple[CorpusFile, ...] = field(repr=False)
    is_current: bool


@dataclass(slots=True)
class Watcher:
    """Looks at a corpus, and updates its index when that is due.

    Args:
        index: the index folder.
        config: as of `update`.
        tell: is told of each update that changed something, and once of each error in a row.
    """

    index: Path
    config: UpdateConfig
    tell: Tell
    is_updating: bool = field(default=False, init=False)
    _last: Look | None = field(default=None, init=False)
    _settled: Look | None = field(default=None, init=False)
    _told: str = field(default="", init=False)
    _failed: str = field(default="", init=False)

    def look(self) -> None:
        """Look once; update when the corpus differs from the index and has been quiet for a round.

        What can be mended by a user is told, never raised: the next look may find it mended.
        """
        try:
            found = self._found()
            self._failed = ""
            due = not found.is_current and found == self._last and found != self._settled
            self._last = found
            if due:
                self._update(found)
            elif found.is_current:
                self._told = ""
        except DatelineError as error:
            self._last = None
            # Only what two looks see: a build may replace a generation during one.
            if str(error) == self._failed:
                self._tell_error(error)
            self._failed = str(error)

    def _update(self, found: Look) -> None:
        # A change of which nothing was made is not tried at every look, but when there is another.
        self._settled = found
        self.is_updating = True
        try:
            report = update(self.index, self.config)
        except _PASSING as error:
            self._settled = None
            self._tell_error(error)
        except DatelineError as error:
            self._tell_error(error)
        else:
            self._told = ""
            if not report.build.unchanged:
                self.tell(report)
        self.is_updating = False  # not after Ctrl-C: it cut an update short

    def _found(self) -> Look:
        manifest = read_manifest(self.index)
        corpus = scan_corpus(self.index, manifest, self.config)
        with Catalog(generation_folder(self.index, manifest.generation)) as catalog:
            known = catalog.files()
        stale = compare_listing(known, {file.path: file for file in corpus.files})
        is_current = stale.is_current and corpus.roots == manifest.roots
        return Look(manifest.generation, corpus.files, is_current)

    def _tell_error(self, error: DatelineError) -> None:
        if str(error) != self._told:
            self._told = str(error)
            self.tell(error)


def watch(
    watcher: Watcher, every: float = EVERY, *, wait: Callable[[float], None] = time.sleep
) -> None:
    """Look again and again, until the process is interrupted.

    Args:
        watcher: looks.
        every: seconds between two looks.
        wait: sleeps so long.

    Raises:
        DatelineError: when there is no index to begin with, or it cannot be read.
        KeyboardInterrupt: on Ctrl-C.
    """
    read_manifest(watcher.index)
    while True:
        watcher.look()
        wait(every)
