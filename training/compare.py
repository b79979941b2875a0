"""Which weights are best on development data? `python -m training.compare OLD NEW`.

In: weights (`.safetensors`) or checkpoints (`.pt`), and shares of the last in averages with the
first. Out: a Markdown table of every development measure, one column each.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn

from indexer.cli.options import positive
from indexer.errors import DatelineError
from retrieval.readers.trained_files import open_tokenizer
from training.__main__ import DEFAULT_DATA
from training.development import DevelopmentSet, Scored, score
from training.export import average, load_checkpoint
from training.held_out_sets import HeldOutSets
from training.material import Example
from training.network import ReaderNetwork, load_base
from training.sequences import sequences
from training.weights import base_of, load_weights

EXIT_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every model on the same examples and print the table."""
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    columns: dict[str, dict[str, float]] = {}
    try:
        tokenizer = open_tokenizer()
        sets = (
            DevelopmentSet(options.data, tokenizer, options.most),
            HeldOutSets(options.data, options.most),
        )
        for name, network, words in _networks(options.models, options.shares):
            columns[name] = _measure(network, words, tokenizer, *sets)
            sys.stderr.write(f"{name}: {json.dumps(columns[name])}\n")
    except DatelineError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_ERROR
    sys.stdout.write(format_table(columns, sets[1].sizes))
    return 0


def format_table(columns: dict[str, dict[str, float]], sizes: dict[str, int]) -> str:
    """Return the measures as Markdown, one row a measure, with the sizes of the sets below."""
    names = list(columns)
    lines = [f"| measure | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for measure in columns[names[0]]:
        values = " | ".join(f"{columns[name][measure]:.3f}" for name in names)
        lines.append(f"| {measure} | {values} |")
    counted = ", ".join(f"{name} {size}" for name, size in sizes.items())
    return "\n".join([*lines, "", f"Held-out examples or pairs: {counted}.", ""])


def _networks(
    models: Sequence[Path], shares: Sequence[float]
) -> Iterator[tuple[str, ReaderNetwork, nn.Embedding]]:
    for path in models:
        yield path.stem, *_load(path)
    for share in shares:
        mixed, words = _load(models[-1])
        average(mixed, models[0], share)
        yield f"{share:g} {models[-1].stem} + {1 - share:g} {models[0].stem}", mixed, words


def _load(path: Path) -> tuple[ReaderNetwork, nn.Embedding]:
    if path.suffix == ".pt":
        return load_checkpoint(path)
    network, words = load_base(base_of(path))
    load_weights(network, path)
    return network.eval(), words


def _measure(
    network: ReaderNetwork,
    words: nn.Embedding,
    tokenizer: Tokenizer,
    development: DevelopmentSet,
    held_out: HeldOutSets,
) -> dict[str, float]:
    begins: dict[int, int] = {}

    def scorer(examples: Sequence[Example]) -> list[Scored]:
        # Without answers no sequence is left out.
        made = list(sequences(tokenizer, [replace(found, answer=None) for found in examples]))
        for example, sequence in zip(examples, made, strict=True):
            begins[id(example)] = sequence.passage_from
        with torch.inference_mode():
            return score(network, words, made)

    def quoted(example: Example, scored: Scored) -> str:
        offsets = tokenizer.encode(example.passage, add_special_tokens=False).offsets
        begin = begins[id(example)]
        return example.passage[offsets[scored.start - begin][0] : offsets[scored.end - begin][1]]

    found = development.measure(network, words)
    network.eval()
    return found | held_out.measure(scorer, quoted)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.compare", description=__doc__)
    add = parser.add_argument
    add("models", nargs="+", type=Path, help="weights or checkpoints; the first is the oldest")
    add("--shares", nargs="*", type=float, default=[], help="of the last, averaged with the first")
    add("--most", type=positive, help="questions or pairs of a set, the first ones; all by default")
    add("--data", type=Path, default=DEFAULT_DATA, help="folder of the data (%(default)s)")
    add("--threads", type=positive, default=os.cpu_count() or 1, help="cores to use (%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
