"""Language of an article, detected by py3langid in its first characters.

A declared language counts only if the text is too short: 13 of 435 pages declared another language
than their text was in (one of them was in two).
"""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import islice

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from indexer.documents import Finding, Span
from indexer.text.languages import canonical

# With this confidence, 5,245 of 5,249 pieces of 20 to 320 characters in eleven languages were
# detected correctly; the others are code or quotes. 40 % of the pieces of 20 characters reach it,
# 78 % of those of 40, and 96 % of those of 80.
SURE = 0.8

# Shorter texts are names and labels as often as sentences.
_LEAST_LETTERS = 20

# These were enough for all of 3,210 English articles, while 500 characters of the longest
# paragraphs, often lists of names, failed for 13. The time grows with the length.
_MAX_CHARACTERS = 500

# With this confidence fewer decide, in half the time: none of 4,000 articles came out otherwise.
_FIRST_CHARACTERS, _CERTAIN = 200, 0.95

# Share of correct declarations among the 435 above.
_DECLARED = 0.97

_NO_LANGUAGE = "zxx"  # the detector's code for numbers and program text


def find_language(
    text: str, paragraphs: Sequence[Span], declared: Finding | None = None
) -> Finding | None:
    """Return the language of an article, or None if unknown.

    Args:
        text: the unchanged text of a document.
        paragraphs: of the article.
        declared: code that its format states.
    """
    found = _detected(_beginning(text, paragraphs))
    if found is None:
        return replace(declared, confidence=_DECLARED) if declared else None
    code, confidence = found
    if declared and declared.value == code:
        return replace(declared, confidence=confidence)
    return Finding(code, "text", confidence=confidence)


def _beginning(text: str, paragraphs: Sequence[Span]) -> str:
    """Return the first characters of an article, up to a limit."""
    spans = paragraphs[:_MAX_CHARACTERS]  # of one character or more
    parts = (text[span.start : min(span.end, span.start + _MAX_CHARACTERS)] for span in spans)
    return "\n".join(parts)[:_MAX_CHARACTERS]


def _detected(text: str) -> tuple[str, float] | None:
    """Return the language and the confidence, 0 to 1; None if too low."""
    first = _ranked_first(text[:_FIRST_CHARACTERS])
    return first if first and first[1] >= _CERTAIN else _ranked_first(text)


def _ranked_first(text: str) -> tuple[str, float] | None:
    letters = (each for each in text if unicodedata.category(each)[0] == "L")
    if sum(1 for _ in islice(letters, _LEAST_LETTERS)) < _LEAST_LETTERS:
        return None
    shares: defaultdict[str, float] = defaultdict(float)
    for label, share in _identifier().rank(text):
        shares[canonical(label)] += share
    confidence, code = max((share, code) for code, share in shares.items())
    if code == _NO_LANGUAGE or confidence < SURE:
        return None
    # Rounded, so that the last bits of a sum never make two builds differ.
    return code, round(min(1.0, confidence), 4)


def load_detector() -> None:
    """Load the model, which takes a second or two, before the first article."""
    _identifier()


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
