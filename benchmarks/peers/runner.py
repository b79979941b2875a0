"""Measurement of one peer at one size: built once, asked with one thread and with all.

Each step runs in a process of its own within limits; exceeding them is a result, not an error.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from benchmarks.peers.catalogue import PeerEntry
from benchmarks.peers.environments import NotInstalled, python_of
from benchmarks.peers.limits import GaveUp, run_within
from benchmarks.peers.measures import summary, write_hits
from benchmarks.peers.worker import Job
from benchmarks.scale.layout import Material
from evaluation.paths import REPOSITORY

REFERENCE: Final = "rank-bm25"
ONE, ALL = "1", "all"

_THREAD_VARIABLES: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "LANCE_CPU_THREADS",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes per process; `budget`: seconds to time one mode."""

    seconds: float = 600
    memory: int = 12_000_000_000
    budget: float = 40


def measure(entry: PeerEntry, material: Material, folder: Path, limits: Limits) -> dict[str, Any]:
    """Measure one peer at one size, or return why it gave up.

    Args:
        entry: of the peer.
        material: to index.
        folder: of environments and of indexes, which are removed at the end.
        limits: of each process.
    """
    work = folder / "work" / entry.name
    shutil.rmtree(work, ignore_errors=True)
    index = work / "index"
    index.mkdir(parents=True)
    reference = material.folder / f"hits-{REFERENCE}.txt"
    try:
        python = python_of(entry, folder / "environments")
        cores = os.cpu_count() or 1
        built = _run(python, entry, "build", material, work, cores, limits)
        asked = {}
        for name, threads in ((ONE, 1), (ALL, cores)):
            if name == ALL or entry.threaded:
                asked[name] = _run(python, entry, "ask", material, work, threads, limits)
        if entry.name == REFERENCE:
            write_hits(reference, asked[ALL]["modes"]["bm25"]["found"])
        return {"status": "measured", **summary(built, asked, material, reference)}
    except NotInstalled as why:
        return {"status": "not installed", "why": str(why)}
    except GaveUp as why:
        return {"status": "gave up", "why": str(why)}
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _run(
    python: str,
    entry: PeerEntry,
    task: Literal["build", "ask"],
    material: Material,
    work: Path,
    threads: int,
    limits: Limits,
) -> dict[str, Any]:
    """Run a worker and return its output.

    Raises:
        GaveUp: if it exceeded a limit or failed.
    """
    output, job_file = work / "measured.json", work / "job.json"
    job = Job(
        peer=entry.name,
        task=task,
        material=str(material.folder.resolve()),
        folder=str((work / "index").resolve()),
        threads=threads,
        budget=limits.budget,
        output=str(output.resolve()),
    )
    job_file.write_text(json.dumps(asdict(job)), encoding="utf-8")
    command = [python, "-m", "benchmarks.peers.worker", str(job_file.resolve())]
    try:
        run_within(command, _environment(threads), limits.seconds, limits.memory)
    except GaveUp as why:
        raise GaveUp(f"{task}: {why}") from why
    measured: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    return measured


def _environment(threads: int) -> dict[str, str]:
    """Return the environment with thread limits of libraries."""
    paths = [str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])]
    quiet = {"LANCE_LOG": "error", "LANCEDB_LOG": "error", "HAYSTACK_TELEMETRY_ENABLED": "False"}
    return {
        **os.environ,
        **dict.fromkeys(_THREAD_VARIABLES, str(threads)),
        **quiet,
        "PYTHONPATH": os.pathsep.join(paths),
    }
