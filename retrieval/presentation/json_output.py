"""Answers and search results as JSON, by the contract in docs/json.md."""

import json

from retrieval.answering.answers import Answer, SearchResult


def as_json(result: Answer | SearchResult, *, explain: bool = False) -> str:
    """Return a result as JSON; with `explain`, hits say how they were scored."""
    # Escaped, since a terminal must not obey what an article or a file name holds; and a question
    # from the command line may hold bytes that are no text.
    return json.dumps(result.to_dict(explain=explain), ensure_ascii=True, indent=1)
