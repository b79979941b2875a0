"""Does this passage answer, and with which words? The trained reader: onnxruntime, never torch.

In: a question and passages. Out: one `Reading` a passage, all of it from one model: the relevance
of a passage, and for each of its sentences the words that answer best.
"""

import re
from collections.abc import Iterable, Sequence
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
from retrieval.readers.windows import Window, cut_warning, token_ids, windows
from retrieval.settings import (
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
class _Task:
    """A window that is to be read, and the number of its passage."""

    passage: int
    window: Window


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns logits into scores: of a sentence, and of a passage's relevance."""

    evidence: Weights = READER_EVIDENCE_WEIGHTS
    relevance: Weights = READER_RELEVANCE_WEIGHTS


class TrainedReader:
    """The trained cross-encoder; satisfies `Reader`. Safe between threads.

    Open it with `TrainedReader.open`, which also says what can go wrong.
    """

    def __init__(
        self,
        session: ort.InferenceSession,
        tokenizer: Tokenizer,
        word_embeddings: WordEmbeddings,
        threads: int,
        calibration: Calibration,
    ) -> None:
        """Take the opened parts; `open` makes them."""
        self._session = session
        self._tokenizer = tokenizer
        self._word_embeddings = word_embeddings
        self._threads = threads
        self._calibration = calibration

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        threads: int | None = None,
        calibration: Calibration | None = None,
    ) -> Self:
        """Open a model: the bundled one is compared with its published SHA-256.

        Args:
            path: another ONNX file with the same inputs and outputs.
            threads: how many passages are read at a time; None means one a core.
            calibration: how logits become scores; None: as `settings` has it for the bundled one.

        Raises:
            ReaderError: when a file is missing, truncated, altered, or is no reader.
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
        """From which of its scores on something is related, or an answer."""
        return READER_THRESHOLDS

    def warnings(self, question: str) -> tuple[str, ...]:
        """Say whether a question is cut."""
        return cut_warning(len(self._tokenize([question])[0]))

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[Reading]:
        """Return one reading a passage, in the order given; a question without words finds none."""
        titles = sorted({stored.heading for stored in passages if stored.heading})
        asked, *encodings = self._tokenize(
            [question, *titles, *(stored.text for stored in passages)]
        )
        if not _has_words(asked):
            return [Reading(0.0, ()) for _ in passages]
        asked_ids = token_ids(question, asked)
        title_ids = {
            title: token_ids(title, encoding)
            for title, encoding in zip(titles, encodings, strict=False)
        }
        texts = encodings[len(titles) :]
        tasks = [
            _Task(number, window)
            for number, (stored, text) in enumerate(zip(passages, texts, strict=True))
            for window in windows(
                asked_ids, title_ids.get(stored.heading, []), token_ids(stored.text, text)
            )
        ]
        logits: list[list[WindowLogits]] = [[] for _ in passages]
        for task, found in zip(tasks, self._run(tasks), strict=True):
            logits[task.passage].append(found)
        scale = self._calibration
        return [
            reading_of(stored, text.offsets, found, scale.evidence, scale.relevance)
            for stored, text, found in zip(passages, texts, logits, strict=True)
        ]

    def _tokenize(self, texts: Sequence[str]) -> list[Encoding]:
        readable = [_SURROGATE.sub("\ufffd", text) for text in texts]
        found: list[Encoding] = self._tokenizer.encode_batch(readable, add_special_tokens=False)
        return found

    def _run(self, tasks: Sequence[_Task]) -> Iterable[WindowLogits]:
        """Return the logits of each window, in the order given; the longest are read first."""
        if not tasks:
            return []
        order = sorted(range(len(tasks)), key=lambda place: -len(tasks[place].window.ids))
        with ThreadPoolExecutor(min(self._threads, len(tasks))) as pool:
            found = pool.map(self._read_window, (tasks[place].window for place in order))
            by_place = dict(zip(order, found, strict=True))
        return [by_place[place] for place in range(len(tasks))]

    def _read_window(self, window: Window) -> WindowLogits:
        """Run the model over one window alone, so that no other has an influence on its scores."""
        feed = {
            "embeddings": self._word_embeddings[np.array(window.ids)][None],
            "token_types": np.array([window.token_types], dtype=np.int64),
            "mask": np.ones((1, len(window.ids)), dtype=np.int64),
        }
        relevance, start, end = self._session.run(list(OUTPUTS), feed)
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
    # One thread a window, several windows at a time: nothing is shared, so scores stay the same.
    options.intra_op_num_threads = 1
    options.log_severity_level = 4  # a failure is raised; it need not be printed as well
    try:
        session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's types share no other base
        raise ReaderError(
            f"the reader's model {path} cannot be opened: {str(error).splitlines()[0]} Expected "
            "an ONNX file that this onnxruntime runs. Give another file, or none for the bundled "
            "one."
        ) from error
    inputs = {node.name for node in session.get_inputs()}
    outputs = {node.name for node in session.get_outputs()}
    if inputs != set(INPUTS) or not outputs.issuperset(OUTPUTS):
        raise ReaderError(
            f"{path} is not a reader: it has the inputs {sorted(inputs)} and the outputs "
            f"{sorted(outputs)}; expected {sorted(INPUTS)} and {sorted(OUTPUTS)}. Give the file "
            "of a reader, or none for the bundled one."
        )
    return session


def _has_words(asked: Encoding) -> bool:
    return any(piece != _UNKNOWN and piece.strip("#").isalnum() for piece in asked.tokens)
