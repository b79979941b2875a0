"""What does a reader of the results need to see? One page of Markdown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks.evaluation.results import Entry
from benchmarks.evaluation.sets import SETS
from benchmarks.evaluation.targets import rows, with_interval

_TARGET_COLUMNS = ("Measure", "Reference", "Floor", "Goal", "Reached [95 % interval]", "")


def markdown(sets: Mapping[str, Entry], skipped: Mapping[str, Sequence[str]]) -> str:
    """Return the report: the targets first, then each set that was measured.

    Args:
        sets: what was measured, by set.
        skipped: sets that could not be measured here, with the files that are absent.
    """
    parts = ["# Evaluation", *_table(_TARGET_COLUMNS, rows(sets))]
    for found in SETS:
        if found.name in sets:
            parts += ["", *_section(found.name, found.about, sets[found.name])]
    if skipped:
        parts += ["", "## Skipped", ""]
        parts += [f"- {name}: absent: {', '.join(files)}" for name, files in skipped.items()]
    return "\n".join(parts) + "\n"


def _section(name: str, about: str, entry: Entry) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    yield f"{about[0].upper()}{about[1:]}. {_circumstances(entry)}"
    for part, measures in entry["measures"].items():
        yield ""
        yield f"{part} ({_count(entry['questions'], part)} questions)"
        yield from _measures(measures)
    if "milliseconds" in entry:
        times = (
            f"{mode} {found['median']:.1f} ({found['p95']:.1f})"
            for mode, found in entry["milliseconds"].items()
        )
        yield ""
        yield f"Milliseconds a query, median (95th percentile): {'; '.join(times)}."


def _circumstances(entry: Entry) -> str:
    reader = entry["reader"]
    hashed = f" ({reader['sha256'][:12]})" if reader["sha256"] else ""
    parts = [f"Reader: {reader['name']}{hashed}"]
    parts += [f"{name}: {value}" for name, value in entry.get("settings", {}).items()]
    if "rule" in entry:
        parts.append(entry["rule"])
    if entry.get("limit"):
        parts.append(f"only {entry['limit']} questions of each part")
    measured = f"Measured {entry['date'][:10]} at {entry['commit']}: `{entry['command']}`"
    return f"{'; '.join(parts)}. {measured}"


def _count(questions: int | Mapping[str, int], part: str) -> int:
    return questions if isinstance(questions, int) else questions[part]


def _measures(measures: Mapping[str, Any]) -> Iterator[str]:
    """Yield one table: modes by measures, or measures alone."""
    if any("value" not in found for found in measures.values()):
        names = list(dict.fromkeys(name for found in measures.values() for name in found))
        lines = [
            (mode, *(with_interval(found[name]) if name in found else "" for name in names))
            for mode, found in measures.items()
        ]
        yield from _table(("", *names), lines)
    else:
        yield from _table(
            ("", "[95 % interval]"),
            ((name, with_interval(found)) for name, found in measures.items()),
        )


def _table(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for line in lines:
        yield f"| {' | '.join(line)} |"
