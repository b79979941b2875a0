"""Answers written to files, whole or not at all."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from indexer.errors import EvidenceError
from retrieval.answering.answers import Answer
from retrieval.evidence.formats import bibtex, csv_rows, csv_text, html_page
from retrieval.evidence.pack import pack_json, timestamp

BOM = "\ufeff"  # spreadsheets take CSV without it for a legacy encoding


def _csv(answer: Answer, created: datetime | None) -> str:
    return BOM + csv_text(csv_rows(answer, created=created))


def _markdown(answer: Answer, created: datetime | None) -> str:
    generation = answer.index.generation
    return f"{answer.to_markdown()}\nAsked {timestamp(created)}; index generation {generation}.\n"


FORMATS: Final[dict[str, Callable[[Answer, datetime | None], str]]] = {
    ".json": pack_json,
    ".md": _markdown,
    ".csv": _csv,
    ".bib": bibtex,
    ".html": html_page,
}
"""Text of an answer by the ending of the file: an evidence pack, Markdown, CSV, BibTeX, HTML."""


def export(
    answer: Answer, path: Path, *, replace: bool = False, created: datetime | None = None
) -> None:
    """Write an answer to a file, in the format of its ending.

    Args:
        answer: the answer.
        path: the file; its ending is one of `FORMATS`.
        replace: replace a file that exists.
        created: when it was asked; None means now.

    Raises:
        EvidenceError: when the ending is unknown, the file exists, or it cannot be written.
    """
    check_target(path, replace=replace)
    write_whole(path, FORMATS[path.suffix.lower()](answer, created))


def check_target(path: Path, *, replace: bool) -> None:
    """Check that an answer can be exported to a path.

    Raises:
        EvidenceError: when its ending is unknown, or it exists.
    """
    if path.suffix.lower() not in FORMATS:
        raise EvidenceError(
            f"Cannot export to {path}: its ending must be one of {', '.join(FORMATS)}"
        )
    if path.exists() and not replace:
        raise EvidenceError(f"{path} exists. Choose another name, or replace it with --force")


def write_whole(path: Path, text: str) -> None:
    """Write a file under another name first, so that it is never there in part.

    Raises:
        EvidenceError: when it cannot be written; a file that was there stays.
    """
    temporary = path.with_name(f".{path.name[:50]}.{os.getpid()}.new")
    try:
        with temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        raise EvidenceError(
            f"Cannot write {path} ({error.strerror or error}). Choose another place"
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
