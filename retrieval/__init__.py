"""Answer questions over an index with cited passages."""

from retrieval.answers import Answer, Quote, SearchResult
from retrieval.citations import Citation
from retrieval.engine import SearchEngine
from retrieval.ranking.hits import Hit

__all__ = ["Answer", "Citation", "Hit", "Quote", "SearchEngine", "SearchResult"]
