"""`python -m training`: train the reader from its data, in one command that can be repeated.

A run that was stopped goes on from its last checkpoint, which is written every few minutes.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from indexer.cli.options import positive
from indexer.errors import DatelineError
from indexer.progress import TerminalProgress
from retrieval.readers.trained_files import open_tokenizer
from training.development import DevelopmentSet
from training.examples import examples
from training.lookalikes import lookalikes
from training.material import Material
from training.mixture import Mixture
from training.network import MINILM, MPNETS, load_base
from training.squad import load_squad
from training.trainer import ExampleSource, Recipe, Trainer
from training.weights import load_weights

DEFAULT_DATA = Path(os.environ.get("DATELINE_EVAL_DATA", "../shared/data"))
DEFAULT_FOLDER = Path("build/training")
EXIT_ERROR, EXIT_STOPPED = 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare, train, measure on development data."""
    options = _parser().parse_args(arguments)
    try:
        _train(options)
    except DatelineError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_ERROR
    except KeyboardInterrupt:
        sys.stderr.write("stopped; the same command goes on from the last checkpoint\n")
        return EXIT_STOPPED
    return 0


def _train(options: argparse.Namespace) -> None:
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.folder.mkdir(parents=True, exist_ok=True)
    progress = TerminalProgress()
    squad = load_squad(options.data, held_out=False)
    tokenizer = open_tokenizer()
    # Before the minutes of encoding, so that data that is missing is missed at once.
    development = DevelopmentSet(options.data, tokenizer)
    progress.stage("encode", len(squad.paragraphs) + len(squad.questions))
    found = lookalikes(squad, options.folder, options.threads, progress.advance)
    network, words = load_base(options.base)
    if options.start is not None:
        load_weights(network, options.start)
    recipe = Recipe(
        seed=options.seed,
        tokens=options.tokens,
        batch_tokens=options.batch_tokens,
        learning_rate=options.learning_rate,
        steady_after=options.steady_after,
    )
    network.to(options.device)
    words.to(options.device)
    trainer = Trainer(network, words, tokenizer, recipe, options.folder)
    trainer.run(
        _source(options, Material(squad, found, options.seed)),
        progress,
        lambda: development.measure(network, words),
        checkpoint_seconds=options.checkpoint_seconds,
        measure_tokens=options.measure_tokens,
        minutes=options.minutes,
    )
    progress.close()
    sys.stdout.write(json.dumps(trainer.history[-1:], indent=1) + "\n")


def _source(options: argparse.Namespace, material: Material) -> ExampleSource:
    if options.mixture:
        return Mixture(options.data, material, options.folder).examples
    return lambda epoch: examples(material, epoch)


def _parser() -> argparse.ArgumentParser:
    recipe = Recipe()
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, default=DEFAULT_DATA, help="folder of the data (%(default)s)")
    add("--folder", type=Path, default=DEFAULT_FOLDER, help="checkpoints go here (%(default)s)")
    add("--tokens", type=positive, default=recipe.tokens, help="how long to train (%(default)s)")
    add("--minutes", type=float, help="end the schedule after so much time, if tokens are left")
    add("--start", type=Path, metavar="FILE", help="begin with these weights, not with the base's")
    add("--seed", type=int, default=recipe.seed, help="decides the examples (%(default)s)")
    add("--learning-rate", type=float, default=recipe.learning_rate, help="peak (%(default)s)")
    add("--base", choices=[MINILM, *MPNETS], default=MINILM, help="what is trained (%(default)s)")
    add("--batch-tokens", type=positive, default=recipe.batch_tokens, help="a step (%(default)s)")
    add("--steady-after", type=positive, default=0, help="tokens; then the rate stays, without end")
    add("--mixture", action="store_true", help="train on all sets of data/reader, not SQuAD alone")
    add("--measure-tokens", type=positive, default=2_000_000, help="between two (%(default)s)")
    add("--threads", type=positive, default=os.cpu_count() or 1, help="cores to use (%(default)s)")
    add("--device", default="cpu", help="what torch computes on (%(default)s); cuda for a GPU")
    add("--checkpoint-seconds", type=float, default=180, help="between two (%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
