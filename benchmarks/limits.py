"""What can this machine do at most? `python -m benchmarks.limits`: memory, matrix units, one scan.

In: nothing. Out: GB/s of copying and reading, GFLOP/s of matrix products by type and threads, the
GB/s of a flat scan of vectors, and what share of the matrix units encoding passages uses.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np

from benchmarks.__main__ import machine
from benchmarks.scale.layout import Material
from indexer.encoder import tokenizer_file
from indexer.token_counts import token_counter

_BYTES: Final = 512_000_000  # far more than the caches hold
_DIMENSION: Final = 384
_ROUNDS: Final = 15
_MATRIX: Final = 2048
_ENCODED: Final = 200  # passages a thread

# all-MiniLM-L6-v2: six layers of 4 h² for attention's projections and 8 h² for the two others.
_HIDDEN: Final = 384
_LAYERS: Final = 6
_PER_LAYER: Final = 12
_MULTIPLY_AND_ADD: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limits", description=__doc__)
    parser.add_argument(
        "--material", type=Path, help="of benchmarks.scale: also what encoding its passages uses"
    )
    options = parser.parse_args(arguments)
    found = measure()
    if options.material:
        found["encoding"] = {
            name: encoding_share(Material(options.material), count, found["matrix_gflops"][name])
            for name, count in _threads().items()
        }
    print(json.dumps({"machine": machine(), **found}, indent=1))
    return 0


ONE, ALL = "1 thread", "all threads"


def measure() -> dict[str, Any]:
    """Return every limit, the best of several rounds."""
    threads = _threads()
    return {
        "copy_gigabytes_per_second": _copying(),
        "scan_gigabytes_per_second": {name: _scanning(count) for name, count in threads.items()},
        "matrix_gflops": {name: _multiplying(count) for name, count in threads.items()},
    }


def encoder_operations(tokens: int) -> int:
    """Return the operations that all-MiniLM-L6-v2 needs for a passage of so many tokens.

    Each weight of a layer is multiplied and added once a token; attention compares every two tokens
    twice, for scores and for sums.

    >>> encoder_operations(100) / 1e9
    2.215...
    """
    weights = _PER_LAYER * _HIDDEN * _HIDDEN
    attention = 2 * tokens * _HIDDEN
    return _MULTIPLY_AND_ADD * _LAYERS * tokens * (weights + attention)


def encoding_share(
    material: Material, threads: int, peaks: Mapping[str, float]
) -> dict[str, float]:
    """Return how fast the first passages are encoded, and which share of the matrix units that is.

    Args:
        material: whose passages are encoded, as a build encodes them.
        threads: how many threads encode.
        peaks: GFLOP/s of as many threads by type; a build uses bfloat16 where that is faster.
    """
    # torch changes how FAISS's threads run, so it comes last.
    from indexer.encoder_torch import PassageEncoder  # noqa: PLC0415 - see above

    texts = [passage.text for passage in islice(material.passages(), _ENCODED * threads)]
    tokens = token_counter(tokenizer_file(material.about.encoder))(texts)
    operations = sum(map(encoder_operations, tokens))
    encoder = PassageEncoder(material.about.encoder, threads=threads)
    encoder.encode(texts[:_ENCODED])
    begun = time.perf_counter()
    encoder.encode(texts)
    seconds = time.perf_counter() - begun
    used = operations / seconds / 1e9
    return {
        "tokens_per_passage": round(sum(tokens) / len(tokens), 1),
        "passages_per_second": round(len(texts) / seconds, 1),
        "gflops": round(used, 1),
        "share_of_peak": round(used / max(peaks.values()), 3),
    }


def _threads() -> dict[str, int]:
    return {ONE: 1, ALL: os.cpu_count() or 1}


def _copying() -> float:
    """Return GB/s read and written by copying, one thread."""
    source = np.ones(_BYTES // 8)
    target = np.empty_like(source)
    seconds = _best(lambda: np.copyto(target, source))
    return round(2 * _BYTES / seconds / 1e9, 1)


def _scanning(threads: int) -> float:
    """Return GB/s of vectors that FAISS compares with one question."""
    faiss.omp_set_num_threads(threads)
    count = _BYTES // (4 * _DIMENSION)
    index = faiss.IndexFlatIP(_DIMENSION)
    vectors = np.random.default_rng(0).standard_normal((count, _DIMENSION), dtype=np.float32)
    index.add(vectors)
    seconds = _best(lambda: index.search(vectors[:1], 100))
    return round(vectors.nbytes / seconds / 1e9, 1)


def _multiplying(threads: int) -> dict[str, float]:
    """Return GFLOP/s of square matrix products by type."""
    import torch  # noqa: PLC0415 - it changes how FAISS's threads run, so it comes last

    torch.set_num_threads(threads)
    found = {}
    for name, kind in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
        left = torch.ones((_MATRIX, _MATRIX), dtype=kind)
        right = torch.ones((_MATRIX, _MATRIX), dtype=kind)
        with torch.inference_mode():
            seconds = _best(partial(torch.matmul, left, right))
        found[name] = round(_MULTIPLY_AND_ADD * _MATRIX**3 / seconds / 1e9, 1)
    return found


def _best(work: Callable[[], object]) -> float:
    """Return the least seconds of some rounds, after one to warm up."""
    work()
    spent = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return min(spent)


if __name__ == "__main__":
    sys.exit(main())
