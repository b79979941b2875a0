"""Is the live index whole after a build was killed at any moment? Does the next one complete?"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.torture.corpus import ChangingCorpus
from benchmarks.torture.reader import check_answers
from indexer.kept_vectors import KEPT_FILE
from indexer.manifest import generations_on_disk, read_manifest
from indexer.verify import verify

# A build takes longer or shorter than the one that was timed; some kills come after its end.
_LATEST = 1.1


@dataclass(frozen=True, slots=True)
class Kill:
    """One build that was sent SIGKILL after `seconds`.

    `hit` tells that it was still running, `stage` what it had written by then; `problems` are of
    the index that was live afterwards, and of the build that followed.
    """

    seconds: float
    hit: bool
    stage: str
    problems: tuple[str, ...]


def kill_builds(corpus: ChangingCorpus, index: Path, kills: int, seed: int) -> Iterator[Kill]:
    """Change the corpus, kill the build of it, look at what is live, and build to the end.

    Args:
        corpus: is changed before each build.
        index: of the corpus; it must be there.
        kills: how many builds are killed.
        seed: decides the moments.
    """
    moments = random.Random(seed)
    corpus.change()
    lasted = _build(corpus, index)
    for _ in range(kills):
        corpus.change()
        before = read_manifest(index).generation
        moment = moments.uniform(0, _LATEST * lasted)
        building = subprocess.Popen(_command(corpus, index), start_new_session=True)
        time.sleep(moment)
        hit = building.poll() is None
        # The whole session: a child that exports the encoder would go on writing.
        if hit:
            os.killpg(building.pid, signal.SIGKILL)
        building.wait()
        stage = _stage(index, before)
        problems = [*_problems(index, before)]
        try:
            lasted = max(lasted / 2, _build(corpus, index))
        except subprocess.CalledProcessError as error:
            problems.append(f"the next build ended with {error.returncode}: {error.stderr.strip()}")
        problems += _problems(index, before)
        if len(generations_on_disk(index)) > 2:
            problems.append("more than two generations were left")
        yield Kill(round(moment, 2), hit, stage, tuple(problems))


def _command(corpus: ChangingCorpus, index: Path) -> list[str]:
    build = [sys.executable, "-m", "indexer", "build", str(corpus.folder)]
    return [*build, "--index", str(index), "--quiet"]


def _build(corpus: ChangingCorpus, index: Path) -> float:
    """Build to the end and return how many seconds that took."""
    begun = time.monotonic()
    subprocess.run(_command(corpus, index), check=True, capture_output=True, text=True)
    return time.monotonic() - begun


def _stage(index: Path, before: int) -> str:
    """Say how far the killed build had come, by what it left."""
    if read_manifest(index).generation > before:
        return "after the commit"
    begun = [each for each in generations_on_disk(index) if each > before]
    if not begun:
        return "before writing"
    names = {path.name for path in (index / f"{begun[-1]:06d}").iterdir()}
    if "vectors.faiss" in names:
        return "storing"
    return "encoding" if (index / KEPT_FILE).exists() else "reading and cleaning"


def _problems(index: Path, at_least: int) -> Iterator[str]:
    found = read_manifest(index).generation
    if found < at_least:
        yield f"generation {found} is live, {at_least} was"
    yield from verify(index)
    yield from check_answers(index, questions=3, seed=found)
