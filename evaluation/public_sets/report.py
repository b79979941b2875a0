"""Report on the public sets: one page of Markdown with plots."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from evaluation.calibration import CoveragePoint, ReliabilityBin
from evaluation.intervals import Estimate
from evaluation.measures import MEASURES, NDCG
from evaluation.paths import RESULTS
from evaluation.plots import plot_estimates, plot_reliability, plot_risk
from evaluation.public_sets.sets import SETS
from evaluation.public_sets.targets import rows, with_interval
from evaluation.results import Entry
from evaluation.tables import markdown_table, replace_file, signed

_SEARCH: Final = ("scifact", "nfcorpus", "squad-1k", "newsqa-8k", "newsqa")
_TARGETS: Final = ("Measure", "Reference", "Floor", "Goal", "Reached", "")
_RULES: Final = """\
Square brackets hold 95 % bootstrap intervals over questions. Every set uses the default settings; \
an article scores as its best passage; dates are used neither to filter nor to rank. BM25 is \
tantivy's (k1 1.2, b 0.75). News labels are automatic and favour word overlap: good for comparing \
versions. The encoder was trained on SQuAD, among others. F1 and EM are percentages."""


def write_report(
    path: Path, sets: Mapping[str, Entry], skipped: Mapping[str, Sequence[str]]
) -> str:
    """Write the page and its plots beside it; return the page.

    Args:
        path: of the Markdown file.
        sets: entries by set.
        skipped: missing files of sets that were not measured.
    """
    plots = []
    path.parent.mkdir(parents=True, exist_ok=True)
    for name, about, content in figures(sets):
        file = path.with_name(f"{path.stem}-{name}.svg")
        replace_file(file, content)
        plots.append((about, file.name))
    speed = RESULTS / "speed.json"
    measured = json.loads(speed.read_text(encoding="utf-8")) if speed.exists() else None
    page = markdown(sets, speed=measured, plots=plots, skipped=skipped)
    path.write_text(page, encoding="utf-8")
    return page


def markdown(
    sets: Mapping[str, Entry],
    *,
    speed: Mapping[str, Any] | None = None,
    plots: Sequence[tuple[str, str]] = (),
    skipped: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Return the page: targets, sections, plots, circumstances.

    Args:
        sets: entries by set.
        speed: results of `python -m benchmarks`.
        plots: description and file name of each plot.
        skipped: missing files of sets that were not measured.
    """
    known = dict(sets) | ({"speed": speed} if speed else {})
    parts = ["# Evaluation", "", _RULES, "", markdown_table(_TARGETS, rows(known))]
    measured = [found for found in SETS if found.name in sets]
    for section, group in groupby(measured, key=lambda found: found.section):
        parts += ["", f"## {section}"]
        parts += _section({found.name: sets[found.name] for found in group})
    if plots:
        parts += ["", "## Plots"]
        parts += [line for about, name in plots for line in ("", f"![{about}]({name})")]
    parts += ["", "## How it was measured", *_circumstances(sets)]
    if skipped:
        parts += ["", "Skipped:"]
        parts += [f"- {name}: missing {', '.join(files)}" for name, files in skipped.items()]
    return "\n".join(parts) + "\n"


def figures(sets: Mapping[str, Entry]) -> Iterator[tuple[str, str, bytes]]:
    """Yield name, description and SVG of each plot that the entries allow."""
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
        yield "risk", "Share of wrong best quotes by share shown", plot_risk(risks)
    for number, (label, found) in enumerate(curves.items(), 1):
        bins = [ReliabilityBin(**each) for each in found["reliability"]]
        about = f"Accuracy of the best quote by its score: {label}, half unanswerable"
        yield f"reliability-{number}", about, plot_reliability(bins)


def _section(entries: Mapping[str, Entry]) -> Iterator[str]:
    parts = [
        (name, part, entry, measures)
        for name, entry in entries.items()
        for part, measures in entry["measures"].items()
    ]
    searched = [each for each in parts if _is_by_mode(each[3])]
    if searched:
        lines = (line for each in searched for line in _modes(*each))
        yield from ("", markdown_table(("", "mode", *MEASURES, "ms per query (95th %)"), lines))
        yield from _comparisons(entries)
    others = [
        (f"{name} {part} ({_count(entry, part):,})", measures)
        for name, part, entry, measures in parts
        if not _is_by_mode(measures)
    ]
    for names, group in groupby(others, key=lambda each: tuple(each[1])):
        columns = list(group)
        cells = [(name, *(with_interval(found[name]) for _, found in columns)) for name in names]
        yield from ("", markdown_table(("", *(label for label, _ in columns)), cells))
    for name, entry in entries.items():
        if "rule" in entry:
            yield from ("", f"{name}: {entry['rule']}.")


def _modes(
    name: str, part: str, entry: Entry, measures: Mapping[str, Any]
) -> Iterator[tuple[str, ...]]:
    for mode, found in measures.items():
        times = entry["milliseconds"][mode]
        yield (
            f"{name} {part} ({_count(entry, part):,})",
            mode,
            *(with_interval(found[measure]) for measure in MEASURES),
            f"{times['median']:.1f} ({times['p95']:.1f})",
        )


def _comparisons(entries: Mapping[str, Entry]) -> Iterator[str]:
    """Yield paired differences, which say more than two intervals."""
    lines = [
        (
            f"{name} {part}",
            f"{found['mode']} - {found['baseline']}",
            signed(Estimate(**found["difference"])),
            f"{found['corrected']:.4f}",
        )
        for name, entry in entries.items()
        for part, compared in entry.get("comparisons", {}).items()
        for found in compared
        if found["measure"] == NDCG
    ]
    if lines:
        columns = ("", f"difference in {NDCG}", "mean", "p (paired randomisation, after Holm)")
        yield from ("", markdown_table(columns, lines))


def _circumstances(sets: Mapping[str, Entry]) -> Iterator[str]:
    lines = []
    for found in SETS:
        if found.name not in sets:
            continue
        entry = sets[found.name]
        reader, index = entry["reader"], entry.get("settings", {})
        limit = f", only {entry['limit']} questions per part" if "limit" in entry else ""
        hashed = f" {reader['sha256'][:12]}" if reader["sha256"] else ""
        of_index = "{documents:,} in {passages:,}".format_map(index) if index else ""
        lines.append(
            (
                found.name,
                found.about + limit,
                entry["date"][:10],
                f"{entry['commit']}",
                f"{reader['name']}{hashed}",
                of_index,
                f"`{entry['command']}`",
            )
        )
    columns = ("", "set", "date", "commit", "reader", "documents in passages", "command")
    yield from ("", markdown_table(columns, lines))
    for machine in dict.fromkeys(entry["machine"] for entry in sets.values()):
        yield from ("", f"Machine: {machine}.")


def _is_by_mode(measures: Mapping[str, Any]) -> bool:
    return any("value" not in found for found in measures.values())


def _count(entry: Entry, part: str) -> int:
    questions: int | Mapping[str, int] = entry["questions"]
    return questions if isinstance(questions, int) else questions[part]


def _all_have(searched: Mapping[str, Any], mode: str) -> bool:
    return all(mode in found for found in searched.values())


def _estimate(measure: Mapping[str, float]) -> Estimate:
    return Estimate(measure["value"], measure["low"], measure["high"])
