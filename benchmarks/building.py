"""How many passages a second does a build load, clean, split, analyse and store, encoding aside?

python -m benchmarks.building                           1,000 generated articles
python -m benchmarks.building NEWS --index INDEX        the articles of an index, which is copied

Every passage has its vector already: that of the index; of generated articles each text gets a
random unit vector. Then the corpus is built anew, nothing but vectors taken over, on one core and
on all, without being compared with the corpus before, which a first build never is. `start` is
scanning and reading the known vectors, `encode` writing them, `store` the lists of the vectors and
waiting for the BM25 indexes, which are begun with `clean`.
"""

import argparse
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.generated_news import write_articles
from indexer.articles import Making, catalog_entries, learn_lines
from indexer.catalog import Catalog
from indexer.catalog_writer import write_catalog
from indexer.cores import cores
from indexer.encoder import DEFAULT_ENCODER, EncoderSpec, tokenizer_file
from indexer.encoder_files import BUNDLED_SHA256
from indexer.kept_vectors import KeptVectors
from indexer.loaders import SUFFIXES, scan
from indexer.lock import LOCK_FILE
from indexer.manifest import read_manifest, write_manifest
from indexer.pipeline import BuildReport, IndexConfig, build
from indexer.progress import NoProgress
from indexer.reading import read_corpus
from indexer.reading_log import ReadingLog
from indexer.staging import Staging
from indexer.workers import Workers

ARTICLES = 1000
SPEC = EncoderSpec(DEFAULT_ENCODER, BUNDLED_SHA256, 384, 256)


class StageTimes(NoProgress):
    """Takes the seconds of each stage of a build."""

    def __init__(self) -> None:
        """Begin with what comes before the first stage."""
        self.seconds: dict[str, float] = {}
        self._name, self._begun = "start", time.perf_counter()

    def stage(self, name: str, total: int | None) -> None:  # noqa: ARG002 - the protocol's
        """End the stage before."""
        now = time.perf_counter()
        self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._begun
        self._name, self._begun = name, now

    def close(self) -> None:
        """End the last stage."""
        self.stage("end", None)

    def __str__(self) -> str:
        return ", ".join(f"{name} {seconds:.1f}" for name, seconds in self.seconds.items())


def main(arguments: Sequence[str] | None = None) -> int:
    """Build on one core and on all, and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.building", description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path, help="articles (default: generated)")
    parser.add_argument("--index", type=Path, help="an index of them")
    parser.add_argument("--articles", type=int, default=ARTICLES, help="how many are generated")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        corpus = options.corpus or Path(folder) / "news"
        if options.corpus:
            shutil.copytree(options.index, index)
        else:
            write_articles(corpus, options.articles)
            give_random_vectors(corpus, index)
            build(corpus, index)
        for threads in (1, cores()):
            forget_but_vectors(index)
            times, worked = StageTimes(), processor_seconds()
            report = build(corpus, index, IndexConfig(threads=threads), progress=times)
            print(line(report, threads, processor_seconds() - worked))
            print(f"  {times}", flush=True)
    return 0


def processor_seconds() -> float:
    """Return how long processors worked for this process and those that it has ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def line(report: BuildReport, threads: int, worked: float) -> str:
    """Return the rate of a build."""
    if report.encoded:
        sys.exit(f"{report.encoded:,} passages had no vector: the index is not of these articles")
    made = report.manifest
    return (
        f"{threads} at once: {made.documents:,} articles, {made.passages:,} passages in "
        f"{report.seconds:.1f} s: {made.passages / report.seconds:,.0f} a second, "
        f"{made.passages / worked:,.0f} a second of one processor's work"
    )


def forget_but_vectors(index: Path) -> None:
    """Have the next build take nothing over but vectors, nor look whether the corpus changed."""
    manifest = read_manifest(index)
    versions = replace(manifest.versions, cleaner=0)
    write_manifest(index, replace(manifest, built_by="before", versions=versions))


def give_random_vectors(corpus: Path, index: Path) -> None:
    """Keep a vector of each passage, as a build that was stopped does."""
    index.mkdir()
    (index / LOCK_FILE).touch()  # as a build that was stopped leaves it
    lots = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder, Workers() as workers:
        with Staging(Path(folder)) as staging:
            read_corpus(scan(corpus, SUFFIXES), staging, log := ReadingLog())
            making = Making(tokenizer_file(), workers, learn_lines(staging, workers))
            write_catalog(Path(folder), catalog_entries(staging, log.files, making))
        with Catalog(Path(folder)) as catalog, KeptVectors(index, SPEC) as kept:
            texts = sorted(set(catalog.passage_texts()))
            vectors = lots.normal(size=(len(texts), SPEC.dimension)).astype(np.float32)
            kept.add(texts, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


if __name__ == "__main__":
    sys.exit(main())
