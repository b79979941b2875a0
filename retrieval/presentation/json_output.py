"""Answers and search results as JSON, by the contract in docs/json.md."""

import json
from typing import Any

from retrieval.answering.answers import Answer, SearchResult
from retrieval.summary.values import Summary


def as_json(result: Answer | SearchResult, *, explain: bool = False) -> str:
    """Return a result as JSON; with `explain`, hits say how they were scored."""
    return _printed(result.to_dict(explain=explain))


def summarised_json(answer: Answer, summary: Summary | None, *, explain: bool = False) -> str:
    """Return an answer as JSON, with its summary."""
    fields = answer.to_dict(explain=explain)
    return _printed(fields | {"summary": None if summary is None else summary.to_dict()})


def _printed(fields: dict[str, Any]) -> str:
    # Escaped, since a terminal must not obey what an article or a file name holds; and a question
    # from the command line may hold bytes that are no text.
    return json.dumps(fields, ensure_ascii=True, indent=1)
