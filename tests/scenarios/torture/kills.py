"""Kills of writers at random moments, and the state of the index afterwards."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.catalog.vector_checkpoint import checkpoint_files
from indexer.storage.lock import HOLDER_FILE
from indexer.storage.manifest import generations_on_disk, read_manifest
from indexer.storage.verify import verify
from tests.scenarios.torture.corpus import ChangingCorpus
from tests.scenarios.torture.reader import check_answers

# A command takes longer or shorter than the one that was timed; some kills come after its end.
_LATEST = 1.1
# Of ten kills, four hit a build, four an update, two a compact.
_COMMANDS = ("build", "update", "build", "update", "compact")


@dataclass(frozen=True, slots=True)
class Kill:
    """Command that was sent SIGKILL after `seconds`.

    `hit`: it was still running; `stage`: its progress; `locked`: it left a lock holder file;
    `problems`: of the live index afterwards and of the next command.
    """

    command: str
    seconds: float
    hit: bool
    stage: str
    locked: bool
    problems: tuple[str, ...]


def kill_writers(corpus: ChangingCorpus, index: Path, kills: int, seed: int) -> Iterator[Kill]:
    """Repeatedly change the corpus, kill a command, check the live index, and complete the next.

    Args:
        corpus: changed before each kill.
        index: of the corpus.
        kills: number of killed commands.
        seed: of the moments.
    """
    moments = random.Random(seed)
    lasted = {}
    for command in ("build", "update", "compact"):
        corpus.change()
        lasted[command] = complete(command, corpus, index)
    for number in range(kills):
        command = _COMMANDS[number % len(_COMMANDS)]
        corpus.change()
        before = read_manifest(index).generation
        moment = moments.uniform(0, _LATEST * lasted[command])
        if command == "compact":
            # Most of so short a command is loading; the generation to remove is there.
            moment = moments.uniform(0.5, _LATEST) * lasted[command]
            before = _update(corpus, index)
        hit = _kill(command, corpus, index, moment)
        stage, locked = _stage(command, index, before), (index / HOLDER_FILE).exists()
        problems = [*problems_of(index, before)]
        following = "build" if command == "build" else "update"
        try:
            lasted[following] = max(lasted[following] / 2, complete(following, corpus, index))
        except subprocess.CalledProcessError as error:
            problems.append(f"the next {following} ended with {error.returncode}: {error.stderr}")
        problems += problems_of(index, before)
        if len(generations_on_disk(index)) > 2:
            problems.append("more than two generations were left")
        yield Kill(command, round(moment, 2), hit, stage, locked, tuple(problems))


def command_of(command: str, corpus: ChangingCorpus, index: Path) -> list[str]:
    """Return a command line of the indexer."""
    places = [str(corpus.folder)] if command == "build" else []
    return [sys.executable, "-m", "indexer", command, *places, "--index", str(index), "--quiet"]


def complete(command: str, corpus: ChangingCorpus, index: Path) -> float:
    """Run a command to its end and return its seconds.

    Raises:
        CalledProcessError: if it fails.
    """
    begun = time.monotonic()
    arguments = command_of(command, corpus, index)
    subprocess.run(arguments, check=True, capture_output=True, text=True)
    return time.monotonic() - begun


def problems_of(index: Path, at_least: int) -> Iterator[str]:
    """Yield the problems of the live generation, which must be at least the given one."""
    found = read_manifest(index).generation
    if found < at_least:
        yield f"generation {found} is live, {at_least} was"
    yield from verify(index)
    yield from check_answers(index, questions=3, seed=found)


def _update(corpus: ChangingCorpus, index: Path) -> int:
    complete("update", corpus, index)
    return read_manifest(index).generation


def _kill(command: str, corpus: ChangingCorpus, index: Path, moment: float) -> bool:
    """Kill a command; return whether it was still running."""
    writing = subprocess.Popen(
        command_of(command, corpus, index), start_new_session=True, stderr=subprocess.DEVNULL
    )
    time.sleep(moment)
    hit = writing.poll() is None
    # The whole session: a child that exports the encoder would go on writing.
    if hit:
        os.killpg(writing.pid, signal.SIGKILL)
    writing.wait()
    return hit


def _stage(command: str, index: Path, before: int) -> str:
    """Return the progress of the killed command, judged by what it left."""
    if command == "compact":
        older = any(each < before for each in generations_on_disk(index))
        return "before removing" if older else "after removing"
    if read_manifest(index).generation > before:
        return "after the commit"
    begun = [each for each in generations_on_disk(index) if each > before]
    if not begun:
        return "before writing"
    names = {path.name for path in (index / f"{begun[-1]:06d}").iterdir()}
    if "vectors.faiss" in names:
        return "storing"
    kept = any(path.exists() for path in checkpoint_files(index))
    return "encoding" if kept else "reading and cleaning"
