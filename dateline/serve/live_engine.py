"""A search engine that opens in the background and follows the index to each new generation."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Literal

import retrieval
from indexer.errors import DatelineError

State = Literal["opening", "ready", "unreadable"]

_RETRY_SECONDS = 2.0  # an index that is damaged stays so for a while
_FIRST_QUESTION = "ready?"

_log = logging.getLogger(__name__)


class LiveEngine:
    """Engine over the live generation of an index. Safe between threads.

    While a newer generation cannot be opened, or the index is gone, the one that is open answers.
    """

    def __init__(self, opening: "Callable[[], retrieval.SearchEngine]") -> None:
        """Take the function that opens the engine; nothing is opened yet."""
        self._opening = opening
        self._engine: retrieval.SearchEngine | None = None
        self._opens = threading.Lock()
        self._refreshes = threading.Lock()
        self._next_refresh = 0.0
        self._closed = False
        self.state: State = "opening"

    def begin(self) -> threading.Thread:
        """Open the engine in a thread, and answer one question, which loads every model."""
        thread = threading.Thread(target=self._warm_up, name="open-index")
        thread.start()
        return thread

    def get(self) -> "retrieval.SearchEngine":
        """Return the engine, on the live generation where that can be opened.

        Raises:
            DatelineError: when the index cannot be opened; the next call tries again.
        """
        engine = self._engine or self._opened()
        if engine.is_outdated() and self._refreshes.acquire(blocking=False):
            try:
                self._refresh(engine)
            finally:
                self._refreshes.release()
        return engine

    def generation(self) -> int:
        """Return the generation that answers; 0 for none."""
        return 0 if self._engine is None or self._closed else self._engine.info.generation

    def close(self) -> None:
        """Close the engine after the questions in progress."""
        self._closed = True
        if self._engine is not None:
            self._engine.close()

    def _opened(self) -> "retrieval.SearchEngine":
        with self._opens:
            if self._engine is not None:
                return self._engine
            try:
                engine = self._opening()
            except DatelineError:
                self.state = "unreadable"
                raise
            if self._closed:
                engine.close()
            if self.state == "unreadable":
                self.state = "ready"
            self._engine = engine
            return engine

    def _refresh(self, engine: "retrieval.SearchEngine") -> None:
        if time.monotonic() < self._next_refresh:
            return
        try:
            engine.refresh()
        except DatelineError as error:
            self._next_refresh = time.monotonic() + _RETRY_SECONDS
            _log.warning("The newer index could not be opened; the earlier one answers: %s", error)

    def _warm_up(self) -> None:
        try:
            self.get().answer(_FIRST_QUESTION)
            self.state = "ready"
        except DatelineError as error:
            self.state = "unreadable"
            _log.warning("%s", error)
        except ValueError:
            if not self._closed:
                raise
