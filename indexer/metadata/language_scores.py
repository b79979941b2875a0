"""How well does each language fit a text? py3langid's model, read by all bytes of a text at once.

The library walks its automaton byte by byte in Python, which was a fifth of the time that an
article took to be made. But the automaton finds sequences of bytes (Aho and Corasick, CACM 1975):
its state depends on no more bytes than the longest of them has. So it is walked so many steps from
every byte, side by side; scores and their order are those of the library (compared in a test).
"""

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import LanguageIdentifier

from indexer.metadata.language_model import ModelArrays, model_arrays

LONGEST_FEATURE = 6
"""So many bytes has the longest sequence that the model knows."""


class TextLanguages(LanguageIdentifier):  # type: ignore[misc] # the library has no types
    """Ranks languages as the library does."""

    __slots__ = ("_moves", "_outputs", "_rows", "_table")

    def __init__(self, model: ModelArrays) -> None:
        """Take the model; the shares of a text sum to 1."""
        parts = (model["priors"], model["classes"].tolist(), model["moves"], model["outputs"])
        super().__init__(model["table"], *parts, norm_probs=True, tk_row=())
        self._table, self._moves = model["table"], model["moves"]
        self._rows, self._outputs = model["rows"], model["outputs"]

    def shares(self, text: str) -> NDArray[np.float32]:
        """Return how probable each class is, in the order of the model's; they sum to 1."""
        return np.asarray(self._decide(text))

    def _raw_score(self, text: bytes) -> NDArray[np.float32]:
        features = self._features(text)
        if not len(features):
            return np.zeros(len(self.nb_classes), dtype=np.float32)
        found, first, counts = np.unique(features, return_index=True, return_counts=True)
        # In the order of the text: a sum of floats depends on it.
        order = np.argsort(first)
        weights = np.log1p(counts[order].astype(np.float32))
        return np.asarray(weights @ self._table.take(found[order], axis=0) + self.nb_pc)

    def _features(self, text: bytes) -> NDArray[np.intp]:
        """Return the features of a text, each at the byte with which it ends."""
        letters = np.frombuffer(text, dtype=np.uint8).astype(np.intp)
        states = np.zeros(len(letters), dtype=np.intp)
        for back in reversed(range(min(LONGEST_FEATURE, len(letters)))):
            # The first bytes have fewer before them.
            reached = self._rows.take(states[back:])
            reached += letters[: len(letters) - back]
            states[back:] = self._moves.take(reached)
        found = self._outputs.take(states)
        return found[found >= 0]


def text_languages() -> TextLanguages:
    """Load the model; unpacking it, once a machine, takes a second."""
    return TextLanguages(model_arrays())
