"""Readers for any Hugging Face model that the user names; they need torch and are not calibrated.

No code of a model is ever run.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import CrossEncoder
from transformers import (
    AutoConfig,
    AutoModelForQuestionAnswering,
    AutoTokenizer,
    BatchEncoding,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging as transformers_logging

from indexer.documents import Span
from indexer.encoding.model_files import HUB_NAME, LOAD_ERRORS
from indexer.errors import ReaderError
from indexer.store import StoredPassage
from retrieval.readers.evidence import choose_evidence
from retrieval.readers.logits import Weights, WindowLogits, reading_of
from retrieval.readers.protocol import Evidence, Reading
from retrieval.readers.windows import truncation_warning
from retrieval.settings import NAMED_THRESHOLDS, QUESTION_TOKENS, WINDOW_OVERLAP, Thresholds

_CROSS_ENCODER, _SPANS = "ForSequenceClassification", "ForQuestionAnswering"
_LONGEST_WINDOW = 512  # some tokenizers state no limit
_SPAN_ALONE: Weights = (0.0, 1.0, 0.0)  # as in SQuAD 2.0: a span against no answer


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model that a user named: a local folder, or a name on the hub."""

    name: str
    marks_spans: bool
    local: bool
    longest: int


class TextWindows:
    """Tokenizer of a model, which truncates questions and splits passages into windows.

    Special tokens such as `[SEP]` in a text are text.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, model: NamedModel) -> None:
        """Take a loaded tokenizer.

        Raises:
            ReaderError: when it does not report the offsets of its tokens.
        """
        if not tokenizer.is_fast:
            raise ReaderError(
                f"Reader {model.name} cannot be used: its tokenizer {type(tokenizer).__name__} "
                "does not report token offsets; expected a fast one. Use another model."
            )
        tokenizer.split_special_tokens = True
        self.tokenizer = tokenizer
        self._longest = min(int(tokenizer.model_max_length), model.longest)
        self._question_tokens = min(QUESTION_TOKENS, self._longest // 2)
        self._special_tokens = int(tokenizer.num_special_tokens_to_add(pair=True))

    def warnings(self, question: str) -> tuple[str, ...]:
        """Warn about a question that is truncated."""
        return truncation_warning(len(self._offsets(question)), self._question_tokens)

    def truncate(self, question: str) -> str:
        """Return the part of a question that is read."""
        offsets = self._offsets(question)[: self._question_tokens]
        return question[: offsets[-1][1]] if offsets else ""

    def pieces(self, question: str, text: str) -> list[str]:
        """Return a text in pieces that fit beside a truncated question."""
        offsets = self._offsets(text)
        room, overlap = self._room(question)
        if len(offsets) <= room:
            return [text]
        firsts = range(0, len(offsets) - overlap, room - overlap)
        parts = [offsets[first : first + room] for first in firsts]
        return [Span(part[0][0], part[-1][1]).slice(text) for part in parts]

    def windows(self, question: str, text: str) -> tuple[BatchEncoding, int]:
        """Return the token ids of a pair, in windows, and the number of tokens that two share."""
        _, overlap = self._room(question)
        encoded = self.tokenizer(
            question,
            text,
            truncation="only_second",
            max_length=self._longest,
            stride=overlap,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )
        return encoded, overlap

    def _room(self, question: str) -> tuple[int, int]:
        """Return the tokens of a text that fit beside a question, and the overlap of windows."""
        room = self._longest - self._special_tokens - len(self._offsets(question))
        return room, min(WINDOW_OVERLAP, room // 2)

    def _offsets(self, text: str) -> list[tuple[int, int]]:
        encoded = self.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )
        offsets: list[tuple[int, int]] = encoded["offset_mapping"]
        return offsets


@dataclass(frozen=True, slots=True)
class _NamedReader(ABC):
    """Common part of the two readers; both satisfy `Reader`."""

    windows: TextWindows

    @property
    def thresholds(self) -> Thresholds:
        """Even odds: nobody calibrated the model."""
        return NAMED_THRESHOLDS

    @property
    def calibrator(self) -> None:
        """None: nobody fitted one."""
        return None

    def warnings(self, question: str) -> tuple[str, ...]:
        """Warn about a question that is truncated."""
        return self.windows.warnings(question)

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[Reading]:
        """Return one reading per passage, in order; none has evidence without words to ask."""
        asked = self.windows.truncate(question)
        if not any(character.isalnum() for character in asked):
            return [Reading(0.0, ()) for _ in passages]
        return [self._read(asked, stored) for stored in passages]

    @abstractmethod
    def _read(self, asked: str, stored: StoredPassage) -> Reading: ...


@dataclass(frozen=True, slots=True)
class SpanReader(_NamedReader):
    """Reader with an extractive question answering model.

    A score is the logistic of (all spans - no answer), where no answer is the span of [CLS]; it is
    meaningless for a model that was trained without unanswerable questions.
    """

    model: PreTrainedModel

    def _read(self, asked: str, stored: StoredPassage) -> Reading:
        encoded, overlap = self.windows.windows(asked, stored.text)
        offsets: list[tuple[int, int]] = []
        windows = []
        for number in range(len(encoded["input_ids"])):
            positions = [i for i, part in enumerate(encoded.sequence_ids(number)) if part == 1]
            first = max(0, len(offsets) - overlap)
            windows.append(self._logits(encoded, number, positions, first))
            new = positions[len(offsets) - first :]
            offsets.extend(encoded["offset_mapping"][number][position] for position in new)
        return reading_of(stored, offsets, windows, _SPAN_ALONE, _SPAN_ALONE)

    def _logits(
        self, encoded: BatchEncoding, number: int, positions: list[int], first: int
    ) -> WindowLogits:
        """Run one window alone, without padding, so that no other affects it."""
        ids = encoded["input_ids"][number]
        names = self.windows.tokenizer.model_input_names
        feed = {name: torch.tensor([encoded[name][number]]) for name in names if name in encoded}
        with torch.inference_mode():
            output = self.model(**feed)
        start, end = output.start_logits[0].numpy(), output.end_logits[0].numpy()
        cls_id = self.windows.tokenizer.cls_token_id
        null = ids.index(cls_id) if cls_id in ids else 0
        no_answer = float(start[null] + end[null])
        return WindowLogits(first, start[positions], end[positions], no_answer, 0.0)


@dataclass(frozen=True, slots=True)
class CrossEncoderReader(_NamedReader):
    """Reader with a cross-encoder of one output, whose logistic scores passages and sentences."""

    model: CrossEncoder

    def _read(self, asked: str, stored: StoredPassage) -> Reading:
        sentences = stored.passage.sentences
        texts = [stored.text, *(stored.slice(span) for span in sentences)]
        relevance, *scores = self._scores(asked, texts)
        scored = [
            Evidence(span, span, score) for span, score in zip(sentences, scores, strict=True)
        ]
        return Reading(relevance, choose_evidence(stored, scored))

    def _scores(self, asked: str, texts: Sequence[str]) -> list[float]:
        """Return the score of each text: that of its best piece."""
        pieces = [self.windows.pieces(asked, text) for text in texts]
        found = self.model.predict(
            [(asked, piece) for of_text in pieces for piece in of_text],
            activation_fn=torch.nn.Sigmoid(),
            show_progress_bar=False,
        )
        ends = np.cumsum([len(of_text) for of_text in pieces])[:-1]
        return [float(of_text.max()) for of_text in np.split(found, ends)]


def open_transformer_reader(
    name: str, *, threads: int | None = None
) -> CrossEncoderReader | SpanReader:
    """Load a model; the hub is asked only for a name that is not a folder.

    Args:
        name: a folder, or a name on the hub.
        threads: threads of torch in this whole process; None leaves them.

    Raises:
        ReaderError: when it cannot be loaded or is not a reader.
    """
    if threads is not None:
        torch.set_num_threads(threads)
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call] # no annotations
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call] # no annotations
    try:
        model = _describe(name)
        return _load_spans(model) if model.marks_spans else _load_cross_encoder(model)
    except LOAD_ERRORS as error:
        lines = str(error).strip().splitlines() or [repr(error)]
        raise ReaderError(
            f"Reader {name} cannot be loaded: {lines[0]} Expected a cross-encoder or an extractive "
            "question answering model that transformers loads without code of its own. Check the "
            "name."
        ) from error


def _describe(name: str) -> NamedModel:
    """Return what a model is; may raise one of `LOAD_ERRORS`."""
    folder = _folder(name)
    if folder is None and not HUB_NAME.fullmatch(name):
        raise ReaderError(
            f"Reader {name!r} is not a folder; expected the folder or the Hugging Face name of a "
            "cross-encoder or a question answering model. Check the path."
        )
    if folder is not None and not (folder / "config.json").is_file():
        raise ReaderError(
            f"Reader folder {folder} has no config.json; expected a model saved by transformers "
            "or sentence-transformers. Give the folder with this file."
        )
    config = AutoConfig.from_pretrained(
        str(folder or name), local_files_only=folder is not None, trust_remote_code=False
    )
    found = [str(architecture) for architecture in config.architectures or []]
    kinds = {kind for kind in (_CROSS_ENCODER, _SPANS) for one in found if one.endswith(kind)}
    if len(kinds) != 1:
        raise ReaderError(
            f"Reader {name} cannot be used: it is {', '.join(found) or 'of no known kind'}; "
            f"expected …{_CROSS_ENCODER} or …{_SPANS}. Name a cross-encoder or an extractive "
            "question answering model."
        )
    longest = min(_LONGEST_WINDOW, int(getattr(config, "max_position_embeddings", _LONGEST_WINDOW)))
    return NamedModel(str(folder or name), kinds == {_SPANS}, folder is not None, longest)


def _load_spans(model: NamedModel) -> SpanReader:
    options = {"local_files_only": model.local, "trust_remote_code": False}
    loaded = AutoModelForQuestionAnswering.from_pretrained(model.name, **options)
    tokenizer = AutoTokenizer.from_pretrained(model.name, **options)
    return SpanReader(TextWindows(tokenizer, model), loaded.float().eval())


def _load_cross_encoder(model: NamedModel) -> CrossEncoderReader:
    loaded = CrossEncoder(
        model.name, device="cpu", local_files_only=model.local, trust_remote_code=False
    )
    if loaded.num_labels != 1:
        raise ReaderError(
            f"Reader {model.name} cannot be used: it has {loaded.num_labels} outputs; expected a "
            "cross-encoder with one, the relevance. Name another model."
        )
    return CrossEncoderReader(TextWindows(loaded.tokenizer, model), loaded.float().eval())


def _folder(name: str) -> Path | None:
    try:
        folder = Path(name).expanduser()
        return folder.resolve() if name and folder.is_dir() else None
    except (OSError, RuntimeError, ValueError):  # too long, an unknown ~user, a NUL character
        return None
