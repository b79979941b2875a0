"""Reference-counted handle on one open index generation, and how it is opened and replaced."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from indexer.encoding.encoder import EncoderSpec
from indexer.errors import IndexFormatError
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import MANIFEST_FILE, Manifest, read_manifest
from indexer.storage.notes import language_note, version_note
from indexer.storage.staleness import staleness
from retrieval.answering.answers import IndexInfo
from retrieval.answering.quotes import Quoter
from retrieval.background import Background, QuestionEncoder
from retrieval.ranking.ranker import Ranker
from retrieval.readers.open import DEFAULT_READER, open_reader
from retrieval.readers.protocol import Reader

Stamp: TypeAlias = tuple[int, int, int]
"""Modification time, size and inode of a manifest: another after each commit."""

_OPEN_ATTEMPTS = 3
_STALENESS_SECONDS = 0.1  # opening must not wait longer for a large folder


class Snapshot:
    """One open generation, with a reference for whoever opened it. Safe between threads."""

    def __init__(
        self,
        index: Path,
        manifest: Manifest,
        store: LocalStore,
        encoder: QuestionEncoder,
        reader: Background[Reader],
        stamp: Stamp | None = None,
    ) -> None:
        """Take the opened parts, and the stamp of the manifest from before it was read."""
        self.stamp = stamp
        self.manifest = manifest
        self.store = store
        self.encoder = encoder
        self.reader = reader
        notes = language_note(manifest), version_note(index, manifest)
        self.ranker = Ranker(store, encoder, *notes)
        self.quoter = Quoter(store, manifest.roots)
        self.info = IndexInfo(
            path=str(index),
            generation=manifest.generation,
            documents=manifest.documents,
            passages=manifest.passages,
            stale=staleness(manifest.roots, index, store.catalog.files(), _STALENESS_SECONDS),
            corpus=manifest.roots.paths,
        )
        self._references = 1
        self._lock = threading.Lock()

    def acquire(self) -> None:
        """Increment the reference count. The caller must know that a reference is held."""
        with self._lock:
            self._references += 1

    def release(self) -> None:
        """Decrement the reference count; the last release closes the index's files."""
        with self._lock:
            self._references -= 1
            if self._references == 0:
                self.store.close()

    def is_of(self, manifest: Manifest) -> bool:
        """Tell whether this is the generation of a manifest; the corpus may have moved."""
        return replace(self.manifest, roots=manifest.roots) == manifest


class Current:
    """The snapshot that an engine answers from, replaced atomically. Safe between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Take over a snapshot and its reference."""
        self._snapshot: Snapshot | None = snapshot
        self._lock = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[Snapshot]:
        """Hold a reference to the snapshot: it stays open even if it is replaced meanwhile.

        Raises:
            ValueError: after `close`.
        """
        with self._lock:
            snapshot = self._open_one()
            snapshot.acquire()
        try:
            yield snapshot
        finally:
            snapshot.release()

    def replace(self, snapshot: Snapshot) -> None:
        """Take over another snapshot.

        Raises:
            ValueError: after `close`; the new snapshot is then released.
        """
        with self._lock:
            try:
                before, self._snapshot = self._open_one(), snapshot
            except ValueError:
                snapshot.release()
                raise
        before.release()

    def close(self) -> None:
        """Release the snapshot; closing twice does nothing."""
        with self._lock:
            before, self._snapshot = self._snapshot, None
        if before is not None:
            before.release()

    def _open_one(self) -> Snapshot:
        if self._snapshot is None:
            raise ValueError("This engine is closed. Open another with SearchEngine.open")
        return self._snapshot


@dataclass(frozen=True, slots=True)
class Opener:
    """Options of `SearchEngine.open`, for the live generation and later ones."""

    index: Path
    corpus: tuple[Path, ...] = ()
    threads: int | None = None
    notify: Callable[[str], None] | None = None
    reader: str = DEFAULT_READER

    def open(self, before: Snapshot | None = None) -> Snapshot:
        """Open the live generation.

        Args:
            before: a snapshot whose models are reused where they are the same.
        """
        stamp, manifest = stamp_of(self.index), read_manifest(self.index)
        encoder, reader = self._encoder(manifest.encoder, before), self._reader(before)
        opened, store = _open_store(self.index, manifest)
        try:
            if opened.encoder != manifest.encoder:
                encoder = self._encoder(opened.encoder, before)
            if self.corpus:
                opened = replace(opened, roots=opened.roots.moved(self.corpus))
            encoder.check()
            if self.reader != DEFAULT_READER:
                reader.get()  # named by the user; search works without the bundled one
            return Snapshot(self.index, opened, store, encoder, reader, stamp)
        except BaseException:
            store.close()
            raise

    def _encoder(self, spec: EncoderSpec, before: Snapshot | None) -> QuestionEncoder:
        """Reuse the encoder, or begin to open it; one that was missing may be there now."""
        if before is not None and before.encoder.spec == spec and not before.encoder.warning:
            return before.encoder
        return QuestionEncoder(spec, threads=self.threads, notify=self.notify)

    def _reader(self, before: Snapshot | None) -> Background[Reader]:
        """Reuse the reader, or begin to open it; one that was missing may be there now."""
        if before is not None and before.reader.problem is None:
            return before.reader
        return Background("open-reader", lambda: open_reader(self.reader, threads=self.threads))


def stamp_of(index: Path) -> Stamp | None:
    """Return the stamp of an index; None without a manifest.

    Compare stamps for equality only: clocks can jump back.
    """
    try:
        found = (index / MANIFEST_FILE).stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def _open_store(index: Path, manifest: Manifest) -> tuple[Manifest, LocalStore]:
    """Open a generation, or its successor when a build has removed it meanwhile.

    Raises:
        IndexNotFoundError: when the index vanished.
        IndexFormatError: when the live generation is damaged, or was replaced each time.
    """
    for _ in range(_OPEN_ATTEMPTS):
        try:
            return manifest, LocalStore(index, manifest)
        except IndexFormatError:
            newer = read_manifest(index)
            if newer.generation == manifest.generation:
                raise
            manifest = newer
    raise IndexFormatError(
        f"The index at {index} was replaced {_OPEN_ATTEMPTS} times while it was being opened. "
        "Try again"
    )
