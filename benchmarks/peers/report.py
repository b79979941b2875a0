"""Report on peers: tables, plots, and where a peer is faster."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.peers.catalogue import PEERS
from benchmarks.peers.peer import Mode
from benchmarks.peers.plots import plot_growth
from benchmarks.peers.reasons import ALWAYS, REASONS, UNKNOWN
from benchmarks.peers.runner import ALL, ONE
from benchmarks.peers.tables import (
    Results,
    Value,
    faster,
    figure,
    first_answer,
    first_answer_cell,
    latency,
    latency_cell,
    megabytes,
    ordered,
    series,
    share_cell,
    sizes_of,
    table,
    with_mode,
)

MODES: Final[tuple[tuple[Mode, str], ...]] = (
    ("hybrid", "Hybrid search"),
    ("bm25", "BM25 alone"),
    ("dense", "Vectors alone"),
)

_INTRODUCTION: Final = """# Side by side with peers

Written by `python -m benchmarks.peers`. Every peer has the same passages (title and text for BM25),
the same vectors and the same questions, whose vectors are given: encoding one costs all the same
({encoding}). Ten hits; in hybrid search 100 candidates from each side. Times are p50 / p95 / p99 in
milliseconds over {questions}, one at a time in a process of its own, after 20 to warm up. Up to
{real:,} passages are real ones of whole articles; more are recombined from sentences of real ones,
with jittered vectors (`benchmarks/scale`).

Dateline parses the question and fetches text, date and outlet of every hit within that time; the
others return ids. *gave up* is beyond {limits}. *grows as*: slope of the logarithms from 10,000 up.
"""


def write_report(path: Path, results: Results, about: Mapping[str, Any]) -> str:
    """Write the report and its plots; return its text.

    Args:
        path: of the page; plots lie beside it, with its name before theirs.
        results: what was measured.
        about: what the introduction says of the run: see `_INTRODUCTION`, and the machine.
    """
    lines = [_INTRODUCTION.format(**about), f"Measured on {about['machine']}.", ""]
    for name, description, content in _plots(results):
        plot = path.with_name(f"{path.stem}-{name}.svg")
        plot.write_bytes(content)
        lines += [f"![{description}]({plot.name})", ""]
    for mode, title in MODES:
        lines += _times(results, mode, title)
    lines += [*_shares(results), *_costs(results), *_faster(results), *_setup(results)]
    text = "\n".join(lines).rstrip() + "\n"
    path.write_text(text, encoding="utf-8")
    return text


def _times(results: Results, mode: Mode, title: str) -> list[str]:
    peers = with_mode(results, mode)
    if not peers:
        return []
    threaded = [peer for peer in peers if PEERS[peer].threaded]
    lines = [f"## {title}", "", "Milliseconds a question, all cores:", ""]
    lines += table(results, peers, latency(mode, ALL), latency_cell(mode, ALL))
    lines += ["One thread (the others use one in any case):", ""]
    return lines + table(results, threaded, latency(mode, ONE), latency_cell(mode, ONE))


def _shares(results: Results) -> list[str]:
    lines = ["## What is found", "", "Recall@100 against comparing every vector:", ""]
    lines += table(results, with_mode(results, "dense"), None, share_cell("recall"))
    lines += [
        "BM25's ten hits that rank-bm25 has too; each peer cuts words its own way, so that less "
        "than 1 is no error. It is given Dateline's terms, having no tokeniser.",
        "",
    ]
    return lines + table(results, with_mode(results, "bm25"), None, share_cell("overlap"))


def _costs(results: Results) -> Iterator[str]:
    peers = ordered(results)
    figures = {
        "Building, seconds, all cores": figure("build", "seconds"),
        "Most memory while building, MB": megabytes("build", "peak"),
        "On disk, MB": megabytes("build", "disk"),
        "Memory after the questions, MB, mapped pages included": megabytes("ask", ALL, "memory"),
        "A new process imports, opens and answers, seconds": (first_answer, first_answer_cell),
    }
    yield from ("## What it costs", "")
    for title, (value, cell) in figures.items():
        yield from (f"{title}:", "")
        yield from table(results, peers, value, cell)
    yield from (
        "Dateline's build writes what the others have not: articles with their sentences, dates "
        "and outlets, copies, a second BM25 index of whole articles, and a checksum of each file.",
        "",
    )


def _faster(results: Results) -> Iterator[str]:
    found: dict[tuple[str, Mode], list[str]] = {}
    for peer, mode, size, theirs, ours in faster(results):
        shown = f"{size:,}: {theirs:.2f} against {ours:.2f} ms"
        found.setdefault((peer, mode), []).append(shown)
    yield from ("## Where a peer is faster than Dateline, and why", "")
    if not found:
        yield from ("Nowhere in this run.", "")
        return
    yield from (ALWAYS, "")
    yield from (
        "Medians, each with as many threads as serve it best.",
        "",
        "| peer | mode | passages | why |",
        "|---|---|---|---|",
    )
    for (peer, mode), cells in found.items():
        yield f"| {peer} | {mode} | {'<br>'.join(cells)} | {REASONS.get((peer, mode), UNKNOWN)} |"
    yield ""


def _setup(results: Results) -> Iterator[str]:
    yield from ("## How each is set up", "", "| peer | settings | licence |", "|---|---|---|")
    for name in ordered(results):
        yield f"| {name} | {PEERS[name].settings} | {PEERS[name].licence} |"
    yield ""
    for name in ordered(results):
        for size, entry in sorted(results[name].items()):
            if entry["status"] != "measured":
                yield f"- {name}, {size:,} passages: {entry['status']}: {entry['why']}"
    yield ""


def _plots(results: Results) -> Iterator[tuple[str, str, bytes]]:
    """Yield name, description and SVG of each plot, if there are two sizes."""
    if len(sizes_of(results)) < 2:
        return
    for mode, title in MODES:
        drawn = _drawn(results, with_mode(results, mode), latency(mode, ALL))
        if drawn:
            about = f"{title}: median time by size"
            yield mode, about, plot_growth(drawn, "ms a question, median")
    peers = ordered(results)
    memory, build = megabytes("ask", ALL, "memory")[0], figure("build", "seconds")[0]
    yield "memory", "Memory by size", plot_growth(_drawn(results, peers, memory), "MB resident")
    yield "build", "Build time by size", plot_growth(_drawn(results, peers, build), "s to build")


def _drawn(results: Results, peers: list[str], value: Value) -> dict[str, dict[int, float]]:
    found = {peer: series(results[peer], value) for peer in peers}
    return {peer: values for peer, values in found.items() if values}
