"""What can go wrong, by type?

Every message says what is wrong, what was found, what was expected and what to do. The edges (the
`__main__` modules and `app.py`) turn these into one line; anything else is a bug and must be seen.
"""

import shlex
from collections.abc import Sequence
from pathlib import Path


class DatelineError(Exception):
    """Base of every error that a user can mend."""


class CorpusError(DatelineError):
    """The corpus folder cannot be read, or holds no article."""


class PageError(DatelineError):
    """A web page that cannot be read, or that holds no article."""


class IndexNotFoundError(DatelineError):
    """There is no index at the given path."""


class IndexFormatError(DatelineError):
    """An index is damaged, half-written, or of another format version."""


class IndexLockedError(DatelineError):
    """Another process is writing the index."""


class IndexWriteError(DatelineError):
    """The index could not be written: disk space, permission, or a file in its place."""


class WorkerError(DatelineError):
    """A worker process of a build ended before its work was done."""


class EncoderError(DatelineError):
    """The encoder's files are missing, altered, or cannot be run here."""


class ReaderError(DatelineError):
    """The reader's model is missing, altered, or cannot be run here."""


class EncoderMismatchError(DatelineError):
    """An index was built with another encoder than the one at hand."""


class CitationError(DatelineError):
    """A quote is not at its span: nothing is shown rather than something false."""


class UsageError(DatelineError):
    """Options that do not go together."""


class PlotError(DatelineError):
    """A picture cannot be drawn or written."""


class UnknownDocumentError(DatelineError):
    """No article, or more than one, has the id or path that was asked for."""


def build_command(
    corpus: str | Path | Sequence[str] = "CORPUS", index: str | Path = "INDEX"
) -> str:
    """Return the command that builds an index, as a shell takes it.

    >>> build_command("my articles", "index")
    "python -m indexer build 'my articles' --index index"
    """
    roots = [str(corpus)] if isinstance(corpus, str | Path) else corpus
    return f"python -m indexer build {shlex.join(roots)} --index {shlex.quote(str(index))}"


def update_command(index: str | Path = "INDEX", corpus: Sequence[Path] = ()) -> str:
    """Return the command that brings an index up to date, as a shell takes it.

    >>> update_command("my index", [Path("/new/place")])
    "python -m indexer update --index 'my index' --corpus /new/place"
    """
    places = [part for path in corpus for part in ("--corpus", str(path))]
    return shlex.join(["python", "-m", "indexer", "update", "--index", str(index), *places])


def damaged_index(
    index: Path, what: str, corpus: str | Sequence[str] = "CORPUS"
) -> IndexFormatError:
    """Return the error for an index that is damaged; `what` says how that shows."""
    return IndexFormatError(
        f"The index {index} is damaged: {what}. Rebuild it: {build_command(corpus, index)}"
    )


def write_failure(what: Path, error: BaseException) -> IndexWriteError:
    """Return the error for a file of the index that could not be written."""
    return IndexWriteError(
        f"{what} could not be written ({error}). The index that was live is untouched. Free disk "
        "space or choose another place with --index, then build again"
    )
