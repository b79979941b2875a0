"""Optional libraries of formats, imported when the first file of the format is read."""

import importlib
from importlib.util import find_spec
from types import ModuleType

from indexer.corpus.scan import SkippedFileError

# A test compares the versions with requirements.txt.
LIBRARIES = {
    "ijson": "ijson==3.6.0",
    "pyarrow": "pyarrow==26.0.1",
    "pypdf": "pypdf==7.1.0",
    "cryptography": "cryptography==50.0.2",
    "feedparser": "feedparser==6.0.14",
    "warcio": "warcio==1.8.1",
    "trafilatura": "trafilatura==2.3.1",
}


def library(name: str, module: str = "") -> ModuleType:
    """Import a library that a format needs.

    Args:
        name: the library, a key of `LIBRARIES`.
        module: a module in it, such as `parquet`; empty for the library itself.

    Raises:
        SkippedFileError: when it is not installed; the reason names the command to install it.
    """
    if find_spec(name) is None:
        raise SkippedFileError(missing(name))
    return importlib.import_module(f"{name}.{module}" if module else name)


def missing(name: str) -> str:
    """Return the skip reason of a file whose library is not installed."""
    return f"needs {name}: python -m pip install {LIBRARIES[name]}"


def installed_since(reasons: set[str]) -> bool:
    """Tell whether a library has been installed since files were skipped for lack of it."""
    return any(missing(name) in reasons and find_spec(name) is not None for name in LIBRARIES)
