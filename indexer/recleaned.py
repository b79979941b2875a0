"""How many articles were cleaned differently only because lines recur, or no longer do?

Compares two generations: articles whose text is the same, and of which other paragraphs are left
out as recurring.
"""

import json
import sqlite3
from pathlib import Path

from indexer.boilerplate_rules import RECURRING
from indexer.previous import beside_each_other

_CHANGED = """
SELECT new.regions, old.regions
FROM documents new JOIN live.documents old USING (doc_id)
WHERE new.regions <> old.regions AND new.text = old.text
"""


def count_recleaned(generation: Path, live: Path) -> int:
    """Return the number of articles; 0 when one of the catalogs cannot be read.

    Args:
        generation: the folder of the new generation.
        live: the folder of the one before.
    """
    try:
        with beside_each_other(generation, live) as connection:
            rows = connection.execute(_CHANGED)
            return sum(_recurring(new) != _recurring(old) for new, old in rows)
    except (sqlite3.Error, ValueError, TypeError, IndexError):
        return 0  # a damaged catalog is told of elsewhere; here only a number is missing


def _recurring(regions: str) -> list[tuple[int, int]]:
    """Return where recurring lines stand; in how many documents they do is no difference."""
    spans: list[tuple[int, int]] = []
    neighbours = False
    for start, end, _, reason, *_ in json.loads(regions):
        if reason == RECURRING:
            first = spans.pop()[0] if neighbours else start
            spans.append((first, end))
        neighbours = reason == RECURRING
    return spans
