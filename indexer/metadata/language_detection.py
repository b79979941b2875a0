"""In which language is an article written?

By py3langid over its longest paragraphs. What a page or an export declares is believed only where
the text is too short to tell: of 435 pages that declare a language, 13 declare another one than
their text is in. Each time the text was right, but for one page of two languages.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from indexer.documents import Finding, Span
from indexer.metadata.language_scores import TextLanguages, text_languages
from indexer.text.languages import canonical

# From here on 5,245 of 5,249 pieces of 20 to 320 characters of pages in eleven languages were told
# rightly; the other four are code, or words that a page quotes in another language. It is reached
# by 40 % of the pieces of 20 characters, 78 % of those of 40 and 96 % of those of 80.
SURE = 0.8

# Shorter texts are names and labels as often as sentences.
_LEAST_LETTERS = 20

# With 500, 1,000, 2,000 and 4,000 characters of 2,960 English articles, 2, 1, 1 and 1 were told
# wrongly; the time grows with the length.
_MAX_CHARACTERS = 1000

# How often what a page declares was right, of the 435 above.
_DECLARED = 0.97

_NO_LANGUAGE = "zxx"  # the detector's word for numbers, code and the like


def find_language(
    text: str, paragraphs: Sequence[Span], declared: Finding | None = None
) -> Finding | None:
    """Return the language of an article, or None when that cannot be told.

    Args:
        text: the untouched text of a document.
        paragraphs: those of the article.
        declared: the code that its format says.
    """
    found = _detected(_sample(text, paragraphs))
    if found is None:
        return replace(declared, confidence=_DECLARED) if declared else None
    code, confidence = found
    if declared and declared.value == code:
        return replace(declared, confidence=confidence)
    return Finding(code, "text", confidence=confidence)


def _sample(text: str, paragraphs: Sequence[Span]) -> str:
    """Return the longest paragraphs up to a limit: labels of another language are short."""
    chosen: list[str] = []
    length = 0
    for span in sorted(paragraphs, key=lambda span: (span.start - span.end, span.start)):
        if length >= _MAX_CHARACTERS:
            break
        chosen.append(text[span.start : min(span.end, span.start + _MAX_CHARACTERS - length)])
        length += len(chosen[-1])
    return "\n".join(chosen)


def _detected(text: str) -> tuple[str, float] | None:
    """Return the language and how sure that is, from 0 to 1; None when it is not sure."""
    letters = (each for each in text if unicodedata.category(each)[0] == "L")
    if sum(1 for _ in islice(letters, _LEAST_LETTERS)) < _LEAST_LETTERS:
        return None
    codes, places = _languages()
    shares = np.bincount(places, weights=_detector().shares(text))
    best = int(shares.argmax())
    code, confidence = codes[best], float(shares[best])
    if code == _NO_LANGUAGE or confidence < SURE:
        return None
    # Four decimals, so that the last bits of a sum never make two builds differ.
    return code, round(min(1.0, confidence), 4)


def load_detector() -> None:
    """Load the model now, which may take a second, and not with the first article."""
    _languages()


@cache
def _languages() -> tuple[list[str], NDArray[np.intp]]:
    """Return every language, and which of them each share of the detector's is of."""
    labels = [canonical(label) for label in _detector().nb_classes]
    codes = sorted(set(labels), reverse=True)  # of two with the same share the first is taken
    return codes, np.array([codes.index(label) for label in labels], dtype=np.intp)


@cache
def _detector() -> TextLanguages:
    return text_languages()
