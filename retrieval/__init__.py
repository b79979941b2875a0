"""Answer questions over an index with cited passages."""

from retrieval.answering.answers import Answer, Quote, SearchResult
from retrieval.answering.citations import Citation
from retrieval.engine import SearchEngine
from retrieval.ranking.hits import Hit

__all__ = ["Answer", "Citation", "Hit", "Quote", "SearchEngine", "SearchResult"]
