"""Choice of the sentences of a passage to quote, with the sentence that they refer back to."""

import re
from collections.abc import Iterable

from indexer.cleaning.vocabulary import is_teaser
from indexer.documents import Span
from indexer.store import StoredPassage
from retrieval.readers.protocol import Evidence
from retrieval.settings import MAX_QUOTE_CHARACTERS, MAX_QUOTE_SENTENCES

# First words of a sentence that refers back to the one before it.
_LEANING = re.compile(
    r"[\"“‘'(\[…. ]*(?:he|she|it|they|this|that|these|those|his|her|its|their|there|such|both|"
    r"first|firstly|second|secondly|third|thirdly|finally|also|but|and|so|then|however|instead|"
    r"moreover|furthermore|meanwhile|additionally|therefore|thus|still|yet|in addition|as a result)"
    r"\b",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(r"[\"“‘' ]*(?:…|\.\.)")


def choose_evidence(stored: StoredPassage, sentences: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return quotes of scored sentences that do not overlap: by score, then in the text's order.

    A sentence that is longer than a quote may be is never quoted, since quotes are not cut; neither
    is a teaser for another story.
    """
    chosen: list[Evidence] = []
    for sentence in sorted(sentences, key=lambda found: (-found.score, found.quote.start)):
        span = sentence.quote
        if span.end - span.start > MAX_QUOTE_CHARACTERS or is_teaser(stored.slice(span)):
            continue
        if any(evidence.quote.contains(span) for evidence in chosen):
            continue
        quote = with_antecedent(stored, span)
        if any(quote.overlaps(other.quote) for other in chosen):
            quote = span
        chosen.append(Evidence(quote, sentence.highlight, sentence.score))
    return tuple(chosen)


def with_antecedent(stored: StoredPassage, span: Span) -> Span:
    """Return a sentence with those before it that it refers back to, as far as a quote has room."""
    sentences = stored.passage.sentences
    first = last = sentences.index(span)
    while first > 0 and last - first < MAX_QUOTE_SENTENCES - 1:
        text = stored.slice(sentences[first])
        too_long = span.end - sentences[first - 1].start > MAX_QUOTE_CHARACTERS
        if too_long or not (_LEANING.match(text) or _ELLIPSIS.match(text)):
            break
        first -= 1
    return Span(sentences[first].start, span.end)
