"""Command `python -m benchmarks.scale`: make material of a size, optionally with its index."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.scale.index_writer import write_index
from benchmarks.scale.material import make_material
from indexer.build.pipeline import build
from indexer.cli.options import EXIT_OK, note, positive, run
from indexer.progress import TerminalProgress

FOLDER = Path("build/scale")
SEEDS_INDEX = Path("build/bench-index")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the material and the index."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    add_source(parser)
    parser.add_argument("--passages", type=positive, required=True, help="number of passages")
    parser.add_argument("--write-index", action="store_true", help="also FOLDER/index-PASSAGES")
    parser.set_defaults(run=_make)
    return run(parser.parse_args(arguments), "Interrupted. Run it again to start anew.")


def add_source(parser: argparse.ArgumentParser) -> None:
    """Add options for the source of material and its folder."""
    parser.add_argument(
        "--index",
        type=Path,
        help="source of passages and vectors, only read (default: the seeds, recombined)",
    )
    parser.add_argument("--folder", type=Path, default=FOLDER, help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the draw (%(default)s)")


def source_index(options: argparse.Namespace) -> Path:
    """Return the source index; without one, build that of the seeds."""
    if options.index is not None:
        return Path(options.index)
    build(Path("seeds"), SEEDS_INDEX, progress=TerminalProgress())
    return SEEDS_INDEX


def _make(options: argparse.Namespace) -> int:
    progress = TerminalProgress()
    folder = options.folder / f"material-{options.passages}"
    progress.stage("passages", options.passages)
    material = make_material(
        source_index(options),
        folder,
        options.passages,
        seed=options.seed,
        advance=progress.advance,
    )
    progress.close()
    about = material.about
    note(
        f"{folder}: {about.passages:,} passages, {about.recombined:,} of them recombined, of "
        f"{about.documents:,} articles; {about.questions} questions: {about.asked}"
    )
    if options.write_index:
        index = options.folder / f"index-{options.passages}"
        write_index(material, index, progress)
        note(f"{index}: an index of it")
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(main())
