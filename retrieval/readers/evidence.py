"""Which sentences of a passage are quoted, and which need the one before them?

In: the sentences of one passage with their scores. Out: quotes that do not overlap, best first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.documents import Span
from indexer.store import StoredPassage
from retrieval.readers.protocol import Evidence
from retrieval.settings import MAX_QUOTE_CHARACTERS, MAX_QUOTE_SENTENCES

# A sentence that starts so leans on the one before it.
_LEANING = re.compile(
    r"[\"“‘'(\[…. ]*(?:he|she|it|they|this|that|these|those|his|her|its|their|there|such|both|"
    r"first|firstly|second|secondly|third|thirdly|finally|also|but|and|so|then|however|instead|"
    r"moreover|furthermore|meanwhile|additionally|therefore|thus|still|yet|in addition|as a result)"
    r"\b",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(r"[\"“‘' ]*(?:…|\.\.)")


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a passage, the words in it that answer, and its absolute score, 0 to 1."""

    span: Span
    highlight: Span
    score: float


def choose_evidence(
    stored: StoredPassage, sentences: Iterable[ScoredSentence]
) -> tuple[Evidence, ...]:
    """Return quotes that do not overlap, best first; equal scores in the order of the text.

    A sentence longer than a quote may be is never quoted, since a quote is whole sentences.
    """
    taken: list[Evidence] = []
    for sentence in sorted(sentences, key=lambda found: (-found.score, found.span.start)):
        span = sentence.span
        if span.end - span.start > MAX_QUOTE_CHARACTERS:
            continue
        if any(evidence.quote.contains(span) for evidence in taken):
            continue
        quote = with_antecedent(stored, span)
        if any(quote.start < other.quote.end and other.quote.start < quote.end for other in taken):
            quote = span
        taken.append(Evidence(quote, sentence.highlight, sentence.score))
    return tuple(taken)


def with_antecedent(stored: StoredPassage, span: Span) -> Span:
    """Return the sentence, with the ones before it when it leans on them and there is room.

    Args:
        stored: the passage.
        span: one of its sentences.
    """
    sentences = stored.passage.sentences
    first = last = sentences.index(span)
    while first > 0 and last - first < MAX_QUOTE_SENTENCES - 1:
        offset = stored.passage.start
        text = stored.text[sentences[first].start - offset : sentences[first].end - offset]
        too_long = span.end - sentences[first - 1].start > MAX_QUOTE_CHARACTERS
        if too_long or not (_LEANING.match(text) or _ELLIPSIS.match(text)):
            break
        first -= 1
    return Span(sentences[first].start, span.end)
