"""Updates on disks that fill up, and commands on read-only disks.

Without the right to mount file systems, the writer's files are limited in size instead.
"""

import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from indexer.storage.manifest import read_manifest
from tests.scenarios.torture.corpus import ChangingCorpus
from tests.scenarios.torture.kills import command_of, complete, problems_of
from tests.support.commands import is_refusal
from tests.support.disks import make_read_only, small_disk

_DISK_BYTES = 600_000_000


@dataclass(frozen=True, slots=True)
class FullDisk:
    """Update whose disk filled up; `ended` is "refused", "completed" or "crashed".

    `problems` are of the live index afterwards, and of the next update with room again.
    """

    kind: str
    ended: str
    problems: tuple[str, ...]


def fill_disks(
    corpus: ChangingCorpus, index: Path, folder: Path, count: int, seed: int
) -> Iterator[FullDisk]:
    """Repeatedly update a copy of an index while its disk fills up.

    Args:
        corpus: changed before each update.
        index: copied.
        folder: of the copy's disk.
        count: of updates.
        seed: of the moments.
    """
    chosen = random.Random(seed)
    place = folder / "disk"
    with small_disk(place, _DISK_BYTES) as is_mounted:
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
    """Return exit codes of commands on a read-only disk; None if none can be mounted."""
    place = folder / "read-only"
    with small_disk(place, _DISK_BYTES) as is_mounted:
        if not is_mounted:
            return None
        copy = str(shutil.copytree(index, place / "index"))
        make_read_only(place)
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


def _filled(corpus: ChangingCorpus, index: Path, filler: Path, moment: float) -> str:
    """Fill the disk during an update; return how it ended."""
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
    """Update with limited file sizes; return how it ended."""
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
    return "refused" if is_refusal(code, errors) else f"crashed: {code}, {errors[-300:]}"
