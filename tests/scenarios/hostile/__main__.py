"""Command `python -m tests.scenarios.hostile [KIND …]`: read and clean hostile files, then build.

Each file has 30 s of processor time and 6 GB in a worker process of the build. Then one build of
them all, beside a good file, must index that. Exit code 1 if there was a fault.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from indexer.build.articles import load_models, make_rows
from indexer.build.loading import load_file
from indexer.build.reading import ReadingLog, read_corpus
from indexer.build.workers import Workers
from indexer.catalog.staging import Staging
from indexer.corpus.scan import SkippedFileError, scan
from indexer.encoding.encoder import tokenizer_file
from indexer.loaders.formats.registry import SUFFIXES
from indexer.recurring.lines import NO_LINES
from tests.scenarios.hostile.building import build_beside_a_good_file
from tests.scenarios.hostile.files import KINDS

SECONDS = 30.0
BYTES = 6_000_000_000

_ARTICLES = 20  # of a file of very many: the others are alike
_TICKS = os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM = 13, 14  # fields of /proc/PID/stat


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: articles, the reason of a skip, and what it cost."""

    name: str
    articles: int
    skip: str
    seconds: float
    peak: int

    @property
    def is_fault(self) -> bool:
        """Tell whether it took too much of anything, or ended with an error of the program."""
        return self.seconds > SECONDS or self.peak > BYTES or self.skip.startswith("fault")


def main(kinds: Sequence[str]) -> int:
    """Print a line for each file of some kinds, then what the build did."""
    with tempfile.TemporaryDirectory(prefix="dateline-hostile-") as temporary:
        folder = Path(temporary)
        faults = 0
        for each in outcomes(folder / "alone", kinds):
            faults += each.is_fault
            print(
                f"{'FAULT' if each.is_fault else 'ok   '} {each.name:30} "
                f"{each.articles:8,} articles {each.seconds:5.1f} s {each.peak / 1e6:6,.0f} MB  "
                f"{each.skip:.70}",
                flush=True,
            )
        report = build_beside_a_good_file(folder / "together", kinds)
        print(f"{faults} faults; the build indexed {report.manifest.documents:,} articles")
    return int(faults > 0)


def outcomes(folder: Path, kinds: Sequence[str]) -> Iterator[Outcome]:
    """Yield what becomes of each file, one after the other in a worker."""
    with Workers(1) as workers:
        for kind in kinds:
            for name, make in KINDS[kind]().items():
                alone = folder / kind / name
                alone.mkdir(parents=True)
                (alone / name).write_bytes(make())
                yield _outcome(alone, workers)
                (alone / name).unlink()


def _outcome(folder: Path, workers: Workers) -> Outcome:
    workers.submit(load_models, tokenizer_file()).result()
    pid = workers.submit(os.getpid).result()
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")  # forgets the peak
    before = _seconds(pid)
    try:
        count, skip = _read_and_clean(folder, workers)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        count, skip = 0, f"fault: {error!r:.300}"
    name = "/".join(folder.parts[-2:])
    if workers.submit(os.getpid).result() != pid:
        return Outcome(name, count, skip, 0.0, 0)  # ended by its budget
    return Outcome(name, count, skip, _seconds(pid) - before, _peak(pid))


def _read_and_clean(folder: Path, workers: Workers) -> tuple[int, str]:
    """Return how many articles the file of a folder gives, and the first reason of a skip."""
    log = ReadingLog()
    load = partial(workers.stream, load_file)
    with tempfile.TemporaryDirectory() as place, Staging(Path(place)) as staging:
        read_corpus(scan(folder, SUFFIXES), staging, log, load=load)
        articles = [each.article for each in islice(staging.entries(), _ARTICLES)]
        count = staging.count
    jobs = [(None, (tokenizer_file(), [(article, NO_LINES) for article in articles]))]
    for _, made in workers.ordered(make_rows, jobs):
        for article, row in zip(articles, made, strict=True):
            if isinstance(row, SkippedFileError):
                log.skip_article(article, row)
    return count, next((f"{skip.reason} ({skip.detail})" for skip in log.skips), "")


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[_USER - 2]) + int(fields[_SYSTEM - 2])) / _TICKS


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [*KINDS]))
