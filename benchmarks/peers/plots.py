"""Log-log plots of figures by size, as SVG; equal numbers give equal bytes."""

from collections.abc import Mapping
from io import BytesIO
from typing import Final

import matplotlib as mpl
from matplotlib.figure import Figure

_SIZE: Final = (7.0, 4.5)
_OURS: Final = "dateline"


def plot_growth(series: Mapping[str, Mapping[int, float]], label: str) -> bytes:
    """Plot a line per peer; Dateline's is thick.

    Args:
        series: positive values by peer and size.
        label: of the values, with unit.
    """
    buffer = BytesIO()
    # Text stays text, names are no formulas, ids come from a fixed salt.
    with mpl.rc_context(
        {"svg.hashsalt": "dateline", "svg.fonttype": "none", "text.parse_math": False}
    ):
        # A figure of its own: pyplot would keep it, and choose a backend for a screen.
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.subplots()
        for name, values in series.items():
            ours = name.startswith(_OURS)
            axes.plot(
                list(values),
                list(values.values()),
                marker="o",
                markersize=4,
                linewidth=2.5 if ours else 1.2,
                color="black" if ours else None,
                label=name,
            )
        axes.set(xscale="log", yscale="log", xlabel="passages", ylabel=label)
        axes.grid(visible=True, which="major", alpha=0.3)
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()
