"""Features of the first quote of an answer, from what is known when the question is answered."""

import math
from typing import Final

from evaluation.measures import normalised
from evaluation.public_sets.raw_answers import RawAnswer
from indexer.text.analyzer import terms
from retrieval.answering.answers import Quote
from retrieval.answering.features import names, overlap
from retrieval.ranking.hits import Hit, RetrieverRank

FEATURES: Final = (
    "score",
    "margin",
    "relevance",
    "best relevance",
    "rank",
    "fused",
    "bm25 rank",
    "dense rank",
    "agreement",
    "overlap",
    "overlap with passage",
    "names",
    "names with passage",
    "headline",
    "highlight length",
    "corpus",
)
"""Names of the features in their order; scores and relevances are logits, ranks logarithms."""

# Vanishes with the answering articles, which is no sign in real use.
AGREEMENT: Final = frozenset({"agreement"})
# Tells domains apart, as long as each has sizes of its own.
CORPUS: Final = frozenset({"corpus"})
_LEAST: Final = 0.001
# Rank of a passage that is not among the hits, or not in the ranking of a retriever.
_NOT_SHOWN, _NOT_FOUND = 11, 101


def features_of(question: str, raw: RawAnswer, articles: int) -> list[float]:
    """Return the features of the first quote, which the answer must have, as in `FEATURES`."""
    first, *others = raw.answer.quotes
    citation = first.citation
    hit = _hit_of(raw, first)
    passage = f"{citation.title or ''}\n{first.context.before}{citation.quote}{first.context.after}"
    second = max((other.score for other in others), default=0.0)
    explanation = hit.explanation if hit else None
    agreeing = sum(_agrees(first, other) for other in others) + len(first.copies)
    return [
        logit(first.score),
        logit(first.score) - logit(second),
        logit(raw.relevances[0]),
        logit(raw.relevance),
        math.log(hit.rank if hit else _NOT_SHOWN),
        hit.score if hit else 0.0,
        _log_rank(explanation.bm25 if explanation else None),
        _log_rank(explanation.dense if explanation else None),
        math.log1p(agreeing),
        overlap(question, citation.quote),
        overlap(question, passage),
        _named(question, citation.quote),
        _named(question, passage),
        float(normalised(citation.quote) == normalised(citation.title or "")),
        math.log1p(len(citation.highlight.split())),
        math.log(articles),
    ]


def logit(score: float) -> float:
    """Return the log odds of a score, bounded.

    >>> logit(0.5), round(logit(0.0), 1)
    (0.0, -6.9)
    """
    bounded = min(max(score, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))


def _hit_of(raw: RawAnswer, quote: Quote) -> Hit | None:
    """Return the hit whose passage a quote is from."""
    citation = quote.citation
    return next(
        (
            hit
            for hit in raw.answer.hits
            if hit.found.passage.doc_id == citation.doc_id
            and hit.found.passage.start <= citation.start
            and citation.end <= hit.found.passage.end
        ),
        None,
    )


def _agrees(first: Quote, other: Quote) -> bool:
    """Tell whether the quote of another story marks the same words, or holds them."""
    if _story(first) == _story(other):
        return False
    marked = f" {normalised(first.citation.highlight)} "
    return marked.strip() != "" and marked in f" {normalised(other.citation.quote)} "


def _story(quote: Quote) -> str:
    return quote.story or quote.citation.doc_id


def _log_rank(found: RetrieverRank | None) -> float:
    return math.log(found.rank if found else _NOT_FOUND)


def _named(question: str, text: str) -> float:
    """Return the share of the question's names whose words are all in a text; 1 without names."""
    found = set(terms(text))
    asked = [set(terms(span.slice(question))) for span in names(question)]
    return sum(name <= found for name in asked) / len(asked) if asked else 1.0
