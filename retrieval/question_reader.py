"""Who reads this question? The reader opens beside the index, and may be missing.

Opening the trained reader hashes its files, so it happens in a thread from the start. When the
bundled one is missing or altered, the baseline reads instead, and the user is told.
"""

import threading

from retrieval.question_encoder import QuestionEncoder
from retrieval.reader import Reader
from retrieval.readers import BUNDLED, SENTENCES, open_reader
from retrieval.sentence_reader import SentenceReader


class QuestionReader:
    """The reader that the engine was asked for, opened in the background. Safe between threads."""

    def __init__(
        self, name: str, encoder: QuestionEncoder, *, fitted: bool, threads: int | None = None
    ) -> None:
        """Begin to open a reader.

        Args:
            name: as of `open_reader`.
            encoder: what the baseline compares sentences with.
            fitted: whether the baseline's weights fit that encoder's cosines.
            threads: how many threads read; None means every core.
        """
        self._name = name
        self._encoder = encoder
        self._fitted = fitted
        self._threads = threads
        self._reader: Reader | None = None
        self._problem: Exception | None = None
        # Not a daemon: a process that ends while onnxruntime opens a model would be aborted.
        self._worker = threading.Thread(target=self._open, name="open-reader")
        self._worker.start()

    @property
    def reader(self) -> Reader:
        """The opened reader, or the baseline when the bundled one is not available."""
        self._worker.join()
        if self._reader is None:
            # The encoder is waited for only by the reader that needs it.
            self._reader = SentenceReader(self._encoder.encoder if self._fitted else None)
        return self._reader

    @property
    def warning(self) -> str | None:
        """Why the baseline reads although another reader was asked for, in words for the user."""
        self._worker.join()
        if self._problem is None:
            return None
        return f"read by the baseline, which answers worse, not by the reader: {self._problem}"

    def check(self) -> None:
        """Wait until the reader is open.

        Raises:
            ReaderError: when a reader that the user named cannot be opened.
        """
        if self._name not in (BUNDLED, SENTENCES):
            self._worker.join()
            if self._problem is not None:
                raise self._problem

    def _open(self) -> None:
        if self._name == SENTENCES:
            return
        try:
            self._reader = open_reader(self._name, threads=self._threads)
        except Exception as error:  # noqa: BLE001 - handed to the thread that waits
            self._problem = error
