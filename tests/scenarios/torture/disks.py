"""What becomes of an index on a disk that is full, or that may not be written?

Where root may mount a file system, a small one is filled at a random moment of an update, and
mounted read-only. Elsewhere the writer may write files of a limited size only.
"""

import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from indexer.manifest import read_manifest
from tests.scenarios.torture.corpus import ChangingCorpus
from tests.scenarios.torture.kills import command_of, complete, problems_of

_DISK_BYTES = 600_000_000


@dataclass(frozen=True, slots=True)
class FullDisk:
    """One update whose disk became full; `ended` is "refused", "completed" or "crashed".

    Refused means one line and exit code 2. `problems` are of the index that was live afterwards,
    and of the update that followed when there was room again.
    """

    kind: str
    ended: str
    problems: tuple[str, ...]


def fill_disks(
    corpus: ChangingCorpus, index: Path, folder: Path, count: int, seed: int
) -> Iterator[FullDisk]:
    """Update a copy of an index while its disk becomes full, again and again.

    Args:
        corpus: is changed before each update.
        index: is copied.
        folder: where the copy's disk is made.
        count: how many times.
        seed: decides the moments.
    """
    chosen = random.Random(seed)
    with disk(folder / "disk") as (place, is_mounted):
        copy = Path(shutil.copytree(index, place / "index"))
        corpus.change()
        lasted = complete("update", corpus, copy)
        for _ in range(count):
            corpus.change()
            before = read_manifest(copy).generation
            if is_mounted:
                ended = _filled(corpus, copy, place / "filler", chosen.uniform(0.3, 1) * lasted)
            else:
                ended = _limited(corpus, copy, round(10 ** chosen.uniform(2, 6)))
            problems = [*problems_of(copy, before)]
            try:
                lasted = max(lasted / 2, complete("update", corpus, copy))
            except subprocess.CalledProcessError as error:
                problems.append(f"the next update ended with {error.returncode}: {error.stderr}")
            problems += problems_of(copy, before)
            kind = "disk filled" if is_mounted else "file size limited"
            yield FullDisk(kind, ended, tuple(problems))


def read_only_codes(index: Path, folder: Path, question: str) -> dict[str, int] | None:
    """Return how commands end on a disk that is mounted read-only; None where none can be."""
    with disk(folder / "read-only") as (place, is_mounted):
        if not is_mounted:
            return None
        copy = str(shutil.copytree(index, place / "index"))
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        commands = {
            "ask": ["retrieval", "ask", question],
            "verify": ["indexer", "verify"],
            "update": ["indexer", "update"],
            "compact": ["indexer", "compact"],
        }
        return {
            name: subprocess.run(
                [sys.executable, "-m", *command, "--index", copy], check=False, capture_output=True
            ).returncode
            for name, command in commands.items()
        }


@contextmanager
def disk(place: Path) -> Iterator[tuple[Path, bool]]:
    """Make a folder that is a small file system of its own, where one can be mounted."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "tmpfs", str(place)]
    may_mount = os.geteuid() == 0 and shutil.which("mount") is not None
    is_mounted = (
        may_mount and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    )
    try:
        yield place, is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(place)], check=True)


def _filled(corpus: ChangingCorpus, index: Path, filler: Path, moment: float) -> str:
    """Fill the disk at a moment of an update, and say how that ended."""
    command = command_of("update", corpus, index)
    writing = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    time.sleep(moment)
    with suppress(OSError), filler.open("wb", buffering=0) as stream:
        while True:
            stream.write(bytes(1 << 20))
    with suppress(OSError), filler.open("ab", buffering=0) as stream:
        while True:
            stream.write(bytes(512))
    errors = writing.communicate()[1]
    filler.unlink()
    return _ended(writing.returncode, errors)


def _limited(corpus: ChangingCorpus, index: Path, size: int) -> str:
    """Update with files of a limited size, and say how that ended."""
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))
    ran = subprocess.run(
        command_of("update", corpus, index),
        check=False,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit,
    )
    return _ended(ran.returncode, ran.stderr)


def _ended(code: int, errors: str) -> str:
    if code == 0:
        return "completed"
    one_line = errors.startswith("error: ") and errors.count("\n") == 1
    return "refused" if code == 2 and one_line else f"crashed: {code}, {errors[-300:]}"
