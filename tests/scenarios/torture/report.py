"""Reliability report."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

_ALLOWED_READ_ONLY = {"ask": (0, 1), "verify": (0,), "update": (2,), "compact": (2,)}


def problems_of(results: dict[str, Any]) -> list[str]:
    """Return everything that must not happen."""
    parts = ("kills", "readers", "full_disks")
    found = [problem for part in parts for each in results[part] for problem in each["problems"]]
    found += _contradictions(results["readers"])
    found += _damage_problems(results["damages"])
    found += _disk_problems(results)
    if results["two_writers"] not in ([0, 0], [0, 2]):
        found.append(f"two writers at once ended with {results['two_writers']}")
    return found


def markdown(results: dict[str, Any]) -> str:
    """Return the report as Markdown."""
    problems = problems_of(results)
    lines = [
        "# Reliability",
        "",
        f"`make torture` on {results['articles']:,} articles (seed {results['seed']}, "
        f"{results['minutes']:.0f} minutes): real commands are killed, disks fill up and files are "
        "damaged, while other processes ask all the time. In every table the rows that must be 0 "
        "are **bold**.",
        "",
        "## Commands that were killed",
        "",
        "`build`, `update` and `compact` of a corpus that had changed, each sent SIGKILL at a "
        "random moment. Afterwards the live index was verified in full and asked, and the next "
        "command had to complete.",
        "",
        *_table(_kill_rows(results["kills"])),
        "",
        "## Processes that read meanwhile",
        "",
        "Some open the index again and again, others keep one engine and call `refresh()`. Every "
        "hit and quote is compared with its article, and every answer with what other processes "
        "were answered by the same generation.",
        "",
        *_table(_reader_rows(results)),
        "",
        "## Disks",
        "",
        "An update on a small disk that something else fills up at a random moment; it must end "
        "with one line and exit code 2, and complete once there is room. Then the index on a disk "
        "that is mounted read-only.",
        "",
        *_table(_disk_rows(results)),
        "",
        "## Damaged files",
        "",
        "One file of the index is cut or has one bit flipped. `verify` must notice; `ask`, which "
        "reads only what it needs, must answer or refuse in one line, and never crash.",
        "",
        *_table(_damage_rows(results["damages"])),
        "",
        "## Two writers",
        "",
        "`build` and `update` started at once: 0 is done, 2 is told that the other is writing. "
        f"Exit codes: {' and '.join(map(str, results['two_writers']))}.",
        "",
        f"Measured on {results['machine']}.",
    ]
    if problems:
        lines += ["", "## Problems", "", *(f"- {problem}" for problem in problems)]
    return "\n".join(lines) + "\n"


def _contradictions(readers: list[dict[str, Any]]) -> Iterator[str]:
    """Yield questions that two processes answered differently from one generation."""
    first: dict[str, str] = {}
    for reader in readers:
        for name, answer in reader["answers"].items():
            if first.setdefault(name, answer) != answer:
                yield f"generation {name!r} was answered in two ways by two processes"


def _damage_problems(damages: list[dict[str, Any]]) -> Iterator[str]:
    for damage in damages:
        if not damage["noticed"]:
            yield f"verify did not notice: {damage['file']}, {damage['kind']}"
        if damage["ended"] == "crashed":
            yield f"ask crashed: {damage['file']}, {damage['kind']}"


def _disk_problems(results: dict[str, Any]) -> Iterator[str]:
    for full in results["full_disks"]:
        if full["ended"] not in ("refused", "completed"):
            yield f"an update on a full disk {full['ended']}"
    for name, code in (results["read_only"] or {}).items():
        if code not in _ALLOWED_READ_ONLY[name]:
            yield f"{name} on a read-only disk ended with {code}"


def _kill_rows(kills: list[dict[str, Any]]) -> Iterator[tuple[str, object]]:
    for command in ("build", "update", "compact"):
        sent = [kill for kill in kills if kill["command"] == command]
        hit = [kill for kill in sent if kill["hit"]]
        yield f"`{command}` sent SIGKILL, of these still running", f"{len(sent)}, {len(hit)}"
        for stage, count in sorted(Counter(kill["stage"] for kill in hit).items()):
            yield f"… {stage}", count
    yield "died holding the writer's lock", sum(kill["locked"] for kill in kills if kill["hit"])
    broken = sum(bool(kill["problems"]) for kill in kills)
    yield "**live index not whole, or the next command failed**", broken


def _reader_rows(results: dict[str, Any]) -> Iterator[tuple[str, object]]:
    readers = results["readers"]
    asked_by = Counter(name for reader in readers for name in reader["answers"])
    for how, said in (("open", "that open it anew"), ("refresh", "that refresh")):
        found = [reader for reader in readers if reader["how"] == how]
        times = sum(reader["openings"] for reader in found)
        yield f"processes {said}, times", f"{len(found)}, {times:,}"
    yield "minutes", results["minutes_read"]
    yield "questions", f"{sum(reader['questions'] for reader in readers):,}"
    yield "generations seen by one process", max(reader["generations"] for reader in readers)
    yield "answers compared between processes", f"{sum(n > 1 for n in asked_by.values()):,}"
    yield "slowest opening or refresh, seconds", max(reader["slowest"] for reader in readers)
    wrong = sum(len(reader["problems"]) for reader in readers)
    yield "**errors, wrong passages, wrong citations**", wrong
    yield "**answers that differ between processes**", len([*_contradictions(readers)])


def _disk_rows(results: dict[str, Any]) -> Iterator[tuple[str, object]]:
    full = results["full_disks"]
    for (kind, ended), count in sorted(Counter((d["kind"], d["ended"]) for d in full).items()):
        yield f"update, {kind}: {ended}", count
    broken = sum(bool(each["problems"]) for each in full)
    yield "**live index not whole, or the next update failed**", broken
    codes = results["read_only"]
    said = ", ".join(f"`{name}` {code}" for name, code in codes.items()) if codes else "not mounted"
    yield "read-only: exit codes", said


def _damage_rows(damages: list[dict[str, Any]]) -> Iterator[tuple[str, object]]:
    yield "files damaged, one at a time", len(damages)
    yield "**not noticed by `verify`**", sum(not damage["noticed"] for damage in damages)
    ended = Counter(damage["ended"] for damage in damages)
    for end in ("refused", "same answer", "other answer"):
        yield f"`ask`: {end}", ended[end]
    yield "**`ask`: crashed**", ended["crashed"]


def _table(rows: Iterator[tuple[str, object]]) -> list[str]:
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
