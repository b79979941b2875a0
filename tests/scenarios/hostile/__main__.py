"""Command `python -m tests.scenarios.hostile`: read and clean every hostile file, then build.

Each file has 30 s of processor time and 6 GB in a worker process of the build. Then one build of
them all, beside a good file, must index that. Exit code 1 if there was a fault.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.build.articles import load_models, make_rows
from indexer.build.loading import load_file
from indexer.build.workers import Workers
from indexer.catalog.staging import StagedArticle
from indexer.corpus.scan import CorpusFile, SkippedFileError
from indexer.encoding.encoder import tokenizer_file
from indexer.loaders.protocol import LoadedArticle
from indexer.recurring.lines import NO_LINES
from indexer.storage.read_settings import DEFAULT_SETTINGS
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


def main() -> int:
    """Print a line for each file, then what the build did."""
    with tempfile.TemporaryDirectory(prefix="dateline-hostile-") as temporary:
        folder = Path(temporary)
        faults = 0
        for each in outcomes(folder / "alone"):
            faults += each.is_fault
            word = "FAULT" if each.is_fault else "ok   "
            print(
                f"{word} {each.name:30} {each.articles:8,} articles {each.seconds:5.1f} s "
                f"{each.peak / 1e6:6,.0f} MB  {each.skip:.70}",
                flush=True,
            )
        report = build_beside_a_good_file(folder / "together", [*KINDS])
        print(f"{faults} faults; the build indexed {report.manifest.documents:,} articles")
    return int(faults > 0)


def outcomes(folder: Path) -> Iterator[Outcome]:
    """Yield what becomes of each file, one after the other in a worker."""
    folder.mkdir()
    with Workers(1) as workers:
        for kind, makers in KINDS.items():
            for name, make in makers().items():
                path = folder / name
                path.write_bytes(make())
                yield _outcome(kind, path, workers)
                path.unlink()


def _outcome(kind: str, path: Path, workers: Workers) -> Outcome:
    file = CorpusFile(path.name, path.stat().st_size, path.stat().st_mtime_ns)
    workers.submit(load_models, tokenizer_file()).result()
    pid = workers.submit(os.getpid).result()
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")  # forgets the peak
    before = _seconds(pid)
    count, skip = 0, ""
    articles: list[StagedArticle] = []
    try:
        for loaded in workers.stream(load_file, path.read_bytes(), file, DEFAULT_SETTINGS, 60.0):
            if not isinstance(loaded, LoadedArticle):
                skip = skip or loaded.reason
                continue
            count += 1
            if count <= _ARTICLES:
                articles.append(StagedArticle(path.name, path.name, loaded.encoding, loaded.text))
    except SkippedFileError as error:
        skip = str(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        skip = f"fault: {error!r:.300}"
    jobs = [(None, (tokenizer_file(), [(article, NO_LINES) for article in articles]))]
    for _, made in workers.ordered(make_rows, jobs):
        skip = next((str(each) for each in made if isinstance(each, SkippedFileError)), skip)
    if workers.submit(os.getpid).result() != pid:
        return Outcome(f"{kind}/{path.name}", count, skip, 0.0, 0)  # ended by its budget
    return Outcome(f"{kind}/{path.name}", count, skip, _seconds(pid) - before, _peak(pid))


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[_USER - 2]) + int(fields[_SYSTEM - 2])) / _TICKS


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


if __name__ == "__main__":
    sys.exit(main())
