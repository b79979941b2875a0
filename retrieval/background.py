"""Models that open in a thread while the index opens, since both take equally long."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from indexer.encoding.encoder import Encoder, EncoderSpec, open_encoder
from indexer.errors import EncoderError
from indexer.store import Embeddings

T = TypeVar("T")


class Background(Generic[T]):
    """Holder of a value that a thread opens. Safe between threads."""

    def __init__(self, name: str, opening: Callable[[], T]) -> None:
        """Begin to open the value."""
        # The interpreter waits for this thread: it would abort while onnxruntime opens a model.
        executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._opened = executor.submit(opening)
        executor.shutdown(wait=False)

    @property
    def problem(self) -> BaseException | None:
        """The error that opening ended with."""
        return self._opened.exception()

    def get(self) -> T:
        """Return the value, or raise the error that opening it ended with."""
        if self.problem is not None:
            # All callers share the error: each raise would add to its traceback.
            raise self.problem.with_traceback(None)
        return self._opened.result()


class QuestionEncoder:
    """Encoder of questions. Without its model, search continues by keywords, with a warning."""

    threads: int | None = None
    """Threads that one question may use; None means every core."""

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
        self._encoder: Background[Encoder] = Background(
            "open-encoder",
            lambda: open_encoder(
                spec.name, expected_sha256=spec.sha256, threads=threads, notify=notify
            ),
        )

    @property
    def warning(self) -> str | None:
        """Why there is no encoder, for the user."""
        problem = self._encoder.problem
        if problem is None:
            return None
        return f"Searched by keywords only, without the language model: {problem}"

    def check(self) -> None:
        """Wait until the encoder is open or known to be missing.

        Raises:
            EncoderMismatchError: when it did not make the index's vectors.
        """
        if not isinstance(self._encoder.problem, EncoderError):
            self._encoder.get()

    def encode(self, text: str) -> Embeddings | None:
        """Return the unit vector of a question, shape (dimension,); None without an encoder."""
        return None if self._encoder.problem else self._encoder.get().encode([text])[0]
