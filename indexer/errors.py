"""Errors that a user can fix.

A message says what happened, why, and what to do. The command lines and the page print these
errors as one line; any other exception is a bug.
"""

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path


class DatelineError(Exception):
    """Base of every error that a user can fix."""


class CorpusError(DatelineError):
    """The corpus cannot be read, or holds no article."""


class PageError(DatelineError):
    """A web page cannot be read, or holds no article."""


class IndexNotFoundError(DatelineError):
    """There is no index at the given path."""


class IndexFormatError(DatelineError):
    """An index is damaged or of another format version."""


class IndexLockedError(DatelineError):
    """Another process is writing the index."""


class IndexWriteError(DatelineError):
    """The index cannot be written."""


class ServerError(DatelineError):
    """A server cannot start as it was told to."""


class WorkerError(DatelineError):
    """A worker process of a build ended before its work was done."""


class EncoderError(DatelineError):
    """The encoder's files are missing, altered, or cannot be run here."""


class ReaderError(DatelineError):
    """The reader's model is missing, altered, or cannot be run here."""


class EncoderMismatchError(DatelineError):
    """An index was built with another encoder."""


class CitationError(DatelineError):
    """A quote does not match the text at its span."""


class DraftError(DatelineError):
    """A draft cannot be read."""


class EvidenceError(DatelineError):
    """Evidence cannot be exported, or a file is no evidence pack."""


class SummaryError(DatelineError):
    """A language model cannot be asked, or its reply cannot be used."""


class UsageError(DatelineError):
    """Options exclude each other."""


class PlotError(DatelineError):
    """A chart cannot be drawn or written."""


class UnknownDocumentError(DatelineError):
    """No article, or more than one, matches an id or path."""


def program(module: str) -> str:
    """Return how the reader of a message starts the command line of a module.

    >>> program("retrieval")
    'python -m retrieval'
    """
    # Set by the command `dateline`, and inherited by the processes that it starts.
    return os.environ.get("DATELINE_PROGRAM") or f"python -m {module}"


def install_command(*packages: str) -> str:
    """Return the shell command that installs packages where this Dateline runs."""
    return shlex.join([sys.executable, "-m", "pip", "install", *packages])


def build_command(
    corpus: str | Path | Sequence[str] = "CORPUS", index: str | Path = "INDEX"
) -> str:
    """Return the shell command that builds an index.

    >>> build_command("my articles", "index")
    "python -m indexer build 'my articles' --index index"
    """
    roots = [str(corpus)] if isinstance(corpus, str | Path) else corpus
    return f"{program('indexer')} build {shlex.join(roots)} --index {shlex.quote(str(index))}"


def update_command(index: str | Path = "INDEX", corpus: Sequence[Path] = ()) -> str:
    """Return the shell command that updates an index.

    >>> update_command("my index", [Path("/new/place")])
    "python -m indexer update --index 'my index' --corpus /new/place"
    """
    options = [part for path in corpus for part in ("--corpus", str(path))]
    return f"{program('indexer')} {shlex.join(['update', '--index', str(index), *options])}"


def damaged_index(
    index: Path, what: str, corpus: str | Sequence[str] = "CORPUS"
) -> IndexFormatError:
    """Return the error for an index that is damaged; `what` says how that shows."""
    return IndexFormatError(
        f"The index {index} is damaged: {what}. Rebuild it: {build_command(corpus, index)}"
    )


def write_failure(what: Path, error: BaseException) -> IndexWriteError:
    """Return the error for a file of the index that cannot be written."""
    return IndexWriteError(
        f"{what} could not be written ({error}). The existing index is unchanged. Free disk space "
        "or choose another place with --index, then try again"
    )
