"""Which model does a reader's name mean, and how does it take text?

In: the folder or hub name of a model that transformers can load. Out: what kind it is, and its
tokenizer, which cuts questions and passages. No code of a model is ever run.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from transformers import AutoConfig, AutoTokenizer, BatchEncoding, PreTrainedTokenizerBase
from transformers.utils import logging as transformers_logging

from indexer.documents import Span
from indexer.encoding.model_files import HUB_NAME, LOAD_ERRORS
from indexer.errors import ReaderError
from retrieval.readers.windows import cut_warning
from retrieval.settings import QUESTION_TOKENS, WINDOW_OVERLAP

Kind = Literal["cross-encoder", "spans"]

_KINDS: dict[str, Kind] = {
    "ForSequenceClassification": "cross-encoder",
    "ForQuestionAnswering": "spans",
}
_LONGEST_WINDOW = 512  # some tokenizers claim no limit at all


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model that a user named; a hub is asked only when it is not a local folder."""

    name: str
    kind: Kind
    local: bool
    longest: int


class TextCutter:
    """A model's tokenizer: cuts questions, and passages into windows that overlap.

    Marks such as `[SEP]` in a text are text.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, model: NamedModel) -> None:
        """Take a loaded tokenizer.

        Raises:
            ReaderError: when it cannot say where in a text its tokens stand.
        """
        if not tokenizer.is_fast:
            raise ReaderError(
                f"reader {model.name} cannot be used: its tokenizer {type(tokenizer).__name__} "
                "does not say where tokens stand; expected a fast one. Use another model."
            )
        tokenizer.split_special_tokens = True
        self.tokenizer = tokenizer
        self._longest = min(int(tokenizer.model_max_length), model.longest)
        self._question_tokens = min(QUESTION_TOKENS, self._longest // 2)
        self._marks = int(tokenizer.num_special_tokens_to_add(pair=True))

    def warnings(self, question: str) -> tuple[str, ...]:
        """Say whether a question is cut."""
        return cut_warning(len(self._offsets(question)), self._question_tokens)

    def cut(self, question: str) -> str:
        """Return as much of a question as is read."""
        offsets = self._offsets(question)[: self._question_tokens]
        return question[: offsets[-1][1]] if offsets else ""

    def pieces(self, question: str, text: str) -> list[str]:
        """Return a text in pieces that the model can read beside a question that was cut."""
        offsets = self._offsets(text)
        room, overlap = self._room(question)
        if len(offsets) <= room:
            return [text]
        firsts = range(0, len(offsets) - overlap, room - overlap)
        parts = [offsets[first : first + room] for first in firsts]
        return [Span(part[0][0], part[-1][1]).slice(text) for part in parts]

    def windows(self, question: str, text: str) -> tuple[BatchEncoding, int]:
        """Return the pair's token ids, in windows, and how many tokens two windows share."""
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
        room = self._longest - self._marks - len(self._offsets(question))
        return room, min(WINDOW_OVERLAP, room // 2)

    def _offsets(self, text: str) -> list[tuple[int, int]]:
        encoded = self.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )
        offsets: list[tuple[int, int]] = encoded["offset_mapping"]
        return offsets


def describe(name: str) -> NamedModel:
    """Return which model a name means; a hub is asked only for what is not a folder.

    Raises:
        ReaderError: when it is not a model, or neither a cross-encoder nor one that marks spans.
    """
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call] # no annotations
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call] # no annotations
    folder = _folder(name)
    if folder is None and not HUB_NAME.fullmatch(name):
        raise ReaderError(
            f"reader {name!r} is not a folder; expected the folder or the hub's name of a "
            "cross-encoder or a question answering model. Check the path."
        )
    if folder is not None and not (folder / "config.json").is_file():
        raise ReaderError(
            f"reader folder {folder} has no config.json; expected a model saved by transformers "
            "or sentence-transformers. Give the folder that holds this file."
        )
    try:
        config = AutoConfig.from_pretrained(
            str(folder or name), local_files_only=folder is not None, trust_remote_code=False
        )
    except LOAD_ERRORS as error:
        raise not_loaded(name, error) from error
    found = [str(architecture) for architecture in config.architectures or []]
    kinds = {kind for end, kind in _KINDS.items() for one in found if one.endswith(end)}
    if len(kinds) != 1:
        raise ReaderError(
            f"reader {name} cannot be used: it is {', '.join(found) or 'a model of no known kind'}"
            f"; expected {' or '.join('…' + end for end in _KINDS)}. Name a cross-encoder or an "
            "extractive question answering model."
        )
    longest = min(_LONGEST_WINDOW, int(getattr(config, "max_position_embeddings", _LONGEST_WINDOW)))
    return NamedModel(str(folder or name), kinds.pop(), folder is not None, longest)


def load_tokenizer(model: NamedModel) -> PreTrainedTokenizerBase:
    """Return the tokenizer of a model; loading fails with one of `LOAD_ERRORS`."""
    tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
        model.name, local_files_only=model.local, trust_remote_code=False
    )
    return tokenizer


def not_loaded(name: str, error: BaseException) -> ReaderError:
    """Return the error for a model that transformers cannot load."""
    lines = str(error).strip().splitlines() or [repr(error)]
    return ReaderError(
        f"reader {name} cannot be loaded: {lines[0]} Expected a cross-encoder or an extractive "
        "question answering model that transformers loads without code of its own. Check the name."
    )


def _folder(name: str) -> Path | None:
    try:
        folder = Path(name).expanduser()
        return folder.resolve() if name and folder.is_dir() else None
    except (OSError, RuntimeError, ValueError):  # too long, an unknown ~user, a NUL character
        return None
