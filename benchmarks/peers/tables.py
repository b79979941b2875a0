"""Cells of the report's tables: a row per peer, a column per size."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from benchmarks.peers.catalogue import PEERS
from benchmarks.peers.measures import growth
from benchmarks.peers.peer import Mode
from benchmarks.peers.runner import ALL

Results: TypeAlias = Mapping[str, Mapping[int, Mapping[str, Any]]]
"""Entries by peer and size."""

Value: TypeAlias = Callable[[Mapping[str, Any]], float | None]

OURS: Final = "dateline"
_MEGABYTE: Final = 1_000_000
_NOTHING: Final = "–"


def sizes_of(results: Results) -> list[int]:
    """Return all sizes, ascending."""
    return sorted({size for measured in results.values() for size in measured})


def table(
    results: Results, peers: Sequence[str], value: Value | None, cell: Callable[..., str]
) -> list[str]:
    """Return a table of one figure with its growth exponent.

    Args:
        results: of all peers.
        peers: rows in order.
        value: getter for the exponent; None to leave it out.
        cell: formatter.
    """
    sizes = sizes_of(results)
    grows = value is not None
    lines = [
        "| peer | "
        + " | ".join([*(f"{size:,}" for size in sizes), *(["grows as"] * grows)])
        + " |",
        "|---|" + "---|" * (len(sizes) + grows),
    ]
    for peer in peers:
        measured = results[peer]
        cells = [_cell(measured.get(size), cell) for size in sizes]
        if value is not None:
            exponent = growth(series(measured, value))
            cells.append(_NOTHING if exponent is None else f"n^{exponent:.2f}")
        name = f"**{peer}**" if peer == OURS else peer
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return [*lines, ""]


def series(measured: Mapping[int, Mapping[str, Any]], value: Value) -> dict[int, float]:
    """Return a figure by size, where measured."""
    found = {
        size: value(entry)
        for size, entry in sorted(measured.items())
        if entry["status"] == "measured"
    }
    return {size: number for size, number in found.items() if number is not None}


def with_mode(results: Results, mode: Mode) -> list[str]:
    """Return the peers with a mode, Dateline first."""
    return [name for name in ordered(results) if mode in PEERS[name].modes]


def ordered(results: Results) -> list[str]:
    """Return the peers in report order: Dateline, then as in the catalogue."""
    names = [name for name in PEERS if name in results]
    return sorted(names, key=lambda name: name != OURS)


def latency(mode: Mode, threads: str, which: str = "p50") -> Value:
    """Return a getter of a percentile in milliseconds.

    Peers with single-threaded questions have one figure for both.
    """

    def value(entry: Mapping[str, Any]) -> float | None:
        asked = entry["ask"].get(threads) or entry["ask"][ALL]
        found: float | None = asked["modes"].get(mode, {}).get(which)
        return found

    return value


def latency_cell(mode: Mode, threads: str) -> Callable[[Mapping[str, Any]], str]:
    """Return a formatter of p50, p95 and p99 that marks few questions."""

    def cell(entry: Mapping[str, Any]) -> str:
        times = (entry["ask"].get(threads) or entry["ask"][ALL])["modes"].get(mode)
        if times is None:
            return _NOTHING
        shown = " / ".join(_number(times[name]) for name in ("p50", "p95", "p99"))
        few = f" ({times['questions']} questions)" if times["questions"] < 200 else ""
        return shown + few

    return cell


def figure(*path: str, scale: float = 1) -> tuple[Value, Callable[[Mapping[str, Any]], str]]:
    """Return a getter and a formatter of a figure by its path."""

    def value(entry: Mapping[str, Any]) -> float | None:
        found: Any = entry
        for name in path:
            found = found.get(name) if found is not None else None
        return None if found is None else found / scale

    def cell(entry: Mapping[str, Any]) -> str:
        found = value(entry)
        return _NOTHING if found is None else _number(found)

    return value, cell


def share_cell(name: str) -> Callable[[Mapping[str, Any]], str]:
    """Return a formatter of a share."""
    return lambda entry: _NOTHING if entry[name] is None else f"{entry[name]:.3f}"


def first_answer(entry: Mapping[str, Any]) -> float:
    """Return seconds from import to first hits in a new process."""
    asked = entry["ask"][ALL]
    total = asked["import_seconds"] + asked["open_seconds"] + asked["first_seconds"]
    return float(total)


def first_answer_cell(entry: Mapping[str, Any]) -> str:
    """Format the time to first hits."""
    return _number(first_answer(entry))


def megabytes(*path: str) -> tuple[Value, Callable[[Mapping[str, Any]], str]]:
    """Return a getter and a formatter of bytes in MB."""
    return figure(*path, scale=_MEGABYTE)


def best(mode: Mode) -> Value:
    """Return a getter of the median with the best number of threads."""

    def value(entry: Mapping[str, Any]) -> float | None:
        medians = [latency(mode, threads)(entry) for threads in entry["ask"]]
        return min((each for each in medians if each is not None), default=None)

    return value


def faster(results: Results) -> Iterator[tuple[str, Mode, int, float, float]]:
    """Yield peer, mode, size and both medians where a peer is faster than Dateline."""
    ours = results.get(OURS, {})
    for mode in ("hybrid", "bm25", "dense"):
        value = best(mode)
        mine = series(ours, value)
        for peer in with_mode(results, mode)[1:]:
            for size, theirs in series(results[peer], value).items():
                if size in mine and theirs < mine[size]:
                    yield peer, mode, size, theirs, mine[size]


def _cell(entry: Mapping[str, Any] | None, cell: Callable[..., Any]) -> str:
    if entry is None:
        return _NOTHING
    return str(cell(entry)) if entry["status"] == "measured" else str(entry["status"])


def _number(value: float) -> str:
    """Format with three significant digits.

    >>> _number(0.1234), _number(12.345), _number(1234.5)
    ('0.123', '12.3', '1,234')
    """
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"
