"""Which generation answers, and when may its files be closed? Behind the last who uses it.

In: an index folder and how its user wants it opened. Out: one opened generation with the models
that read its questions; those of the snapshot before it are kept where they are the same.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.encoding.encoder import EncoderSpec
from indexer.storage.language_note import language_note
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import Manifest, read_manifest
from indexer.storage.staleness import staleness
from retrieval.answering.answers import IndexInfo
from retrieval.answering.quotes import Quoter
from retrieval.background import Background, QuestionEncoder
from retrieval.opening import Stamp, open_store, stamp_of
from retrieval.ranking.ranker import Ranker
from retrieval.readers.open import DEFAULT_READER, open_reader
from retrieval.readers.protocol import Reader

# `stale` must not slow a question down: a folder that takes longer is not judged.
_STALENESS_SECONDS = 0.1


class Snapshot:
    """One opened generation, used by whoever opened it until `release`. Safe between threads."""

    def __init__(
        self,
        index: Path,
        manifest: Manifest,
        store: LocalStore,
        encoder: QuestionEncoder,
        reader: Background[Reader],
        stamp: Stamp | None = None,
    ) -> None:
        """Take the opened parts; `Opener.open` makes them.

        The stamp is the manifest's, from before it was read.
        """
        self.stamp = stamp
        self.manifest = manifest
        self.store = store
        self.encoder = encoder
        self.reader = reader
        self.ranker = Ranker(store, encoder, language_note(manifest))
        self.quoter = Quoter(store, manifest.roots)
        self.info = IndexInfo(
            path=str(index),
            generation=manifest.generation,
            documents=manifest.documents,
            passages=manifest.passages,
            stale=staleness(manifest.roots, index, store.catalog.files(), _STALENESS_SECONDS),
            corpus=manifest.roots.paths,
        )
        self._users = 1
        self._lock = threading.Lock()

    def acquire(self) -> None:
        """Use it too, until another `release`; whoever calls this knows that it is in use."""
        with self._lock:
            self._users += 1

    def release(self) -> None:
        """Use it no more; the last one closes the index's files."""
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self.store.close()

    def is_of(self, manifest: Manifest) -> bool:
        """Tell whether this is the generation of a manifest, wherever its articles lie now."""
        return replace(self.manifest, roots=manifest.roots) == manifest


class Current:
    """The snapshot that an engine answers from; it is replaced at once. Safe between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Take over a snapshot and its use."""
        self._snapshot: Snapshot | None = snapshot
        self._lock = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[Snapshot]:
        """Use the snapshot for a while: it stays open although another replaces it meanwhile.

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
        """Take over another snapshot; what uses the one before goes on with it.

        Raises:
            ValueError: after `close`; the other snapshot is then released.
        """
        with self._lock:
            try:
                before, self._snapshot = self._open_one(), snapshot
            except ValueError:
                snapshot.release()
                raise
        before.release()

    def close(self) -> None:
        """Use no snapshot any more; closing twice does nothing."""
        with self._lock:
            before, self._snapshot = self._snapshot, None
        if before is not None:
            before.release()

    def _open_one(self) -> Snapshot:
        if self._snapshot is None:
            raise ValueError("this engine is closed. Open another with SearchEngine.open")
        return self._snapshot


@dataclass(frozen=True, slots=True)
class Opener:
    """How a user wants an index and its later generations opened, as for `SearchEngine.open`."""

    index: Path
    corpus: tuple[Path, ...] = ()
    threads: int | None = None
    notify: Callable[[str], None] | None = None
    reader: str = DEFAULT_READER

    def open(self, before: Snapshot | None = None) -> Snapshot:
        """Open the live generation.

        Args:
            before: whose reader is kept, and whose encoder when the generation is of the same.
        """
        stamp, manifest = stamp_of(self.index), read_manifest(self.index)
        encoder, reader = self._encoder(manifest.encoder, before), self._reader(before)
        opened, store = open_store(self.index, manifest)
        try:
            if opened.encoder != manifest.encoder:
                encoder = self._encoder(opened.encoder, before)
            if self.corpus:
                opened = replace(opened, roots=opened.roots.moved(self.corpus))
            encoder.check()
            if self.reader != DEFAULT_READER:
                reader.get()  # one that the user named; the bundled one may be missing for search
            return Snapshot(self.index, opened, store, encoder, reader, stamp)
        except BaseException:
            store.close()
            raise

    def _encoder(self, spec: EncoderSpec, before: Snapshot | None) -> QuestionEncoder:
        """Begin to open the encoder, unless it is open; a missing one may be there now."""
        if before is not None and before.encoder.spec == spec and not before.encoder.warning:
            return before.encoder
        return QuestionEncoder(spec, threads=self.threads, notify=self.notify)

    def _reader(self, before: Snapshot | None) -> Background[Reader]:
        """Begin to open the reader, unless it is open; a missing one may be there now."""
        if before is not None and before.reader.problem is None:
            return before.reader
        return Background("open-reader", lambda: open_reader(self.reader, threads=self.threads))
