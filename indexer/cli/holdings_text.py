"""How do counts by outlet, month or language look? A table; in a terminal with bars.

Names of outlets come from articles: they are never markup, and control characters are shown.
"""

import json
from dataclasses import asdict
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from indexer.cli.holdings import Holdings
from indexer.text.printable import printable_line

_BAR = 30
_WIDE = 10_000
_COLUMNS = ("articles", "passages", "characters")


def print_holdings(holdings: Holdings, stream: TextIO) -> None:
    """Print the rows as a table, with bars of the articles where the stream is a terminal."""
    console = Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = _WIDE  # a pipe gets whole names
    table = Table(box=None, pad_edge=False)
    table.add_column(holdings.by, overflow="fold")
    for name in _COLUMNS:
        table.add_column(name, justify="right", no_wrap=True)
    if console.is_terminal:
        table.add_column("", no_wrap=True)
    rows = holdings.labelled()
    most = max((row.documents for _, row in rows), default=1)
    for name, row in [*rows, ("all", holdings.total)]:
        counts = [f"{count:,}" for count in (row.documents, row.passages, row.characters)]
        bar = "█" * round(_BAR * row.documents / most) if row is not holdings.total else ""
        cells = [printable_line(name), *counts, *([bar] if console.is_terminal else [])]
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)


def holdings_json(holdings: Holdings) -> str:
    """Return the rows as JSON; a value that is null is unknown."""
    fields = asdict(holdings)
    if fields["others"]:
        del fields["others"]["value"]
    del fields["total"]["value"]
    return json.dumps(fields, ensure_ascii=True, indent=1)
