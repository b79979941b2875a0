"""Encoder of passages with onnxruntime: the bundled model in float32, on every core."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor, as_completed

from indexer.cores import cores
from indexer.encoding.batches import Batch, padded_length
from indexer.encoding.encoder import spec_of
from indexer.encoding.onnx_model import open_bundled
from indexer.encoding.passage_encoder import PassageEncoder
from indexer.store import Embeddings

_BATCH_TOKENS = 1024  # 512 to 4096 were equally fast; smaller ones keep all threads busy longer


class OnnxPassageEncoder(PassageEncoder):
    """The bundled model without torch."""

    def __init__(self, threads: int | None = None) -> None:
        """Open the model, after verifying its files.

        Args:
            threads: number of batches at a time; None means every core.

        Raises:
            EncoderError: when the model cannot be opened, or its files were altered.
        """
        # One thread a batch: threads that share one wait for each other at every step.
        self._model = open_bundled(threads=1, verified=True)
        described = self._model.described
        super().__init__(
            spec_of(described), self._model.tokenizer, described.passage_prompt, _BATCH_TOKENS
        )
        self._threads = threads or cores()

    def _encoded(self, made: list[Batch]) -> Generator[tuple[Batch, Embeddings], None, None]:
        pool = ThreadPoolExecutor(self._threads, "dateline-encoder")
        try:
            submitted = [pool.submit(self._computed, batch) for batch in made]
            yield from (done.result() for done in as_completed(submitted))
        finally:
            pool.shutdown(cancel_futures=True)

    def _computed(self, batch: Batch) -> tuple[Batch, Embeddings]:
        ids = batch[1]
        length = padded_length(max(map(len, ids)), self.spec.max_tokens)
        return batch, self._model.vectors(ids, length)
