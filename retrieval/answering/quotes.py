"""Choice of quotes, and their citation: text, span and file are checked before a user sees them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from indexer.corpus.roots import CorpusRoots
from indexer.dedup.facts import statements_of
from indexer.documents import Document, Span
from indexer.errors import IndexFormatError, build_command
from indexer.storage.staleness import check_source
from indexer.store import (
    NO_CORRECTIONS,
    Copy,
    Corrections,
    PassageStore,
    StoredPassage,
    doc_id_array,
    doc_id_text,
)
from indexer.text.analyzer import content_terms, terms, words
from retrieval.answering.answers import CitedHit, Context, Quote
from retrieval.answering.candidates import Candidate
from retrieval.answering.citations import cite
from retrieval.answering.corrected import (
    ChosenQuote,
    CorrectedBy,
    corrections_first,
    with_scores_of_corrected,
)
from retrieval.answering.marks import marked
from retrieval.ranking.hits import Hit
from retrieval.settings import MAX_ARTICLE_QUOTES, Thresholds

_REPEATED = 0.8  # share of a headline's terms, or of its answer's
_ALIKE = 0.6  # share of the terms of a headline whose answer is repeated
# Signs, currencies and units: they make another number of the same digits.
_SIGNS = re.compile(r"(?<!\w)[-−+](?=\s?[$€£¥₹]?\d)|[$€£¥₹](?=\s?\d)|(?<=\d)\s?[%‰°$€£¥₹]")


@dataclass(frozen=True, slots=True)
class Quoter:
    """Citation of evidence in the documents of a store, whose files are under the roots."""

    store: PassageStore
    roots: CorpusRoots

    def quotes(
        self,
        question: str,
        candidates: Sequence[Candidate],
        max_quotes: int,
        thresholds: Thresholds,
    ) -> tuple[Quote, ...]:
        """Return the quotes to show of candidates, as `choose_quotes` and `quote` do.

        Raises:
            CitationError: when an article differs from what was read.
            IndexFormatError: when the store does not hold one.
        """
        stored = {each.stored.passage.passage_id: each.stored for each in candidates}
        corrections = self.store.corrections_of(
            sorted({each.stored.passage.doc_id for each in candidates})
        )
        corrected_by = {
            doc_id: {each.doc_id for each in found.by} for doc_id, found in corrections.items()
        }
        chosen = choose_quotes(candidates, max_quotes, thresholds, corrected_by)
        return tuple(self.quote(question, each, stored[each.passage_id]) for each in chosen)

    def quote(self, question: str, chosen: ChosenQuote, stored: StoredPassage) -> Quote:
        """Return a quote from a passage, its mark widened where the answer alone would mislead.

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
                marked(question, stored, chosen.evidence.highlight),
                check_source(self.roots, document),
                read=stored.slice(span),
                corrections=self._corrections(chosen.doc_id),
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

    def cited(self, hits: Sequence[Hit]) -> tuple[CitedHit, ...]:
        """Return hits with the citations of their passages.

        Raises:
            CitationError: when an article differs from what was indexed.
            IndexFormatError: when the store does not hold it.
        """
        found = {hit.found.passage.doc_id for hit in hits}
        read = {doc_id: self._document(doc_id) for doc_id in found}
        states = {doc_id: check_source(self.roots, document) for doc_id, document in read.items()}
        corrections = self.store.corrections_of(sorted(found))
        cited = []
        for hit in hits:
            passage = hit.found.passage
            document, state = read[passage.doc_id], states[passage.doc_id]
            citation = cite(
                document,
                passage.span,
                passage.span,
                state,
                read=hit.found.text,
                corrections=corrections.get(passage.doc_id, NO_CORRECTIONS),
            )
            cited.append(
                CitedHit(
                    found=hit.found,
                    score=hit.score,
                    rank=hit.rank,
                    explanation=hit.explanation,
                    copies=hit.copies,
                    citation=citation,
                )
            )
        return tuple(cited)

    def _corrections(self, doc_id: str) -> Corrections:
        return self.store.corrections_of([doc_id]).get(doc_id, NO_CORRECTIONS)

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
    candidates: Sequence[Candidate],
    max_quotes: int,
    thresholds: Thresholds,
    corrected_by: CorrectedBy = MappingProxyType({}),
) -> list[ChosenQuote]:
    """Return the quotes to show, by score, at most `MAX_ARTICLE_QUOTES` of an article.

    Those of a corrected article stand below those of its correction, if both are confirmed or
    neither is; what withdraws an answer has its score.

    Sentences that differ only in white space, case and punctuation are one quote with copies.
    Similar ones stay apart, since they may differ in a number or a denial; signs, units and
    currencies beside a number are no punctuation. A sentence that repeats its headline and says
    more takes the headline's place.

    Args:
        candidates: scored evidence.
        max_quotes: maximum number of quotes.
        thresholds: minimum scores of evidence that is quoted, and of confirmed evidence.
        corrected_by: the doc_ids of the articles that correct one, by its doc_id.
    """
    found = [each for each in candidates if each.evidence.score >= thresholds.possible]
    found = with_scores_of_corrected(_without_headlines(found), corrected_by)
    found.sort(
        key=lambda each: (
            -each.evidence.score,
            each.stored.passage.doc_id,
            each.evidence.quote,
        )
    )
    of_article: Counter[str] = Counter()
    chosen = []
    for quote in _merge_copies(found):
        of_article[quote.doc_id] += 1
        if of_article[quote.doc_id] <= MAX_ARTICLE_QUOTES:
            confirmed = quote.evidence.score >= thresholds.answered
            chosen.append(replace(quote, confirmed=confirmed))
    return corrections_first(chosen, corrected_by)[:max_quotes]


def _without_headlines(found: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates without the headlines that sentences repeat, which get their scores."""
    kept = []
    for each in found:
        if any(_repeats(other, each) for other in found):
            continue
        repeated = [other.evidence.score for other in found if _repeats(each, other)]
        score = max(each.evidence.score, *repeated) if repeated else each.evidence.score
        kept.append(replace(each, evidence=replace(each.evidence, score=score)))
    return kept


def _repeats(sentence: Candidate, headline: Candidate) -> bool:
    """Tell whether a sentence of the same article repeats a headline, or what it answers."""
    one, other = sentence.stored.passage, headline.stored.passage
    if one.doc_id != other.doc_id or one.kind == "headline" or other.kind != "headline":
        return False
    title, text = headline.stored.text, sentence.stored.slice(sentence.evidence.quote)
    if _share(title, text) >= _REPEATED:
        return True
    answer = headline.stored.slice(headline.evidence.highlight)
    repeated = _share(answer, sentence.stored.slice(sentence.evidence.highlight))
    return repeated >= _REPEATED and _share(title, text) >= _ALIKE


def _share(said: str, text: str) -> float:
    """Return the share of the terms of what is said that a text has."""
    wanted = set(content_terms(said))
    return len(wanted.intersection(terms(text))) / max(1, len(wanted))


def _merge_copies(found: Sequence[Candidate]) -> list[ChosenQuote]:
    """Return the best of equal sentences, and of overlapping quotes of one article."""
    unique: dict[tuple[str, ...], ChosenQuote] = {}
    spans: dict[str, list[Span]] = {}
    for each in found:
        passage, span = each.stored.passage, each.evidence.quote
        if any(span.overlaps(other) for other in spans.get(passage.doc_id, [])):
            continue
        spans.setdefault(passage.doc_id, []).append(span)
        text = each.stored.slice(span)
        key = (*words(text), *(sign.strip() for sign in _SIGNS.findall(text))) or (text,)
        quote = ChosenQuote(passage.doc_id, passage.passage_id, each.evidence)
        first = unique.setdefault(key, quote)
        if passage.doc_id not in (first.doc_id, *first.copies):
            unique[key] = replace(first, copies=(*first.copies, passage.doc_id))
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
