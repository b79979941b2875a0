"""Results entries: one per peer and size, with material and commit."""

import os
import shlex
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.measures import WARM_UP
from benchmarks.scale.layout import Material
from evaluation.results import entry, machine
from indexer.encoding.encoder import open_encoder


def encoding_time(material: Material) -> str:
    """Describe the encoding time of a question."""
    texts = [question.text for question in material.questions()]
    said = []
    for threads in (1, os.cpu_count() or 1):
        encoder = open_encoder(material.about.encoder, threads=threads)
        spent = []
        for text in texts:
            begun = time.perf_counter()
            encoder.encode([text])
            spent.append(1000 * (time.perf_counter() - begun))
        said.append(f"{statistics.median(spent[WARM_UP:]):.1f} ms by {threads}")
    return f"{', '.join(said)} threads"


def key_of(name: str, size: int) -> str:
    """Return the key of an entry."""
    return f"{name}/{size}"


def _identity(material: Material) -> dict[str, Any]:
    about = material.about
    return {"source": about.source, "seed": about.seed, "recombined": about.recombined}


def is_done(found: dict[str, Any] | None, material: Material, *, same_commit: bool) -> bool:
    """Return whether an entry is current; a missing peer is tried again."""
    if found is None or found["status"] == "not installed":
        return False
    now = entry({}, command="", reader={}, machine="")["commit"]
    # The results themselves make a tree differ from its commit while they are written.
    same = _clean(found["commit"]) == _clean(now) or not same_commit
    return same and bool(found["material"] == _identity(material))


def _clean(commit: str | None) -> str:
    return (commit or "").removesuffix("-dirty")


def gave_up_before(kept: dict[str, Any], name: str, size: int) -> dict[str, Any] | None:
    """Return the result of a peer that gave up at a smaller size."""
    for key, found in kept.items():
        peer, _, smaller = key.partition("/")
        if peer == name and found["status"] == "gave up" and int(smaller) < size:
            return {"status": "gave up", "why": f"already at {int(smaller):,}: {found['why']}"}
    return None


def new_entry(given: Sequence[str], measured: dict[str, Any], material: Material) -> dict[str, Any]:
    """Return the entry of a measurement."""
    # Of paths only the names: the command must be repeatable elsewhere.
    named = [Path(word).name if "/" in word else word for word in given]
    command = shlex.join(["python", "-m", "benchmarks.peers", *named])
    measured = {**measured, "material": _identity(material)}
    found = entry(measured, command=command, reader={}, machine=machine())
    return {name: value for name, value in found.items() if name != "reader"}
