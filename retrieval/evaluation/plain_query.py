"""How is a query asked whose quotes and dashes mean nothing?

The engine takes a user's text, in which `"…"`, `-word` and `source:` restrict what may be found. A
claim or a headline may hold all of them and mean none.
"""

import re

from retrieval.query.filters import FILTERS

# Every character that `retrieval.query.parse` reads as a quotation mark.
_QUOTATION = re.compile('["“”„‟«»＂]')
_MINUS = re.compile(r"(?<!\S)-+(?=[^\s-])")
_FIELD = re.compile(rf"(?<!\S)({'|'.join(FILTERS)}):(?=\S)")


def as_plain_text(text: str) -> str:
    """Return a query that restricts nothing and has the same words.

    Quotation marks go, a dash before a word becomes a longer one, a colon moves away from its word.

    >>> as_plain_text('the "safe" dose -- or source:x -5 degrees')
    'the  safe  dose -- or source :x –5 degrees'
    """
    unquoted = _QUOTATION.sub(" ", text)
    return _FIELD.sub(r"\1 :", _MINUS.sub("–", unquoted))
