"""Is the library there that a format needs? If not, which command installs it?

A library is loaded when the first file of its format is met: an index of text files needs none.
"""

import importlib
from importlib.util import find_spec
from types import ModuleType

from indexer.corpus.scan import SkippedFileError

# One place for the versions: requirements.txt names the same, which a test compares.
LIBRARIES = {
    "ijson": "ijson==3.6.0",
    "pyarrow": "pyarrow==26.0.1",
    "pypdf": "pypdf==7.1.0",
    "feedparser": "feedparser==6.0.14",
    "warcio": "warcio==1.8.1",
    "trafilatura": "trafilatura==2.3.1",
}


def library(name: str, module: str = "") -> ModuleType:
    """Return a library that a format needs.

    Args:
        name: the library, a key of `LIBRARIES`.
        module: a module in it, such as `parquet`; empty means the library itself.

    Raises:
        SkippedFileError: when it is not installed; the reason names the command that does it.
    """
    if find_spec(name) is None:
        raise SkippedFileError(missing(name))
    return importlib.import_module(f"{name}.{module}" if module else name)


def missing(name: str) -> str:
    """Return the reason for which a file is skipped when a library is not installed."""
    return f"needs {name}: python -m pip install {LIBRARIES[name]}"


def installed_since(reasons: set[str]) -> bool:
    """Tell whether a library is there now for whose lack files were skipped."""
    return any(missing(name) in reasons and find_spec(name) is not None for name in LIBRARIES)
