"""The trained reader: one cross-encoder for relevance and spans, run by onnxruntime, not torch."""

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from tokenizers import Encoding, Tokenizer

from indexer.cores import cores
from indexer.encoding.onnx_setup import ort
from indexer.errors import ReaderError
from indexer.store import StoredPassage
from retrieval.query.days import in_days_of
from retrieval.query.wording import in_words_of
from retrieval.readers.logits import Weights, WindowLogits, reading_of
from retrieval.readers.protocol import Reading
from retrieval.readers.trained_files import (
    BUNDLED_READER,
    WordEmbeddings,
    open_tokenizer,
    open_word_embeddings,
    read_model,
    read_published,
)
from retrieval.readers.windows import Window, token_ids, truncation_warning, windows
from retrieval.settings import (
    READER_CALIBRATOR,
    READER_EVIDENCE_WEIGHTS,
    READER_RELEVANCE_WEIGHTS,
    READER_THRESHOLDS,
    Thresholds,
)

INPUTS = ("embeddings", "token_types", "mask")
OUTPUTS = ("relevance", "start", "end")
_UNKNOWN = "[UNK]"
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights that turn logits into scores of a sentence, and of a passage's relevance."""

    evidence: Weights = READER_EVIDENCE_WEIGHTS
    relevance: Weights = READER_RELEVANCE_WEIGHTS


@dataclass(frozen=True, slots=True)
class TrainedReader:
    """The trained cross-encoder; satisfies `Reader`. Safe between threads."""

    session: ort.InferenceSession
    tokenizer: Tokenizer
    word_embeddings: WordEmbeddings
    threads: int
    calibration: Calibration

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        threads: int | None = None,
        calibration: Calibration | None = None,
    ) -> Self:
        """Open the bundled model, whose SHA-256 is checked, or another.

        Args:
            path: another ONNX file with the same inputs and outputs.
            threads: number of passages read at a time; None means every core.
            calibration: None means that of the bundled model.

        Raises:
            ReaderError: when a file is missing, truncated, altered, or not a reader.
        """
        content = read_published(BUNDLED_READER) if path is None else read_model(path)
        session = _open_session(content, path or BUNDLED_READER.path)
        return cls(
            session,
            open_tokenizer(),
            open_word_embeddings(),
            threads or cores(),
            calibration or Calibration(),
        )

    @property
    def thresholds(self) -> Thresholds:
        """Thresholds of the bundled model."""
        return READER_THRESHOLDS

    @property
    def calibrator(self) -> Mapping[str, float]:
        """Weights fitted for the bundled model."""
        return READER_CALIBRATOR

    def warnings(self, question: str) -> tuple[str, ...]:
        """Warn about a question that is truncated."""
        return truncation_warning(len(self._tokenize([question])[0]))

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[Reading]:
        """Return one reading per passage, in order; none has evidence without words to ask."""
        wordings = [
            in_days_of(stored.text, stored.published, in_words_of(stored.text, question))
            for stored in passages
        ]
        headings = [stored.heading for stored in passages]
        short = list(dict.fromkeys([question, *wordings, *filter(None, headings)]))
        encodings = self._tokenize([*short, *(stored.text for stored in passages)])
        if not _has_words(encodings[0]):
            return [Reading(0.0, ()) for _ in passages]
        ids = {
            text: token_ids(text, encoding)
            for text, encoding in zip(short, encodings, strict=False)
        }
        texts = encodings[len(short) :]
        by_passage = [
            windows(ids[wording], ids.get(heading, []), token_ids(stored.text, text))
            for wording, heading, stored, text in zip(
                wordings, headings, passages, texts, strict=True
            )
        ]
        logits = iter(self._run([window for found in by_passage for window in found]))
        scale = self.calibration
        return [
            reading_of(
                stored, text.offsets, [next(logits) for _ in found], scale.evidence, scale.relevance
            )
            for stored, text, found in zip(passages, texts, by_passage, strict=True)
        ]

    def _tokenize(self, texts: Sequence[str]) -> list[Encoding]:
        readable = [_SURROGATE.sub("\ufffd", text) for text in texts]
        found: list[Encoding] = self.tokenizer.encode_batch(readable, add_special_tokens=False)
        return found

    def _run(self, found: Sequence[Window]) -> Iterable[WindowLogits]:
        """Return the logits of each window, in order; the longest are read first."""
        if not found:
            return []
        order = sorted(range(len(found)), key=lambda index: -len(found[index].ids))
        with ThreadPoolExecutor(min(self.threads, len(found))) as pool:
            logits = pool.map(self._read_window, (found[index] for index in order))
            by_index = dict(zip(order, logits, strict=True))
        return [by_index[index] for index in range(len(found))]

    def _read_window(self, window: Window) -> WindowLogits:
        """Run one window alone: 8-bit scales span a whole call, so others would affect it."""
        feed = {
            "embeddings": self.word_embeddings[np.array(window.ids)][None],
            "token_types": np.array([window.token_types], dtype=np.int64),
            "mask": np.ones((1, len(window.ids)), dtype=np.int64),
        }
        relevance, start, end = self.session.run(list(OUTPUTS), feed)
        passage = slice(window.begin, window.begin + window.count)
        return WindowLogits(
            first=window.first,
            start=start[0, passage],
            end=end[0, passage],
            null=float(start[0, 0] + end[0, 0]),
            relevance=float(relevance[0]),
        )


def _open_session(content: bytes, path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    # One thread per window, several windows at a time: nothing is shared, so scores do not vary.
    options.intra_op_num_threads = 1
    options.log_severity_level = 4  # failures are raised, so do not print them too
    try:
        session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's types share no other base
        raise ReaderError(
            f"The reader's model {path} cannot be opened: {str(error).splitlines()[0]} Expected "
            "an ONNX file that this onnxruntime runs. Give another file, or none for the bundled "
            "one."
        ) from error
    inputs = {node.name for node in session.get_inputs()}
    outputs = {node.name for node in session.get_outputs()}
    if inputs != set(INPUTS) or not outputs.issuperset(OUTPUTS):
        raise ReaderError(
            f"{path} is not a reader: found inputs {sorted(inputs)} and outputs "
            f"{sorted(outputs)}, expected {sorted(INPUTS)} and {sorted(OUTPUTS)}. Give the file "
            "of a reader, or none for the bundled one."
        )
    return session


def _has_words(asked: Encoding) -> bool:
    return any(piece != _UNKNOWN and piece.strip("#").isalnum() for piece in asked.tokens)
