"""Answers and search results as JSON, by the contract in docs/json.md.

Fields may be added, never renamed or removed. Scores have 4 decimals.
"""

import json
from dataclasses import asdict
from typing import Any

from retrieval.answering.answers import Answer, Quote, SearchResult
from retrieval.answering.citations import Citation
from retrieval.ranking.hits import Hit, RetrieverRank

JSON_FORMAT = 1

_SCORE_DECIMALS = 4
_TIMING_DECIMALS = 1


def answer_json(answer: Answer, *, explain: bool = False) -> str:
    """Return an answer as JSON; with `explain`, hits carry their scores in detail."""
    fields = {
        "format": JSON_FORMAT,
        "question": answer.question,
        "state": answer.state,
        "warnings": list(answer.warnings),
        "reports": answer.stories,
        "copies": answer.copies,
        "quotes": [_quote(quote) for quote in answer.quotes],
        **_found(answer, explain=explain),
    }
    return _dump(fields)


def search_json(result: SearchResult, *, explain: bool = False) -> str:
    """Return a search result as JSON: an answer's without `state` and `quotes`."""
    fields = {
        "format": JSON_FORMAT,
        "question": result.question,
        "warnings": list(result.warnings),
        **_found(result, explain=explain),
    }
    return _dump(fields)


def _dump(fields: dict[str, Any]) -> str:
    # Escaped, since a terminal must not obey what an article or a file name holds; and a question
    # from the command line may hold bytes that are no text.
    return json.dumps(fields, ensure_ascii=True, indent=1)


def _found(result: Answer | SearchResult, *, explain: bool) -> dict[str, Any]:
    timings = asdict(result.timings)
    index = asdict(result.index)
    del index["corpus"]  # the same articles give the same JSON, wherever they lie
    return {
        "hits": [_hit(hit, explain=explain) for hit in result.hits],
        "index": index,
        "timings_ms": {step: round(spent, _TIMING_DECIMALS) for step, spent in timings.items()},
    }


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "quote": quote.citation.quote,
        "highlight": quote.citation.highlight,
        "score": _score(quote.score),
        "confirmed": quote.confirmed,
        "citation": _citation(quote.citation),
        "context": asdict(quote.context),
        "copies": [asdict(copy) for copy in quote.copies],
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "doc_id": citation.doc_id,
        "path": citation.path,
        "sha256": citation.sha256,
        "encoding": citation.encoding,
        "source_state": citation.source_state,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "highlight_start": citation.highlight_start,
        "highlight_end": citation.highlight_end,
        "title": citation.title,
        "source": citation.source,
        "published": citation.published,
    }


def _hit(hit: Hit, *, explain: bool) -> dict[str, Any]:
    passage = hit.found.passage
    fields = {
        "rank": hit.rank,
        "score": _score(hit.score),
        "passage_id": hit.passage_id,
        "doc_id": passage.doc_id,
        "start": passage.start,
        "end": passage.end,
        "kind": passage.kind,
        "text": hit.found.text,
        "copies": [asdict(copy) for copy in hit.copies],
    }
    if explain:
        article = hit.explanation.article
        fields["explain"] = {
            "bm25": _rank(hit.explanation.bm25),
            "dense": _rank(hit.explanation.dense),
            "article": None if article is None else _score(article),
            "formula": hit.explanation.formula,
        }
    return fields


def _rank(found: RetrieverRank | None) -> dict[str, Any] | None:
    return None if found is None else {"rank": found.rank, "score": _score(found.score)}


def _score(score: float) -> float:
    # + 0.0 turns -0.0, which differs in print only, into 0.0.
    return round(score, _SCORE_DECIMALS) + 0.0
