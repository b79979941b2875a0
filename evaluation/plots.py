"""SVG plots of measures; equal numbers give equal bytes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evaluation.calibration import CoveragePoint, ReliabilityBin
from evaluation.collection_run import CollectionReport
from evaluation.intervals import Estimate
from evaluation.measures import MEASURES

_SIZE = (7.0, 4.0)
_MARKED_POINTS = 50


def plots_of(report: CollectionReport) -> Iterator[tuple[str, str, bytes]]:
    """Yield name, description and SVG of each plot."""
    estimates: dict[str, Mapping[str, Estimate]] = {
        mode.mode: mode.estimates for mode in report.modes
    }
    yield "measures", "Measures by mode with 95 % intervals", plot_estimates(estimates)
    scores = report.answers.scores if report.answers else None
    if scores:
        curves = {"first quote": scores.coverage}
        yield "risk", "Share of wrong first quotes by share shown", plot_risk(curves)
        bins = plot_reliability(scores.reliability)
        yield "reliability", "Accuracy of first quotes by their score", bins


def plot_estimates(
    estimates: Mapping[str, Mapping[str, Estimate]], measures: Sequence[str] = MEASURES
) -> bytes:
    """Return a bar chart with intervals: a group per measure, a bar per name."""
    with _drawing() as (axes, drawn):
        width = 0.8 / len(estimates)
        for place, (name, found) in enumerate(estimates.items()):
            shown = [found[measure] for measure in measures]
            axes.bar(
                [group + place * width for group in range(len(measures))],
                [each.mean for each in shown],
                width=width * 0.9,
                yerr=[
                    [each.mean - each.low for each in shown],
                    [each.high - each.mean for each in shown],
                ],
                capsize=2,
                label=name,
            )
        middle = (len(estimates) - 1) * width / 2
        axes.set_xticks([group + middle for group in range(len(measures))], measures)
        axes.set_ylim(0, 1)
        axes.legend(
            loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(estimates), frameon=False
        )
    return drawn.getvalue()


def plot_risk(curves: Mapping[str, Sequence[CoveragePoint]]) -> bytes:
    """Return risk against coverage, a line per name; lower is better."""
    with _drawing() as (axes, drawn):
        for name, points in curves.items():
            coverage, risk = [point.coverage for point in points], [point.risk for point in points]
            marker = "." if len(points) <= _MARKED_POINTS else ""
            axes.plot(coverage, risk, marker=marker, label=name)
        axes.set(xlabel="coverage: share shown", ylabel="risk: share of it that is wrong")
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.legend(loc="upper left")
    return drawn.getvalue()


def plot_reliability(bins: Sequence[ReliabilityBin]) -> bytes:
    """Return accuracy against the mean score of each bin; the diagonal is ideal."""
    with _drawing() as (axes, drawn):
        axes.plot([0, 1], [0, 1], color="grey", linestyle="--", linewidth=1)
        scores, right = [each.mean_score for each in bins], [each.accuracy for each in bins]
        axes.plot(scores, right, marker="o")
        for each in bins:
            place = (each.mean_score, each.accuracy)
            axes.annotate(str(each.count), place, textcoords="offset points", xytext=(4, -10))
        axes.set(xlabel="score", ylabel="share right", xlim=(0, 1), ylim=(0, 1))
    return drawn.getvalue()


@contextmanager
def _drawing() -> Iterator[tuple[Axes, BytesIO]]:
    """Yield axes and a buffer that receives the SVG."""
    buffer = BytesIO()
    # Reproducible: a fixed salt for ids and no date. Names are no formulas.
    with mpl.rc_context(
        {"svg.hashsalt": "dateline", "svg.fonttype": "none", "text.parse_math": False}
    ):
        # pyplot would keep the figure and choose a backend for a screen.
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.subplots()
        axes.grid(visible=True, alpha=0.3)
        axes.set_axisbelow(True)
        yield axes, buffer
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
