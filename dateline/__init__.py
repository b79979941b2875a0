"""Dateline: semantic search and cited question answering over news articles.

The public API. Importing it loads none of its libraries; each name is imported when it is first
asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from indexer import __version__

if TYPE_CHECKING:
    from indexer.build.pipeline import IndexConfig, build
    from indexer.errors import DatelineError
    from indexer.update.update import UpdateConfig, update
    from retrieval import (
        Answer,
        Citation,
        Hit,
        LanguageModel,
        Quote,
        SearchEngine,
        SearchResult,
        Summary,
        summarise,
    )

__all__ = [
    "Answer",
    "Citation",
    "DatelineError",
    "Hit",
    "IndexConfig",
    "LanguageModel",
    "Quote",
    "SearchEngine",
    "SearchResult",
    "Summary",
    "UpdateConfig",
    "__version__",
    "build",
    "summarise",
    "update",
]

_HOMES = {
    "DatelineError": "indexer.errors",
    "IndexConfig": "indexer.build.pipeline",
    "UpdateConfig": "indexer.update.update",
    "build": "indexer.build.pipeline",
    "update": "indexer.update.update",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any of the names
    """Import one of the names in `__all__`."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "retrieval")), name)
