"""How is an engine asked? What it must offer to be measured, and how much is asked for."""

from typing import Protocol

from retrieval.answering.answers import Answer, SearchResult
from retrieval.ranking.ranker import Mode

FIRST = 5
"""How many hits and how many quotes count for recall: what a reader sees without scrolling."""

DEPTH = 10
"""How many hits are asked for beside the quotes."""


class Answerer(Protocol):
    """Answers questions; `SearchEngine` is one."""

    def answer(self, question: str, *, max_quotes: int, k: int, collapse: bool) -> Answer:
        """Return at most `max_quotes` quotes and `k` hits."""


class Searcher(Protocol):
    """Searches passages; `SearchEngine` is one."""

    def search(self, query: str, k: int, mode: Mode, *, collapse: bool) -> SearchResult:
        """Return at most `k` passages, best first."""
