"""Index with random vectors: `python -m benchmarks.random_vectors NEWS… --index INDEX`.

For measures that read no vector: nothing is encoded, so a large archive takes minutes, not hours.
Everything else is as in a usual build.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from indexer.build.articles import EntryMaker, learn_lines
from indexer.build.pipeline import BuildReport, IndexConfig, build
from indexer.build.reading import ReadingLog, read_corpus
from indexer.build.workers import Workers
from indexer.catalog.keys import text_key
from indexer.catalog.reader import Catalog
from indexer.catalog.staging import Staging
from indexer.catalog.vector_checkpoint import VectorCheckpoint
from indexer.catalog.writer import write_catalog
from indexer.cli.options import EXIT_OK, note, positive, run
from indexer.corpus.roots import CorpusRoots
from indexer.corpus.scan import scan
from indexer.encoding.encoder import EncoderSpec, tokenizer_file
from indexer.encoding.model_files import BUNDLED_SHA256, DEFAULT_ENCODER
from indexer.errors import UsageError
from indexer.loaders.formats.registry import SUFFIXES
from indexer.progress import Progress, TerminalProgress
from indexer.storage.lock import LOCK_FILE
from indexer.storage.read_settings import ReadSettings

_SPEC = EncoderSpec(DEFAULT_ENCODER, BUNDLED_SHA256, 384, 256)
_AT_ONCE = 10_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the index."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.random_vectors", description=__doc__
    )
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--index", type=Path, required=True, help="must not exist")
    parser.add_argument("--limit", type=positive, help="stop after this many articles")
    parser.set_defaults(run=_build)
    return run(parser.parse_args(arguments), "Interrupted. Remove the index and start anew.")


def _build(options: argparse.Namespace) -> int:
    report = build_with_random_vectors(
        options.corpus, options.index, options.limit, progress=TerminalProgress()
    )
    made = report.manifest
    note(f"{options.index}: {made.documents:,} articles, {made.passages:,} passages")
    return EXIT_OK


def build_with_random_vectors(
    corpus: Sequence[Path],
    index: Path,
    limit: int | None = None,
    *,
    progress: Progress | None = None,
) -> BuildReport:
    """Build an index whose vectors are random.

    The vectors are checkpointed as an interrupted build does, so that the build finds them.

    Raises:
        UsageError: if the index exists.
        DatelineError: as `build`.
    """
    if index.exists():
        raise UsageError(f"{index} exists. Remove it, or name another index")
    index.mkdir(parents=True)
    (index / LOCK_FILE).touch()  # marks it as an index
    settings = ReadSettings(limit=limit)
    lots = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder, Workers() as workers:
        with Staging(Path(folder)) as staging:
            scanned = scan(CorpusRoots.of(corpus), SUFFIXES)
            read_corpus(scanned, staging, log := ReadingLog(), settings)
            maker = EntryMaker(tokenizer_file(), workers, learn_lines(staging, workers))
            write_catalog(Path(folder), maker.entries(staging, log))
        with Catalog(Path(folder)) as catalog, VectorCheckpoint(index, _SPEC) as kept:
            distinct = _distinct(catalog)
            while texts := list(islice(distinct, _AT_ONCE)):
                vectors = lots.normal(size=(len(texts), _SPEC.dimension)).astype(np.float32)
                kept.add(texts, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    return build(corpus, index, IndexConfig(settings=settings), progress=progress)


def _distinct(catalog: Catalog) -> Iterator[str]:
    seen: set[bytes] = set()
    for text in catalog.passage_texts():
        if (key := text_key(text)) not in seen:
            seen.add(key)
            yield text


if __name__ == "__main__":
    sys.exit(main())
