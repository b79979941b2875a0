"""Language of an article, told by py3langid from its beginning.

What a page or an export declares is believed only where the text is too short to tell: of 435 pages
that declare a language, 13 declare another one than their text is in. Each time the text was right,
but for one page of two languages.
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

# From here on 5,245 of 5,249 pieces of 20 to 320 characters of pages in eleven languages were told
# rightly; the other four are code, or words that a page quotes in another language. It is reached
# by 40 % of the pieces of 20 characters, 78 % of those of 40 and 96 % of those of 80.
SURE = 0.8

# Shorter texts are names and labels as often as sentences.
_LEAST_LETTERS = 20

# They told all of 3,210 English articles; 500 characters of the longest paragraphs, which may be
# lists of names, left 13 untold. The time grows with the length.
_MAX_CHARACTERS = 500

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
    found = _detected(_beginning(text, paragraphs))
    if found is None:
        return replace(declared, confidence=_DECLARED) if declared else None
    code, confidence = found
    if declared and declared.value == code:
        return replace(declared, confidence=confidence)
    return Finding(code, "text", confidence=confidence)


def _beginning(text: str, paragraphs: Sequence[Span]) -> str:
    """Return the first characters of an article, up to a limit."""
    spans = paragraphs[:_MAX_CHARACTERS]  # each has a character at least
    parts = (text[span.start : min(span.end, span.start + _MAX_CHARACTERS)] for span in spans)
    return "\n".join(parts)[:_MAX_CHARACTERS]


def _detected(text: str) -> tuple[str, float] | None:
    """Return the language and how sure that is, from 0 to 1; None when it is not sure."""
    letters = (each for each in text if unicodedata.category(each)[0] == "L")
    if sum(1 for _ in islice(letters, _LEAST_LETTERS)) < _LEAST_LETTERS:
        return None
    shares: defaultdict[str, float] = defaultdict(float)
    for label, share in _identifier().rank(text):
        shares[canonical(label)] += share
    confidence, code = max((share, code) for code, share in shares.items())
    if code == _NO_LANGUAGE or confidence < SURE:
        return None
    # Four decimals, so that the last bits of a sum never make two builds differ.
    return code, round(min(1.0, confidence), 4)


def load_detector() -> None:
    """Load the model now, which takes a second or two, and not with the first article."""
    _identifier()


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
