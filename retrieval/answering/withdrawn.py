"""Evidence in notices of correction: the new value is marked, never the withdrawn one."""

from dataclasses import replace

from indexer.corrections.notices import may_have_notice
from indexer.corrections.values import NO_VALUES, Values, find_values, new_value
from indexer.documents import Span
from indexer.store import StoredPassage
from retrieval.readers.protocol import Evidence

_MOST_SENTENCES = 3
_MOST_CHARS = 600


def values_of(stored: StoredPassage) -> Values:
    """Return the spans in its document that a passage withdraws, and gives instead."""
    title, start = stored.title or "", stored.passage.start
    if not may_have_notice(title, stored.text):
        return NO_VALUES
    sentences = [_moved(span, -start) for span in stored.passage.sentences]
    found = find_values(stored.text, sentences, stored.source or "", title)
    return Values(
        tuple(_moved(span, start) for span in found.withdrawn),
        tuple(_moved(span, start) for span in found.stands),
    )


def restated(stored: StoredPassage, evidence: Evidence) -> Evidence:
    """Return evidence whose mark is on what a notice says now.

    Unchanged where the mark holds nothing that is withdrawn. Else it moves to the new value, and
    the quote grows to the sentence of that. Without a new value, the words before the withdrawn
    ones are marked.

    Args:
        stored: the passage of the evidence.
        evidence: what the reader found.
    """
    values = values_of(stored)
    withdrawn = [span for span in values.withdrawn if span.overlaps(evidence.highlight)]
    if not withdrawn:
        return evidence
    sentences = stored.passage.sentences
    first = next(place for place, each in enumerate(sentences) if each.overlaps(withdrawn[0]))
    for place in range(first, min(first + _MOST_SENTENCES, len(sentences))):
        stands = [span for span in values.stands if sentences[place].contains(span)]
        if stands:
            nearest = min(stands, key=lambda span: abs(span.start - withdrawn[0].start))
            mark = _new_value(stored, nearest, withdrawn[0])
            return replace(
                evidence, quote=_quote(evidence, sentences[first], sentences[place]), highlight=mark
            )
    # A claim stands behind the words that withdraw it.
    said = Span(sentences[first].start, max(withdrawn[0].start, sentences[first].start + 1))
    return replace(evidence, quote=sentences[first], highlight=said)


def _new_value(stored: StoredPassage, stands: Span, withdrawn: Span) -> Span:
    start = stored.passage.start
    found = new_value(stored.text, _moved(stands, -start), stored.slice(withdrawn))
    return _moved(found, start)


def _quote(evidence: Evidence, first: Span, last: Span) -> Span:
    """Return the shortest quote with two sentences; the second one alone if that is too long."""
    whole = Span(first.start, last.end)
    if evidence.quote.contains(whole):
        return evidence.quote
    return whole if whole.end - whole.start <= _MOST_CHARS else last


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
