"""Values that `summarise` returns."""

from dataclasses import dataclass
from typing import Any, Literal

Fault = Literal["citation", "number", "name", "negation", "quotation", "address", "words"]
"""What a sentence has that its quotes do not support; `citation`: it cites none of them."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Sentence that passed the check; `text` ends in the numbers of the quotes in `quotes`."""

    text: str
    quotes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a language model wrote about the quotes of an answer, and how much of it was dropped.

    Attributes:
        model: name of the model.
        sentences: those that passed, in order.
        dropped: for each other sentence, in order, what was wrong with it.
    """

    model: str
    sentences: tuple[Sentence, ...]
    dropped: tuple[Fault, ...]

    @property
    def written(self) -> int:
        """Number of sentences that were checked."""
        return len(self.sentences) + len(self.dropped)

    @property
    def remark(self) -> str:
        """How many sentences were dropped, in words; empty if none was."""
        if not self.dropped:
            return ""
        were = "was" if len(self.dropped) == 1 else "were"
        return (
            f"{len(self.dropped)} of {self.written} sentences {were} dropped: "
            "not supported by their quotes"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as docs/json.md names them."""
        return {
            "model": self.model,
            "sentences": [
                {"text": each.text, "quotes": list(each.quotes)} for each in self.sentences
            ],
            "written": self.written,
            "dropped": list(self.dropped),
        }
