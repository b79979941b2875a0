"""Which plots stand below the tables? The same numbers, the same bytes (SVG)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from benchmarks.evaluation.results import Entry
from retrieval.evaluation.calibration import CoveragePoint, ReliabilityBin
from retrieval.evaluation.plots import plot_estimates, plot_reliability, plot_risk
from retrieval.evaluation.retrieval_measures import NDCG
from retrieval.evaluation.significance import Estimate

_SEARCH: Final = ("scifact", "nfcorpus", "squad-1k", "newsqa-8k", "newsqa")


def figures(sets: Mapping[str, Entry]) -> Iterator[tuple[str, str, bytes]]:
    """Yield name, description and SVG of each plot that the results allow."""
    searched = {
        f"{name} {part}": measures
        for name in _SEARCH
        if name in sets
        for part, measures in sets[name]["measures"].items()
    }
    if searched:
        modes = [mode for mode in next(iter(searched.values())) if _all_have(searched, mode)]
        estimates = {
            mode: {label: _estimate(found[mode][NDCG]) for label, found in searched.items()}
            for mode in modes
        }
        yield "search", f"{NDCG} by set and mode", plot_estimates(estimates, list(searched))
    curves = {
        f"{name.removesuffix('-abstention')} {part}": found
        for name, entry in sets.items()
        for part, found in entry.get("curves", {}).items()
    }
    if curves:
        risks = {
            label: [CoveragePoint(**point) for point in found["risk"]]
            for label, found in curves.items()
        }
        yield "risk", "Share of wrong best quotes, by how many are shown", plot_risk(risks)
    for number, (label, found) in enumerate(curves.items(), 1):
        bins = [ReliabilityBin(**each) for each in found["reliability"]]
        about = f"How often the best quote is right, by its score: {label}, half unanswerable"
        yield f"reliability-{number}", about, plot_reliability(bins)


def _all_have(searched: Mapping[str, Any], mode: str) -> bool:
    return all(mode in found for found in searched.values())


def _estimate(measure: Mapping[str, float]) -> Estimate:
    return Estimate(measure["value"], measure["low"], measure["high"])
