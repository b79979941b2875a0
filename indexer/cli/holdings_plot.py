"""How do counts by outlet, month or language look as a picture? PNG or SVG.

Months are upright bars in the order of time; names lie beside theirs, so that each can be read. The
same numbers give the same bytes.
"""

import warnings
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from indexer.cli.holdings import Holdings
from indexer.errors import PlotError
from indexer.text.printable import printable_line

PLOT_SUFFIXES = (".png", ".svg")

_LONGEST_NAME = 40
_MOST_LABELS = 20
_INCHES_A_ROW = 0.28
_TITLES = {"source": "outlet", "month": "month of publication", "language": "language"}


def write_plot(holdings: Holdings, path: Path) -> None:
    """Draw the number of articles of each row into a file.

    Args:
        holdings: what to draw.
        path: its ending says how: .png or .svg.

    Raises:
        PlotError: when the file cannot be written, or has another ending.
    """
    suffix = path.suffix.lower()
    if suffix not in PLOT_SUFFIXES:
        raise PlotError(
            f"cannot draw {path}: found the ending {suffix!r}, expected one of "
            f"{', '.join(PLOT_SUFFIXES)}. Name the file so"
        )
    drawn = _drawn(holdings, suffix[1:])
    try:
        path.write_bytes(drawn)
    except OSError as error:
        raise PlotError(
            f"{path} cannot be written: {error.strerror}. Name a file in a folder that is there "
            "and may be written to"
        ) from error


def _drawn(holdings: Holdings, kind: str) -> bytes:
    buffer = BytesIO()
    rows = [(_short(name), row.documents) for name, row in holdings.labelled()]
    with (
        # Names are no formulas, ids come from a fixed salt, and there is no date.
        mpl.rc_context(
            {"svg.hashsalt": "dateline", "svg.fonttype": "none", "text.parse_math": False}
        ),
        warnings.catch_warnings(),
    ):
        # The font that comes with matplotlib lacks some scripts; it draws boxes for them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        upright = holdings.by == "month"
        size = (10.0, 4.5) if upright else (8.0, 1.5 + _INCHES_A_ROW * len(rows))
        # A figure of its own: pyplot would keep it, and choose a backend for a screen.
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots()
        axes.set_title(f"{holdings.total.documents:,} articles by {_TITLES[holdings.by]}")
        axes.set_axisbelow(True)
        _draw_upright(axes, rows) if upright else _draw_lying(axes, rows, _TITLES[holdings.by])
        metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
        figure.savefig(buffer, format=kind, dpi=150, metadata=metadata)
    return buffer.getvalue()


def _draw_upright(axes: Axes, rows: list[tuple[str, int]]) -> None:
    axes.grid(visible=True, axis="y", alpha=0.3)
    axes.bar(range(len(rows)), [count for _, count in rows])
    # Of many months every second, third … is named; what is no month always is.
    step = -(-len(rows) // _MOST_LABELS) or 1
    apart = [i for i, (name, _) in enumerate(rows) if not name[:4].isdecimal()]
    months = range(0, min(apart, default=len(rows) + step) - step // 2, step)
    named = [*months, *apart]
    axes.set_xticks(named, [rows[i][0] for i in named], rotation=45, ha="right")
    axes.margins(x=0.01)
    axes.set(xlabel=_TITLES["month"], ylabel="articles")


def _draw_lying(axes: Axes, rows: list[tuple[str, int]], title: str) -> None:
    axes.grid(visible=True, axis="x", alpha=0.3)
    bars = axes.barh(range(len(rows)), [count for _, count in rows])
    axes.bar_label(bars, [f"{count:,}" for _, count in rows], padding=3)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set(xlabel="articles", ylabel=title)


def _short(name: str) -> str:
    line = printable_line(name)
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"
