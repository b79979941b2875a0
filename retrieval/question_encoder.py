"""Is there a vector for this question? The encoder opens beside the index, and may be missing.

Opening takes as long as everything else together, so it happens in a thread from the start.
Without an encoder, questions are answered from BM25 alone, and the user is told.
"""

import threading
from collections.abc import Callable

from indexer.encoder import Encoder, EncoderSpec, open_encoder
from indexer.errors import EncoderError, EncoderMismatchError
from indexer.store import Embeddings


class QuestionEncoder:
    """The index's encoder, opened in the background. Safe between threads."""

    threads: int | None = None
    """How many threads one question may use; None means every core."""

    def __init__(
        self,
        spec: EncoderSpec,
        *,
        threads: int | None = None,
        notify: Callable[[str], None] | None = None,
    ) -> None:
        """Begin to open the encoder that a manifest names."""
        self.spec = spec
        self.threads = threads
        self._notify = notify
        self._encoder: Encoder | None = None
        self._problem: Exception | None = None
        # Not a daemon: a process that ends while onnxruntime opens a model would be aborted.
        self._worker = threading.Thread(target=self._open, name="open-encoder")
        self._worker.start()

    @property
    def encoder(self) -> Encoder | None:
        """The opened encoder, or None when it is not available."""
        self._worker.join()
        return self._encoder

    @property
    def warning(self) -> str | None:
        """Why there is no encoder, in words for the user."""
        self._worker.join()
        if self._problem is None:
            return None
        return f"answered from BM25 alone, without the encoder: {self._problem}"

    def check(self) -> None:
        """Wait until the encoder is open.

        Raises:
            EncoderMismatchError: when it is not the one that made the index's vectors.
        """
        self._worker.join()
        if isinstance(self._problem, EncoderMismatchError):
            raise self._problem
        if self._problem is not None and not isinstance(self._problem, EncoderError):
            raise self._problem

    def encode(self, text: str) -> Embeddings | None:
        """Return the unit vector of a question, shape (dimension,); None without an encoder."""
        encoder = self.encoder
        return None if encoder is None else encoder.encode([text])[0]

    def _open(self) -> None:
        try:
            self._encoder = open_encoder(
                self.spec.name,
                expected_sha256=self.spec.sha256,
                threads=self.threads,
                notify=self._notify,
            )
        except Exception as error:  # noqa: BLE001 - handed to the thread that waits, see check()
            self._problem = error
