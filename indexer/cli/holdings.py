"""Counts of what an index holds by outlet, month or language, as a table, JSON or a chart.

Counted are articles, passages and the characters of the passages. Unknown values have a row of
their own. An article dated to a year alone is in a row of that year, before its months.
"""

import json
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from indexer.catalog.reader import Catalog
from indexer.catalog.statistics import count_by
from indexer.errors import PlotError, install_command
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.text.languages import language_name
from indexer.text.printable import printable_line

Grouping = Literal["source", "month", "language"]

UNKNOWN = "unknown"
PLOT_SUFFIXES = (".png", ".svg")

_BAR = 30
_WIDE = 10_000
_LONGEST_NAME = 40
_INCHES_PER_ROW = 0.28
_TITLES = {"source": "outlet", "month": "month of publication", "language": "language"}


@dataclass(frozen=True, slots=True)
class Holding:
    """Counts of one outlet, month or language; `value` is None for unknown ones."""

    value: str | None
    documents: int
    passages: int
    characters: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """Rows in display order, and the sum of those left out.

    Outlets and languages come largest first, months by date; unknown is last.
    """

    by: Grouping
    rows: tuple[Holding, ...]
    others: Holding | None
    others_count: int
    total: Holding

    def labelled(self) -> list[tuple[str, Holding]]:
        """Return each row with its label."""
        named = [(_label(self.by, row.value), row) for row in self.rows]
        if self.others:
            named.append((f"{self.others_count:,} others", self.others))
        return sorted(named, key=lambda pair: pair[0] == UNKNOWN)


def read_holdings(index: Path, by: Grouping, top: int) -> Holdings:
    """Count what the live generation of an index holds.

    Args:
        index: the index folder.
        by: what to count by.
        top: how many rows to name, those with the most articles; the others are summed.

    Raises:
        IndexNotFoundError: when there is no index.
        IndexFormatError: when it is damaged.
    """
    manifest = read_manifest(index)
    with Catalog(generation_folder(index, manifest.generation)) as catalog:
        rows = [Holding(*row) for row in count_by(catalog, by)]
    return holdings_of(rows, by, top)


def holdings_of(rows: Sequence[Holding], by: Grouping, top: int) -> Holdings:
    """Sort rows and sum those beyond the first `top`; unknown values are always named."""
    known = [row for row in rows if row.value is not None]
    unknown = [row for row in rows if row.value is None]
    ranked = sorted(known, key=lambda row: (-row.documents, row.value or ""))
    shown, left = ranked[:top], ranked[top:]
    if by == "month":
        shown.sort(key=lambda row: row.value or "")
    others = _sum(left) if left else None
    return Holdings(by, (*shown, *unknown), others, len(left), _sum(rows))


def print_holdings(holdings: Holdings, stream: TextIO) -> None:
    """Print the rows as a table, with bars if the stream is a terminal."""
    console = Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = _WIDE  # a pipe gets whole names
    table = Table(box=None, pad_edge=False)
    table.add_column(holdings.by, overflow="fold")
    for name in ("articles", "passages", "characters"):
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
    """Return the rows as JSON; a null value is unknown."""
    fields = asdict(holdings)
    if fields["others"]:
        del fields["others"]["value"]
    del fields["total"]["value"]
    return json.dumps(fields, ensure_ascii=True, indent=1)


def write_plot(holdings: Holdings, path: Path) -> None:
    """Draw the articles of each row as a bar chart; equal counts give equal bytes.

    Args:
        holdings: what to draw.
        path: a file name ending in .png or .svg.

    Raises:
        PlotError: when the file cannot be written, or has another ending.
    """
    suffix = path.suffix.lower()
    if suffix not in PLOT_SUFFIXES:
        raise PlotError(
            f"Cannot draw {path}: unsupported ending {suffix!r}. Use {' or '.join(PLOT_SUFFIXES)}"
        )
    drawn = _drawn(holdings, suffix[1:])
    try:
        path.write_bytes(drawn)
    except OSError as error:
        raise PlotError(
            f"Cannot write {path}: {error.strerror}. Name a file in an existing, writable folder"
        ) from error


def _drawn(holdings: Holdings, kind: str) -> bytes:
    try:
        import matplotlib as mpl  # noqa: PLC0415 - takes half a second, and tables need none of it
        from matplotlib.figure import Figure  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        raise PlotError(
            f"A chart needs {error.name}, which is not installed. Install it: "
            f"{install_command('matplotlib')}"
        ) from error

    names, counts = zip(*((_short(n), r.documents) for n, r in holdings.labelled()), strict=True)
    with (
        mpl.rc_context(
            {"svg.hashsalt": "dateline", "svg.fonttype": "none", "text.parse_math": False}
        ),
        warnings.catch_warnings(),
    ):
        # matplotlib's font lacks some scripts and draws boxes for them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(8.0, 1.5 + _INCHES_PER_ROW * len(names)), layout="constrained")
        axes = figure.subplots()
        axes.set_title(f"{holdings.total.documents:,} articles by {_TITLES[holdings.by]}")
        axes.set_axisbelow(True)
        axes.grid(visible=True, axis="x", alpha=0.3)
        bars = axes.barh(range(len(counts)), counts)
        axes.bar_label(bars, [f"{count:,}" for count in counts], padding=3)
        axes.set_yticks(range(len(names)), names)
        axes.invert_yaxis()
        axes.margins(x=0.12)
        axes.set(xlabel="articles", ylabel=_TITLES[holdings.by])
        buffer = BytesIO()
        metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
        figure.savefig(buffer, format=kind, dpi=150, metadata=metadata)
    return buffer.getvalue()


def _sum(rows: Sequence[Holding]) -> Holding:
    return Holding(
        None,
        sum(row.documents for row in rows),
        sum(row.passages for row in rows),
        sum(row.characters for row in rows),
    )


def _label(by: Grouping, value: str | None) -> str:
    if value is None:
        return UNKNOWN
    return f"{language_name(value)} ({value})" if by == "language" else value


def _short(name: str) -> str:
    line = printable_line(name)
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"
