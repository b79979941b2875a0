"""The generation before: what a build may reuse of it, and how the new one differs."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.catalog.schema import CATALOG_FILE, read_only_uri
from indexer.cleaning.vocabulary import RECURRING

_CHANGED = """
SELECT count(*) FROM documents new JOIN live.documents old USING (doc_id)
WHERE new.text <> old.text OR new.metadata <> old.metadata OR new.encoding <> old.encoding
"""
_CLEANED_DIFFERENTLY = """
SELECT new.regions, old.regions
FROM documents new JOIN live.documents old USING (doc_id)
WHERE new.regions <> old.regions AND new.text = old.text
"""


@dataclass(frozen=True, slots=True)
class Previous:
    """Folder of a committed generation, and what a build may reuse of it.

    `articles`: the entries of unchanged articles. `files`: the articles of unchanged files, with
    `encoding` also of those that declare none. All are False for a forced build; articles of an
    unreadable file are kept in any case.
    """

    folder: Path
    articles: bool
    files: bool
    encoding: bool = True


def previous_in(
    folder: Path, *, articles: bool, files: bool, encoding: bool = True
) -> Previous | None:
    """Return what may be reused of a generation; None if its catalog has no tables for that."""
    try:
        with closing(sqlite3.connect(read_only_uri(folder / CATALOG_FILE), uri=True)) as connection:
            connection.execute("SELECT count(*) FROM made_from, whole_files WHERE 0")
    except sqlite3.Error:
        return None
    return Previous(folder, articles, files, encoding)


def count_changed(generation: Path, live: Path) -> int:
    """Count the articles whose path is the same and whose content differs.

    Args:
        generation: the folder of the new generation.
        live: the folder of the one before.

    Returns:
        The count; 0 when a catalog cannot be read, which is reported elsewhere.
    """
    try:
        return sum(count for (count,) in _compared(generation, live, _CHANGED))
    except sqlite3.Error:
        return 0


def count_recleaned(generation: Path, live: Path) -> int:
    """Count the articles of which cleaning removes other recurring lines than before.

    Returns:
        The count; 0 when a catalog cannot be read, which is reported elsewhere.
    """
    try:
        rows = _compared(generation, live, _CLEANED_DIFFERENTLY)
        return sum(_recurring(new) != _recurring(old) for new, old in rows)
    except (sqlite3.Error, ValueError, TypeError, IndexError):
        return 0


def _compared(generation: Path, live: Path, query: str) -> Iterator[tuple[Any, ...]]:
    """Run a query over the catalog of a generation, with that of another attached as `live`."""
    uri = read_only_uri(generation / CATALOG_FILE)
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        connection.execute("ATTACH ? AS live", (read_only_uri(live / CATALOG_FILE),))
        yield from connection.execute(query)


def _recurring(regions: str) -> list[tuple[int, int]]:
    """Return the spans of recurring lines, with adjacent ones joined.

    How many articles a line stands in differs from build to build, and does not matter here.
    """
    spans: list[tuple[int, int]] = []
    neighbours = False
    for start, end, _, reason, *_ in json.loads(regions):
        if reason == RECURRING:
            first = spans.pop()[0] if neighbours else start
            spans.append((first, end))
        neighbours = reason == RECURRING
    return spans
