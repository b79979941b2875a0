"""Watching of a corpus: its index is updated each time it has changed and settled.

Listing it every few seconds works on network folders too, which announce no changes.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from indexer.catalog.reader import Catalog
from indexer.corpus.scan import CorpusFile
from indexer.errors import DatelineError, IndexLockedError, IndexWriteError
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.update.update import UpdateConfig, UpdateReport, scan_corpus, update

EVERY = 10.0
"""Seconds between two checks. An update follows a change after one to two of them."""

_Changed: TypeAlias = tuple[int, tuple[CorpusFile, ...]]


@dataclass(slots=True)
class Watcher:
    """Checker of one corpus, which updates its index; `tell` receives updates and errors, once."""

    index: Path
    config: UpdateConfig
    tell: Callable[[UpdateReport | DatelineError], None]
    is_updating: bool = field(default=False, init=False)
    _last: _Changed | None = field(default=None, init=False)
    _tried: _Changed | None = field(default=None, init=False)
    _told: str = field(default="", init=False)
    _failed: str = field(default="", init=False)

    def check(self) -> None:
        """Update when the corpus differs from the index and is as it was at the last check.

        Errors are told, never raised: the next check may find them repaired.
        """
        try:
            changed = self._changed()
            self._failed = ""
            is_due = changed == self._last and changed != self._tried
            self._last = changed
            if changed is None:
                self._told = ""
            elif is_due:
                self._update(changed)
        except DatelineError as error:
            self._last = None
            # Told when two checks meet it: a build may replace a generation during one.
            if str(error) == self._failed:
                self._tell_error(error)
            self._failed = str(error)

    def _changed(self) -> _Changed | None:
        """Return generation and files where they differ; None when the index is up to date."""
        manifest = read_manifest(self.index)
        corpus = scan_corpus(self.index, manifest, self.config)
        with Catalog(generation_folder(self.index, manifest.generation)) as catalog:
            known = {(file.path, file.size, file.mtime_ns) for file in catalog.files()}
        now = {(file.path, file.size, file.mtime_ns) for file in corpus.files}
        is_current = known == now and corpus.roots == manifest.roots
        return None if is_current else (manifest.generation, corpus.files)

    def _update(self, changed: _Changed) -> None:
        self._tried = changed  # not tried again until something changes
        self.is_updating = True
        try:
            report = update(self.index, self.config)
        except DatelineError as error:
            if isinstance(error, IndexLockedError | IndexWriteError):  # these pass by themselves
                self._tried = None
            self._tell_error(error)
        else:
            self._told = ""
            if not report.build.unchanged:
                self.tell(report)
        self.is_updating = False  # not after Ctrl-C, which cut an update short

    def _tell_error(self, error: DatelineError) -> None:
        if str(error) != self._told:
            self._told = str(error)
            self.tell(error)


def watch(
    watcher: Watcher, every: float = EVERY, *, wait: Callable[[float], None] = time.sleep
) -> None:
    """Check every so many seconds, until the process is interrupted.

    Raises:
        DatelineError: when there is no index to begin with, or it cannot be read.
        KeyboardInterrupt: on Ctrl-C.
    """
    read_manifest(watcher.index)
    while True:
        watcher.check()
        wait(every)
