"""What does a build cost when 1 % of the articles have changed, and what does building anew cost?

python -m benchmarks.updating                        1,000 generated articles
python -m benchmarks.updating --articles 10000       the number that the goal is stated for
python -m benchmarks.updating NEWS                   a copy of the text files in a folder

Of each hundred articles one changes: of five changes two are edits of a paragraph, one is a new
article, one a deleted and one a renamed file. Everything is encoded by the real encoder. Then the
same corpus is built into a new folder that only has the vectors: what both hold must be equal.
"""

import argparse
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.building import StageTimes, forget_but_vectors
from benchmarks.generated_news import article, write_articles
from indexer.build.pipeline import BuildReport, build
from indexer.catalog.schema import CATALOG_FILE
from indexer.storage.manifest import generation_folder, read_manifest

ARTICLES = 1000
_ONE_OF, _KINDS = 100, 5
_TABLES = ("documents", "passages", "copies", "recurring_lines", "made_from")


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, change, build again, and print both times and their ratio."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.updating", description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path, help="articles (default: generated)")
    parser.add_argument("--articles", type=int, default=ARTICLES, help="how many are generated")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "news", Path(folder) / "index"
        if options.corpus:
            shutil.copytree(options.corpus, corpus)
        else:
            write_articles(corpus, options.articles)
        full = timed("full build", corpus, index)
        changes = change(corpus)
        again = timed(f"{changes:,} files changed", corpus, index)
        print(f"the second costs {again.seconds / full.seconds:.1%} of the first")
        shutil.copytree(index, Path(folder) / "fresh")
        forget_but_vectors(Path(folder) / "fresh")
        timed("anew, every vector known", corpus, Path(folder) / "fresh")
        same = contents(index) == contents(Path(folder) / "fresh")
        print("both hold the same" if same else "THEY DIFFER")
    return 0 if same else 1


def timed(what: str, corpus: Path, index: Path) -> BuildReport:
    """Build and print how long each stage took."""
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
    """Change 1 % of the files and return how many that are."""
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


def contents(index: Path) -> list[list[tuple[object, ...]]]:
    """Return the rows of the tables that are made of the articles."""
    folder = generation_folder(index, read_manifest(index).generation)
    connection = sqlite3.connect(folder / CATALOG_FILE)
    try:
        query = "SELECT * FROM {} ORDER BY 1"
        return [connection.execute(query.format(table)).fetchall() for table in _TABLES]
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
