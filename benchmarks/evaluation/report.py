"""What does a reader of the results need to see? One page of Markdown."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from benchmarks.__main__ import RESULTS
from benchmarks.evaluation.figures import figures
from benchmarks.evaluation.results import Entry
from benchmarks.evaluation.sets import SETS
from benchmarks.evaluation.targets import rows, with_interval
from retrieval.evaluation.retrieval_measures import MEASURES, NDCG

_TARGETS: Final = ("Measure", "Reference", "Floor", "Goal", "Reached", "")
_RULES: Final = """\
Square brackets hold 95 % bootstrap intervals over questions. The same default settings on every \
set; an article scores as its best passage; dates are used neither to filter nor to rank. BM25 is \
tantivy's (k1 1.2, b 0.75). News labels are automatic and favour word overlap: good for comparing \
versions. SQuAD was in the training mix of the encoder. F1 and EM are of 100."""


def write_report(
    path: Path, sets: Mapping[str, Entry], skipped: Mapping[str, Sequence[str]]
) -> str:
    """Write the page and its plots beside it, and return the page.

    Args:
        path: the Markdown file.
        sets: what was measured, by set.
        skipped: sets that could not be measured here, with the files that are absent.
    """
    plots = []
    path.parent.mkdir(parents=True, exist_ok=True)
    for name, about, content in figures(sets):
        file = path.with_name(f"{path.stem}-{name}.svg")
        file.write_bytes(content)
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
    """Return the report: the targets first, then each section, last how it was measured.

    Args:
        sets: what was measured, by set.
        speed: what `python -m benchmarks` measured.
        plots: what each plot shows, and its file name beside the report.
        skipped: sets that could not be measured here, with the files that are absent.
    """
    known = dict(sets) | ({"speed": speed} if speed else {})
    parts = ["# Evaluation", "", _RULES, *table(_TARGETS, rows(known))]
    measured = [found for found in SETS if found.name in sets]
    for section, group in groupby(measured, key=lambda found: found.section):
        parts += ["", f"## {section}"]
        parts += _section({found.name: sets[found.name] for found in group})
    if plots:
        parts += ["", "## Plots"]
        parts += [line for about, name in plots for line in ("", f"![{about}]({name})")]
    parts += ["", "## How it was measured", *_circumstances(sets)]
    if skipped:
        parts += ["", "Skipped here:"]
        parts += [f"- {name}: absent: {', '.join(files)}" for name, files in skipped.items()]
    return "\n".join(parts) + "\n"


def table(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, an empty one first."""
    yield ""
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for line in lines:
        yield f"| {' | '.join(line)} |"


def _section(entries: Mapping[str, Entry]) -> Iterator[str]:
    parts = [
        (name, part, entry, measures)
        for name, entry in entries.items()
        for part, measures in entry["measures"].items()
    ]
    searched = [each for each in parts if _is_by_mode(each[3])]
    if searched:
        lines = (line for each in searched for line in _modes(*each))
        yield from table(("", "mode", *MEASURES, "ms a query (95th percentile)"), lines)
        yield from _comparisons(entries)
    others = [
        (f"{name} {part} ({_count(entry, part):,})", measures)
        for name, part, entry, measures in parts
        if not _is_by_mode(measures)
    ]
    for names, group in groupby(others, key=lambda each: tuple(each[1])):
        columns = list(group)
        yield from table(
            ("", *(label for label, _ in columns)),
            ((name, *(with_interval(found[name]) for _, found in columns)) for name in names),
        )
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
    """Yield paired differences of the first measure, which say more than two intervals do."""
    lines = [
        (
            f"{name} {part}",
            f"{found['mode']} - {found['baseline']}",
            f"{each['mean']:+.3f} [{each['low']:+.3f}, {each['high']:+.3f}]",
            f"{found['corrected']:.4f}",
        )
        for name, entry in entries.items()
        for part, compared in entry.get("comparisons", {}).items()
        for found in compared
        if found["measure"] == NDCG
        for each in [found["difference"]]
    ]
    if lines:
        columns = ("", f"difference in {NDCG}", "mean", "p (paired randomisation, after Holm)")
        yield from table(columns, lines)


def _circumstances(sets: Mapping[str, Entry]) -> Iterator[str]:
    lines = []
    for found in SETS:
        if found.name not in sets:
            continue
        entry = sets[found.name]
        reader, index = entry["reader"], entry.get("settings", {})
        limit = f", only {entry['limit']} questions a part" if "limit" in entry else ""
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
    columns = ("", "what", "date", "commit", "reader", "documents in passages", "command")
    yield from table(columns, lines)
    for machine in dict.fromkeys(entry["machine"] for entry in sets.values()):
        yield from ("", f"Machine: {machine}.")


def _is_by_mode(measures: Mapping[str, Any]) -> bool:
    return any("value" not in found for found in measures.values())


def _count(entry: Entry, part: str) -> int:
    questions: int | Mapping[str, int] = entry["questions"]
    return questions if isinstance(questions, int) else questions[part]
