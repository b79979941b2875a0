"""Choice of quotes, and their citation: text, span and file are checked before a user sees them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.corpus.roots import CorpusRoots
from indexer.dedup.facts import statements_of
from indexer.documents import Document, Span
from indexer.errors import IndexFormatError, build_command
from indexer.storage.staleness import check_source
from indexer.store import Copy, PassageStore, StoredPassage, doc_id_array, doc_id_text
from indexer.text.analyzer import words
from retrieval.answering.answers import Context, Quote
from retrieval.answering.citations import cite
from retrieval.readers.protocol import Evidence, Reading
from retrieval.settings import Thresholds

# Signs, currencies and units: they make another number of the same digits.
_SIGNS = re.compile(r"(?<!\w)[-−+](?=\s?[$€£¥₹]?\d)|[$€£¥₹](?=\s?\d)|(?<=\d)\s?[%‰°$€£¥₹]")


@dataclass(frozen=True, slots=True)
class ChosenQuote:
    """Evidence to quote, whether it is confirmed, and the other documents in which it was found."""

    doc_id: str
    passage_id: str
    evidence: Evidence
    confirmed: bool = True
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quoter:
    """Citation of evidence in the documents of a store, whose files are under the roots."""

    store: PassageStore
    roots: CorpusRoots

    def quote(self, chosen: ChosenQuote, stored: StoredPassage) -> Quote:
        """Return a quote from a passage.

        Raises:
            CitationError: when the article differs from what was read.
            IndexFormatError: when the store does not hold the article.
        """
        document = self._document(chosen.doc_id)
        span, passage = chosen.evidence.quote, stored.passage
        (story,) = self.store.representatives(doc_id_array([chosen.doc_id]))
        return Quote(
            citation=cite(
                document,
                span,
                chosen.evidence.highlight,
                check_source(self.roots, document),
                read=stored.slice(span),
            ),
            score=chosen.evidence.score,
            context=Context(
                before=document.text[passage.start : span.start],
                after=document.text[span.end : passage.end],
            ),
            copies=self._copies(chosen, span.slice(document.text)),
            story=doc_id_text(story),
            confirmed=chosen.confirmed,
        )

    def _copies(self, chosen: ChosenQuote, quote: str) -> tuple[Copy, ...]:
        """Return the articles with the quote: those that were read, then copies of the story."""
        read = tuple(_as_copy(self._document(doc_id)) for doc_id in chosen.copies)
        listed = {chosen.doc_id, *chosen.copies}
        return read + tuple(
            copy
            for copy in self.store.copies_of([chosen.doc_id]).get(chosen.doc_id, ())
            if copy.doc_id not in listed and _contains(self._document(copy.doc_id).text, quote)
        )

    def _document(self, doc_id: str) -> Document:
        try:
            return self.store.document(doc_id)
        except KeyError as error:
            raise IndexFormatError(
                f"The index is damaged: article {doc_id} is missing. Rebuild it: {build_command()}"
            ) from error


def choose_quotes(
    passages: Sequence[StoredPassage],
    readings: Sequence[Reading],
    max_quotes: int,
    thresholds: Thresholds,
) -> list[ChosenQuote]:
    """Return the quotes to show: confirmed ones first, of these the best of each article.

    Sentences that differ only in white space, case and punctuation are one quote with copies.
    Similar ones stay apart, since they may differ in a number or a denial; signs, units and
    currencies beside a number are no punctuation.

    Args:
        passages: the passages that were read.
        readings: of the passages, in the same order.
        max_quotes: maximum number of quotes.
        thresholds: minimum scores of evidence that is quoted, and of confirmed evidence.
    """
    found = [
        ChosenQuote(
            stored.passage.doc_id,
            stored.passage.passage_id,
            evidence,
            confirmed=evidence.score >= thresholds.answered,
        )
        for stored, reading in zip(passages, readings, strict=True)
        for evidence in reading.evidence
        if evidence.score >= thresholds.possible
    ]
    found.sort(key=lambda quote: (-quote.evidence.score, quote.doc_id, quote.evidence.quote))
    texts = {stored.passage.passage_id: stored for stored in passages}
    turns: Counter[str] = Counter()
    ordered = []
    for quote in _merge_copies(found, texts):
        ordered.append(((not quote.confirmed, turns[quote.doc_id]), quote))
        turns[quote.doc_id] += 1
    ordered.sort(key=lambda item: item[0])
    return [quote for _, quote in ordered[:max_quotes]]


def _merge_copies(
    found: Sequence[ChosenQuote], passages: Mapping[str, StoredPassage]
) -> list[ChosenQuote]:
    """Return the best of equal sentences, and of overlapping quotes of one article."""
    unique: dict[tuple[str, ...], ChosenQuote] = {}
    spans: dict[str, list[Span]] = {}
    for quote in found:
        span = quote.evidence.quote
        if any(span.overlaps(other) for other in spans.get(quote.doc_id, [])):
            continue
        spans.setdefault(quote.doc_id, []).append(span)
        text = passages[quote.passage_id].slice(span)
        key = (*words(text), *(sign.strip() for sign in _SIGNS.findall(text))) or (text,)
        first = unique.setdefault(key, quote)
        if quote.doc_id not in (first.doc_id, *first.copies):
            unique[key] = replace(first, copies=(*first.copies, quote.doc_id))
    return list(unique.values())


def _as_copy(document: Document) -> Copy:
    return Copy(document.doc_id, document.source, document.published, document.path)


def _contains(text: str, quote: str) -> bool:
    """Tell whether a text has the words of a quote, with their numbers, signs and units."""
    return quote in text or _words(quote) in _words(text)


def _words(text: str) -> str:
    return (
        f" {' '.join(word for found in statements_of([text]).sentences for word in found.words)} "
    )
