"""Does this passage answer? Any model of the field that the user names; it needs torch.

In: the folder or hub name of a cross-encoder or an extractive question answering model. Out: a
`Reader`. Scores are what the model gives as probabilities; nothing here has calibrated them.
"""

from collections.abc import Sequence

import numpy as np
import torch
from sentence_transformers import CrossEncoder
from transformers import AutoModelForQuestionAnswering, BatchEncoding, PreTrainedModel

from indexer.documents import Span
from indexer.encoding.model_files import LOAD_ERRORS
from indexer.errors import ReaderError
from indexer.store import StoredPassage
from retrieval.readers.evidence import ScoredSentence, choose_evidence
from retrieval.readers.logits import Weights, WindowLogits, reading_of
from retrieval.readers.protocol import Reading
from retrieval.readers.transformer_files import (
    NamedModel,
    TextCutter,
    describe,
    load_tokenizer,
    not_loaded,
)
from retrieval.settings import NAMED_THRESHOLDS, Thresholds

_SPAN_ALONE: Weights = (0.0, 1.0, 0.0)  # as SQuAD 2.0 is answered: a span against no answer
_NO_READING = Reading(0.0, ())


class SpanReader:
    """An extractive question answering model; satisfies `Reader`.

    A score is the logistic of (all spans - no answer), where no answer is the span of [CLS]. Of a
    model that was never asked what has no answer, it says nothing.
    """

    def __init__(self, model: PreTrainedModel, cutter: TextCutter) -> None:
        """Take the loaded parts; `open_transformer_reader` loads them."""
        self._model = model
        self._cutter = cutter

    @property
    def thresholds(self) -> Thresholds:
        """From which of its scores on something is related, or an answer."""
        return NAMED_THRESHOLDS

    def warnings(self, question: str) -> tuple[str, ...]:
        """Say whether a question is cut."""
        return self._cutter.warnings(question)

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[Reading]:
        """Return one reading a passage, in the order given; a question without words finds none."""
        asked = self._cutter.cut(question)
        if not _has_words(asked):
            return [_NO_READING for _ in passages]
        return [self._read(asked, stored) for stored in passages]

    def _read(self, asked: str, stored: StoredPassage) -> Reading:
        encoded, overlap = self._cutter.windows(asked, stored.text)
        offsets: list[tuple[int, int]] = []
        windows = []
        for number in range(len(encoded["input_ids"])):
            places = [place for place, part in enumerate(encoded.sequence_ids(number)) if part == 1]
            first = max(0, len(offsets) - overlap)
            windows.append(self._logits(encoded, number, places, first))
            new = places[len(offsets) - first :]
            offsets.extend(encoded["offset_mapping"][number][place] for place in new)
        return reading_of(stored, offsets, windows, _SPAN_ALONE, _SPAN_ALONE)

    def _logits(
        self, encoded: BatchEncoding, number: int, places: list[int], first: int
    ) -> WindowLogits:
        """Run one window, alone and without padding: its neighbours have no influence on it."""
        ids = encoded["input_ids"][number]
        names = self._cutter.tokenizer.model_input_names
        feed = {name: torch.tensor([encoded[name][number]]) for name in names if name in encoded}
        with torch.inference_mode():
            output = self._model(**feed)
        start, end = output.start_logits[0].numpy(), output.end_logits[0].numpy()
        mark = self._cutter.tokenizer.cls_token_id
        null = ids.index(mark) if mark in ids else 0
        return WindowLogits(first, start[places], end[places], float(start[null] + end[null]), 0.0)


class CrossEncoderReader:
    """A cross-encoder with one output; satisfies `Reader`.

    Relevance is the logistic of what it gives for the passage, and evidence what it gives for each
    sentence, highlighted whole.
    """

    def __init__(self, model: CrossEncoder, cutter: TextCutter) -> None:
        """Take the loaded parts; `open_transformer_reader` loads them."""
        self._model = model
        self._cutter = cutter

    @property
    def thresholds(self) -> Thresholds:
        """From which of its scores on something is related, or an answer."""
        return NAMED_THRESHOLDS

    def warnings(self, question: str) -> tuple[str, ...]:
        """Say whether a question is cut."""
        return self._cutter.warnings(question)

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[Reading]:
        """Return one reading a passage, in the order given; a question without words finds none."""
        asked = self._cutter.cut(question)
        if not _has_words(asked):
            return [_NO_READING for _ in passages]
        return [self._read(asked, stored) for stored in passages]

    def _read(self, asked: str, stored: StoredPassage) -> Reading:
        offset = stored.passage.start
        sentences = stored.passage.sentences
        parts = [
            Span(span.start - offset, span.end - offset).slice(stored.text) for span in sentences
        ]
        relevance, *scores = self._scores(asked, [stored.text, *parts])
        scored = [
            ScoredSentence(span, span, score) for span, score in zip(sentences, scores, strict=True)
        ]
        return Reading(relevance, choose_evidence(stored, scored))

    def _scores(self, asked: str, texts: Sequence[str]) -> list[float]:
        """Return the score of each text: that of its best piece."""
        pieces = [self._cutter.pieces(asked, text) for text in texts]
        found = self._model.predict(
            [(asked, piece) for of_text in pieces for piece in of_text],
            activation_fn=torch.nn.Sigmoid(),
            show_progress_bar=False,
        )
        ends = np.cumsum([len(of_text) for of_text in pieces])[:-1]
        return [float(of_text.max()) for of_text in np.split(found, ends)]


def open_transformer_reader(
    name: str, *, threads: int | None = None
) -> CrossEncoderReader | SpanReader:
    """Load a model that the user names; a hub is asked only for what is not a folder.

    Args:
        name: its folder or its name on the hub.
        threads: how many threads torch uses, in this whole process; None leaves them.

    Raises:
        ReaderError: when it cannot be loaded, or is no reader.
    """
    if threads is not None:
        torch.set_num_threads(threads)
    model = describe(name)
    try:
        return _load_spans(model) if model.kind == "spans" else _load_cross_encoder(model)
    except LOAD_ERRORS as error:
        raise not_loaded(name, error) from error


def _load_spans(model: NamedModel) -> SpanReader:
    loaded = AutoModelForQuestionAnswering.from_pretrained(
        model.name, local_files_only=model.local, trust_remote_code=False
    )
    return SpanReader(loaded.float().eval(), TextCutter(load_tokenizer(model), model))


def _load_cross_encoder(model: NamedModel) -> CrossEncoderReader:
    loaded = CrossEncoder(
        model.name, device="cpu", local_files_only=model.local, trust_remote_code=False
    )
    if loaded.num_labels != 1:
        raise ReaderError(
            f"reader {model.name} cannot be used: it has {loaded.num_labels} outputs; expected a "
            "cross-encoder with one, the relevance. Name another model."
        )
    return CrossEncoderReader(loaded.float().eval(), TextCutter(loaded.tokenizer, model))


def _has_words(question: str) -> bool:
    return any(character.isalnum() for character in question)
