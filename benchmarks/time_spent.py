"""Where does the time of a question and of a build go? `python -m benchmarks.time_spent MATERIAL`.

In: a folder of material (`benchmarks.scale`). Out: two tables, from a profile of both: an index of
it is built, as a build does after encoding, and its questions are asked in hybrid mode.
"""

import argparse
import cProfile
import pstats
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.__main__ import machine
from benchmarks.peers.adapters.dateline_peer import Dateline
from benchmarks.scale.layout import Material, Question
from indexer.cli.options import positive
from indexer.encoding.encoder import open_encoder

_WARM_UP: Final = 20
_HITS: Final = 10

# (file, function) whose time, with all that they call, is a row; they do not call each other.
_QUESTION: Final = {
    "read the question": ("retrieval/query/parse.py", "parse"),
    "BM25 of passages": ("indexer/storage/local_store.py", "match_terms"),
    "vectors": ("indexer/storage/local_store.py", "match_vector"),
    "BM25 of their articles": ("indexer/storage/local_store.py", "match_articles"),
    "fuse": ("retrieval/ranking/fusion.py", "convex"),
    "texts of the hits": ("retrieval/ranking/ranker.py", "_hits"),
    "their copies": ("retrieval/ranking/collapse.py", "with_copies"),
}
_BUILD: Final = {
    "catalog": ("indexer/catalog/writer.py", "write_catalog"),
    "copies": ("indexer/catalog/writer.py", "write_copies"),
    "vectors": ("indexer/vectors/index.py", "write_vector_blocks"),
    "lists of vectors, and what they find": ("indexer/vectors/tuning.py", "index_vectors"),
    "BM25 of passages and of articles": ("indexer/lexical/writer.py", "commit"),
    "make durable": ("indexer/storage/manifest.py", "sync_tree"),
    "checksums": ("indexer/storage/manifest.py", "hash_files"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.time_spent", description=__doc__)
    parser.add_argument("material", type=Path)
    parser.add_argument("--threads", type=positive, default=1, help="of FAISS (%(default)s)")
    options = parser.parse_args(arguments)
    material = Material(options.material)
    print(f"{material.about.passages:,} passages, {machine()}\n")
    with tempfile.TemporaryDirectory(dir=options.material.parent) as folder:
        dateline = Dateline()
        built, seconds = profiled(lambda: dateline.build(material, Path(folder), 4))
        print(table("building", rows(built, _BUILD), seconds, "s"))
        dateline.open(Path(folder), options.threads)
        questions = material.questions()
        _ask(dateline, questions[:_WARM_UP])
        asked, spent = profiled(lambda: _ask(dateline, questions[_WARM_UP:]))
        dateline.close()
    each = 1000 / len(questions[_WARM_UP:])
    found = {name: each * value for name, value in rows(asked, _QUESTION).items()}
    encoder = open_encoder(material.about.encoder, threads=options.threads)
    _, encoding = profiled(lambda: [encoder.encode([each.text]) for each in questions])
    found["encode it (added)"] = 1000 * encoding / len(questions)
    print(table("a question", found, each * spent + found["encode it (added)"], "ms"))
    return 0


def profiled(work: Callable[[], object]) -> tuple[pstats.Stats, float]:
    """Return the profile of some work, and its seconds."""
    profile = cProfile.Profile()
    begun = time.perf_counter()
    profile.runcall(work)
    return pstats.Stats(profile), time.perf_counter() - begun


def rows(stats: pstats.Stats, wanted: dict[str, tuple[str, str]]) -> dict[str, float]:
    """Return seconds by name; a function that was not called is left out."""
    found: dict[str, float] = {}
    entries = stats.stats.items()  # type: ignore[attr-defined] # the stub has no `stats`
    for name, (file, function) in wanted.items():
        for (path, _, called), (_, _, _, cumulative, _) in entries:
            if called == function and path.replace("\\", "/").endswith(file):
                found[name] = cumulative
    return found


def table(what: str, found: dict[str, float], total: float, unit: str) -> str:
    """Return rows with their share; what no row covers is the last one but one."""
    other = total - sum(found.values())
    lines = [f"| {what} | {unit} | share |", "|---|---|---|"]
    for name, value in [*found.items(), ("everything else", other), ("**all**", total)]:
        lines.append(f"| {name} | {value:.2f} | {100 * value / total:.0f} % |")
    return "\n".join(lines) + "\n"


def _ask(dateline: Dateline, questions: Sequence[Question]) -> None:
    for question in questions:
        dateline.search(question, _HITS, "hybrid")


if __name__ == "__main__":
    sys.exit(main())
