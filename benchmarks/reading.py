"""Does memory grow with the corpus while it is read? One line for each share of a corpus.

    python -m benchmarks.reading export.jsonl.xz [--shares 1000,5000,20000,all] [--clean]

Each share is read in a process of its own, as a build does before it encodes: unpacked, parsed,
staged, and with `--clean` cleaned and written to a catalog too (passages are sized by words, so
that no encoder is loaded). Peak memory is that of the whole process.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from indexer.build.articles import make_entry
from indexer.build.reading import read_corpus
from indexer.build.reading_log import ReadingLog
from indexer.catalog.staging import Staging
from indexer.catalog.writer import write_catalog
from indexer.corpus.roots import CorpusRoots
from indexer.corpus.scan import scan
from indexer.loaders.formats.registry import SUFFIXES
from indexer.recurring.lines import NO_LINES
from indexer.storage.read_settings import ReadSettings

_DEFAULT_SHARES = "1000,5000,20000,all"
_KILOBYTES = 1024 if sys.platform == "darwin" else 1


def main() -> int:
    """Measure every share and print a table."""
    parser = argparse.ArgumentParser(description="memory of reading a corpus, by its size")
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--shares", default=_DEFAULT_SHARES, help="articles; `all` for no limit")
    parser.add_argument("--clean", action="store_true", help="write the catalog too")
    parser.add_argument("--one", help=argparse.SUPPRESS)  # measured in this process
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.corpus, options.one, clean=options.clean)))
        return 0
    print("| articles | passages | skipped | characters | seconds | peak memory |")
    print("|---:|---:|---:|---:|---:|---:|")
    for share in options.shares.split(","):
        command = [sys.executable, "-m", "benchmarks.reading", *map(str, options.corpus)]
        command += ["--one", share, *(["--clean"] if options.clean else [])]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        print("| {} |".format(" | ".join(json.loads(done.stdout))), flush=True)
    return 0


def measure(corpus: Sequence[Path], share: str, *, clean: bool) -> list[str]:
    """Read a share of a corpus and return the cells of its row."""
    begun = time.perf_counter()
    limit = None if share == "all" else int(share)
    log, passages, characters = ReadingLog(), 0, 0
    with tempfile.TemporaryDirectory() as folder, Staging(Path(folder)) as staging:
        found = scan(CorpusRoots.of(corpus), SUFFIXES)
        read_corpus(found, staging, log, ReadSettings(limit=limit))
        articles = staging.count
        if clean:
            entries = (
                make_entry(article, log.files[article.file], _count_words, NO_LINES)
                for article in staging.articles()
            )
            _, passages = write_catalog(Path(folder), entries, log.skips)
        else:
            characters = sum(len(article.text) for article in staging.articles())
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTES / 1024
    counts = [f"{count:,}" for count in (articles, passages, log.reasons.total(), characters)]
    return [*counts, f"{seconds:.1f}", f"{peak:,.0f} MB"]


def _count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


if __name__ == "__main__":
    sys.exit(main())
