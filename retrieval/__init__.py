"""Answer questions over an index with cited passages.

Each name is imported when it is first asked for: `python -m retrieval` imports this package before
it can say what Ctrl-C does.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrieval.answering.answers import Answer, Quote, SearchResult
    from retrieval.answering.citations import Citation
    from retrieval.engine import SearchEngine
    from retrieval.ranking.hits import Hit
    from retrieval.summary.client import LanguageModel
    from retrieval.summary.summarise import summarise
    from retrieval.summary.values import Summary

__all__ = [
    "Answer",
    "Citation",
    "Hit",
    "LanguageModel",
    "Quote",
    "SearchEngine",
    "SearchResult",
    "Summary",
    "summarise",
]

_HOMES = {
    "Answer": "answering.answers",
    "Quote": "answering.answers",
    "SearchResult": "answering.answers",
    "Citation": "answering.citations",
    "SearchEngine": "engine",
    "Hit": "ranking.hits",
    "LanguageModel": "summary.client",
    "Summary": "summary.values",
    "summarise": "summary.summarise",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any of the names
    """Import one of the names in `__all__`."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
