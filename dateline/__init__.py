"""Dateline: semantic search and cited question answering over news articles.

The public API. Importing it loads neither torch nor Streamlit; `build` and `update` load what they
need when they are first asked for.
"""

from typing import TYPE_CHECKING, Any

from indexer import __version__
from retrieval import Answer, Citation, Hit, Quote, SearchEngine, SearchResult

if TYPE_CHECKING:
    from indexer.build.pipeline import build
    from indexer.update.update import update

__all__ = [
    "Answer",
    "Citation",
    "Hit",
    "Quote",
    "SearchEngine",
    "SearchResult",
    "__version__",
    "build",
    "update",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - either function
    """Load `build` or `update`."""
    if name == "build":
        from indexer.build.pipeline import build  # noqa: PLC0415 - loads every library

        return build
    if name == "update":
        from indexer.update.update import update  # noqa: PLC0415 - loads every library

        return update
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
