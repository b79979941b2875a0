"""Worker that builds or asks one peer in a process of its own, in the peer's environment.

Started by `runner` as `python -m benchmarks.peers.worker JOB.json`.
"""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from benchmarks.peers.catalogue import PEERS
from benchmarks.peers.peer import DEPTH, Hits, Mode, Peer
from benchmarks.scale.layout import Material

HITS: Final = 10
_WARM_UP: Final = 20
# Sizes of files are no measure: some are set aside in full, and mostly empty.
_ALLOCATED: Final = 512

_LEAST: Final = 20
"""Questions timed even beyond the budget."""


@dataclass(frozen=True, slots=True)
class Job:
    """Job of a worker; `budget` is in seconds per mode."""

    peer: str
    task: Literal["build", "ask"]
    material: str
    folder: str
    threads: int
    budget: float
    output: str


def main() -> None:
    """Run the job and write its measures as JSON."""
    job = Job(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    begun = time.perf_counter()
    peer = PEERS[job.peer].make()
    imported = time.perf_counter() - begun
    material = Material(Path(job.material))
    measured = build(peer, material, job) if job.task == "build" else ask(peer, material, job)
    measured["import_seconds"] = imported
    Path(job.output).write_text(json.dumps(measured), encoding="utf-8")


def build(peer: Peer, material: Material, job: Job) -> dict[str, Any]:
    """Build; return seconds, bytes on disk and peak memory."""
    folder = Path(job.folder)
    begun = time.perf_counter()
    peer.build(material, folder, job.threads)
    seconds = time.perf_counter() - begun
    size = sum(_ALLOCATED * path.stat().st_blocks for path in folder.rglob("*") if path.is_file())
    return {"seconds": seconds, "disk": size, "peak": memory("VmHWM")}


def ask(peer: Peer, material: Material, job: Job) -> dict[str, Any]:
    """Open and ask; return the costs and hits of each mode."""
    questions = material.questions()
    begun = time.perf_counter()
    peer.open(Path(job.folder), job.threads)
    opened = time.perf_counter() - begun
    peer.search(questions[0], HITS, peer.modes[0])
    first = time.perf_counter() - begun - opened
    measured: dict[str, Any] = {"open_seconds": opened, "first_seconds": first, "modes": {}}
    for mode in peer.modes:
        spent, found = _timed(peer, material, mode, job.budget)
        measured["modes"][mode] = {"milliseconds": spent, "found": found}
    # Before the deep searches of `_nearest`, which are only for recall.
    measured["memory"] = memory("VmRSS")
    measured["private"] = memory("RssAnon")
    if "dense" in peer.modes:
        measured["nearest"] = _nearest(peer, material, job.budget)
    peer.close()
    return measured


def memory(name: str) -> int | None:
    """Return a memory figure of this process in bytes; None if unknown."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith(name)), None)


def _timed(
    peer: Peer, material: Material, mode: Mode, budget: float
) -> tuple[list[float], list[list[str]]]:
    """Return milliseconds and passage ids of each timed question."""
    asked = material.questions()
    begun = time.perf_counter()
    for question in asked[:_WARM_UP]:
        peer.search(question, HITS, mode)
        if time.perf_counter() - begun > budget:
            break
    spent: list[float] = []
    found: list[list[str]] = []
    begun = time.perf_counter()
    for question in asked[_WARM_UP:]:
        before = time.perf_counter()
        hits = peer.search(question, HITS, mode)
        spent.append(1000 * (time.perf_counter() - before))
        found.append(_ids(hits))
        if len(spent) >= _LEAST and time.perf_counter() - begun > budget:
            break
    return spent, found


def _nearest(peer: Peer, material: Material, budget: float) -> list[list[str]]:
    """Return the nearest passages of each timed question, by vectors alone."""
    asked = material.questions()
    found: list[list[str]] = []
    begun = time.perf_counter()
    for question in asked[_WARM_UP:]:
        found.append(_ids(peer.search(question, DEPTH, "dense")))
        if len(found) >= _LEAST and time.perf_counter() - begun > budget:
            break
    return found


def _ids(hits: Hits) -> list[str]:
    return [passage_id for passage_id, _ in hits]


if __name__ == "__main__":
    main()
