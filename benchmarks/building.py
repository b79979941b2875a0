"""Cost of builds without encoding, of updates, and memory of reading.

python -m benchmarks.building build [NEWS --index INDEX]   passages per second by cores
python -m benchmarks.building update [NEWS]                1 % changed, against a rebuild
python -m benchmarks.building read EXPORT                  peak memory by number of articles

Without NEWS, articles are generated. `build` reuses nothing but vectors: those of the index, or
random ones. `update` encodes for real and checks that both indexes are equal in the end.
"""

import argparse
import json
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.random_vectors import build_with_random_vectors
from indexer.build.articles import make_entry
from indexer.build.pipeline import BuildReport, IndexConfig, build
from indexer.build.reading import ReadingLog, read_corpus
from indexer.catalog.schema import CATALOG_FILE
from indexer.catalog.staging import Staging
from indexer.cores import cores
from indexer.corpus.roots import CorpusRoots
from indexer.corpus.scan import scan
from indexer.loaders.formats.registry import SUFFIXES
from indexer.progress import NoProgress
from indexer.recurring.lines import NO_LINES
from indexer.storage.manifest import generation_folder, read_manifest, write_manifest
from indexer.storage.read_settings import ReadSettings

_ONE_OF, _KINDS = 100, 5
_TABLES = ("documents", "passages", "copies", "recurring_lines", "made_from")
_KILOBYTES = 1024 if sys.platform == "darwin" else 1

_PEOPLE = "minister mayor engineer union court company council spokeswoman captain farmer".split()
_VERBS = "said denied announced warned expected promised rejected reported confirmed asked".split()
_THINGS = "bridge harbour budget railway hospital school vaccine treaty election storm".split()
_PLACES = "Northport Larne Tarn Vell Oster Kolm Sel Marsk Ronde Brenna Halden Ystad".split()
_TAILS = (
    "before the winter; after weeks of talks; although nobody had asked for it; because the old "
    "one was closed in spring; and that others would follow; while hundreds waited outside"
).split("; ")
_MONTHS = "January March May July September November".split()


class StageTimes(NoProgress):
    """Seconds of each stage of a build."""

    def __init__(self) -> None:
        """Start with what precedes the first stage."""
        self.seconds: dict[str, float] = {}
        self._name, self._begun = "start", time.perf_counter()

    def stage(self, name: str, total: int | None) -> None:  # noqa: ARG002 - the protocol's
        """End the previous stage."""
        now = time.perf_counter()
        self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._begun
        self._name, self._begun = name, now

    def close(self) -> None:
        """End the last stage."""
        self.stage("end", None)

    def __str__(self) -> str:
        return ", ".join(f"{name} {seconds:.1f}" for name, seconds in self.seconds.items())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the measurements."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.building",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=("build", "update", "read"))
    parser.add_argument("corpus", nargs="*", type=Path)
    parser.add_argument("--index", type=Path, help="build: an index of the corpus, for its vectors")
    parser.add_argument(
        "--articles", type=int, default=1000, help="articles to generate (%(default)s)"
    )
    parser.add_argument(
        "--shares", default="1000,5000,20000,all", help="read: numbers of articles (%(default)s)"
    )
    parser.add_argument("--clean", action="store_true", help="read: also clean and catalog")
    parser.add_argument("--one", help=argparse.SUPPRESS)  # a share, read in this process
    options = parser.parse_args(arguments)
    if options.what == "read":
        return _read(options)
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "news", Path(folder) / "index"
        if not options.corpus:
            write_articles(corpus, options.articles)
        if options.what == "update":
            if options.corpus:
                shutil.copytree(options.corpus[0], corpus)
            return _update(corpus, index)
        if options.corpus:
            corpus = options.corpus[0]
            shutil.copytree(options.index, index)
        else:
            build_with_random_vectors([corpus], index)
        return _build(corpus, index)


def _build(corpus: Path, index: Path) -> int:
    for threads in (1, cores()):
        _forget_all_but_vectors(index)
        times, worked = StageTimes(), _processor_seconds()
        report = build(corpus, index, IndexConfig(threads=threads), progress=times)
        worked, made = _processor_seconds() - worked, report.manifest
        if report.encoded:
            sys.exit(f"{report.encoded:,} passages had no vector: not an index of these articles")
        print(
            f"{threads} at once: {made.documents:,} articles, {made.passages:,} passages in "
            f"{report.seconds:.1f} s: {made.passages / report.seconds:,.0f} per second, "
            f"{made.passages / worked:,.0f} per processor second\n  {times}",
            flush=True,
        )
    return 0


def _update(corpus: Path, index: Path) -> int:
    full = _timed("full build", corpus, index)
    changes = change(corpus)
    again = _timed(f"{changes:,} files changed", corpus, index)
    print(f"the second costs {again.seconds / full.seconds:.1%} of the first")
    fresh = index.with_name("fresh")
    shutil.copytree(index, fresh)
    _forget_all_but_vectors(fresh)
    _timed("rebuild, all vectors known", corpus, fresh)
    same = _contents(index) == _contents(fresh)
    print("both indexes are equal" if same else "THE INDEXES DIFFER")
    return 0 if same else 1


def _read(options: argparse.Namespace) -> int:
    """Read each share in a process of its own, for its peak memory."""
    if options.one:
        print(json.dumps(_read_share(options.corpus, options.one, clean=options.clean)))
        return 0
    print("| articles | passages | skipped | characters | seconds | peak memory |")
    print("|---:|---:|---:|---:|---:|---:|")
    command = [sys.executable, "-m", "benchmarks.building", "read", *map(str, options.corpus)]
    command += ["--clean"] if options.clean else []
    for share in options.shares.split(","):
        done = subprocess.run(
            [*command, "--one", share], check=True, capture_output=True, text=True
        )
        print("| {} |".format(" | ".join(json.loads(done.stdout))), flush=True)
    return 0


def _read_share(corpus: Sequence[Path], share: str, *, clean: bool) -> list[str]:
    """Read a number of articles and return the cells of its row."""
    begun = time.perf_counter()
    log, passages, characters = ReadingLog(), 0, 0
    with tempfile.TemporaryDirectory() as folder, Staging(Path(folder)) as staging:
        found = scan(CorpusRoots.of(corpus), SUFFIXES)
        limit = None if share == "all" else int(share)
        read_corpus(found, staging, log, ReadSettings(limit=limit))
        articles = staging.count
        if clean:
            for each in staging.entries():
                # Words as tokens, so that no encoder is loaded.
                file = log.files[each.article.file]
                passages += len(make_entry(each.article, file, _count_words, NO_LINES).passages)
        else:
            characters = sum(len(each.article.text) for each in staging.entries())
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTES / 1024
    counts = [f"{count:,}" for count in (articles, passages, log.reasons.total(), characters)]
    return [*counts, f"{seconds:.1f}", f"{peak:,.0f} MB"]


def _count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def _timed(what: str, corpus: Path, index: Path) -> BuildReport:
    times = StageTimes()
    report = build(corpus, index, progress=times)
    made = report.manifest
    print(
        f"{what}: {made.documents:,} articles, {made.passages:,} passages, {report.encoded:,} of "
        f"them encoded, {report.seconds:.1f} s ({times})",
        flush=True,
    )
    return report


def change(corpus: Path) -> int:
    """Change 1 % of the files (of five: two edited, one each added, deleted, renamed)."""
    files = sorted(corpus.iterdir())[::_ONE_OF]
    for number, path in enumerate(files):
        kind = number % _KINDS
        if kind < 2:
            text = path.read_text(encoding="utf-8")
            path.write_text(f"{text}\nNobody was hurt on day {number}.\n", encoding="utf-8")
        elif kind == 2:
            new = article(1_000_000 + number)
            path.with_name(f"new-{number}.txt").write_text(new, encoding="utf-8")
        elif kind == 3:
            path.unlink()
        else:
            path.rename(path.with_name(f"renamed-{number}.txt"))
    return len(files)


def write_articles(folder: Path, count: int) -> None:
    """Write generated articles, the same each time, as text files."""
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number:06}.txt").write_text(article(number), encoding="utf-8")


def article(number: int) -> str:
    """Return a generated article: headline, byline, sixteen paragraphs, a recurring line."""
    lots = random.Random(number)
    place, thing = lots.choice(_PLACES), lots.choice(_THINGS)
    paragraphs = [
        f"{place} votes on its {thing} after {lots.randrange(2, 90)} days",
        f"By Ann Other, {lots.randrange(1, 29)} {lots.choice(_MONTHS)} {2012 + number % 14}",
        *(" ".join(_sentence(lots) for _ in range(lots.randrange(2, 4))) for _ in range(16)),
        "The Northport Agency contributed to this report.",
    ]
    return "\n\n".join(paragraphs) + "\n"


def _sentence(lots: random.Random) -> str:
    person, verb, thing = (lots.choice(words) for words in (_PEOPLE, _VERBS, _THINGS))
    return (
        f"The {person} of {lots.choice(_PLACES)} {verb} on day {lots.randrange(1000)} that "
        f"{lots.randrange(2, 5000)} people had seen the {thing} of {lots.choice(_PLACES)} "
        f"{lots.choice(_TAILS)}."
    )


def _processor_seconds() -> float:
    """Return processor seconds of this process and of its ended children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _forget_all_but_vectors(index: Path) -> None:
    """Make the next build reuse nothing but vectors."""
    manifest = read_manifest(index)
    versions = replace(manifest.versions, cleaner=0)
    write_manifest(index, replace(manifest, built_by="before", versions=versions))


def _contents(index: Path) -> list[list[tuple[object, ...]]]:
    """Return the rows of the tables made from articles."""
    folder = generation_folder(index, read_manifest(index).generation)
    connection = sqlite3.connect(folder / CATALOG_FILE)
    try:
        query = "SELECT * FROM {} ORDER BY 1"
        return [connection.execute(query.format(table)).fetchall() for table in _TABLES]
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
