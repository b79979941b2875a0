"""Speed and quality of passage encoding against `SentenceTransformer.encode`.

Speed: both encode the same texts in one process, alternating; the median ratio counts. Quality
(`--quality`): nDCG@10 of exact search on SciFact with the vectors of either. `--libraries`: speed
with onnxruntime and with torch, and how far their vectors are from torch's in float32.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from evaluation.collection import Collection, load_collection
from evaluation.measures import NDCG, measure_rankings
from evaluation.paths import data_folder
from indexer.encoding.encoder import open_encoder
from indexer.encoding.model_files import DEFAULT_ENCODER, locate
from indexer.encoding.onnx_passages import OnnxPassageEncoder
from indexer.encoding.passage_encoder import PassageEncoder, has_fast_bf16
from indexer.encoding.torch_encoder import TorchPassageEncoder
from indexer.store import Embeddings

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
GOAL_WITH_BF16, GOAL_WITHOUT = 2.0, 1.2
MOST_LOST = 0.003
SAME_COMPONENT = 1e-5
DEPTH = 10


def measure(rounds: int = 3, count: int = 256, threads: int | None = None) -> dict[str, Any]:
    """Return the speed ratio and the least cosine of the vectors."""
    ours = TorchPassageEncoder(DEFAULT_ENCODER, threads)
    theirs = _reference()
    texts = seed_texts(count)
    ours.encode(texts[:32])
    theirs.encode(texts[:32])
    ratios: list[float] = []
    seconds: list[float] = []
    for _ in range(rounds):
        expected, their_seconds = _timed(lambda: theirs.encode(texts))
        found, our_seconds = _timed(lambda: ours.encode(texts))
        ratios.append(their_seconds / our_seconds)
        seconds.append(our_seconds)
    return {
        "times_faster": round(statistics.median(ratios), 2),
        "goal": GOAL_WITH_BF16 if has_fast_bf16() else GOAL_WITHOUT,
        "ratios": [round(ratio, 2) for ratio in ratios],
        "passages_per_second": round(count / statistics.median(seconds), 1),
        "least_cosine": round(float((expected * found).sum(axis=1).min()), 6),
        "passages": count,
        "threads": torch.get_num_threads(),
        "bf16": has_fast_bf16(),
    }


def compare_libraries(
    rounds: int = 3, count: int = 256, threads: int | None = None
) -> dict[str, Any]:
    """Return passages per second, and how far vectors are from float32's."""
    encoders: dict[str, PassageEncoder] = {
        "torch float32": TorchPassageEncoder(DEFAULT_ENCODER, threads, bf16=False),
        "onnxruntime float32": OnnxPassageEncoder(threads),
        "torch bfloat16": TorchPassageEncoder(DEFAULT_ENCODER, threads, bf16=True),
    }
    texts = seed_texts(count)
    vectors = {name: encoder.encode(texts) for name, encoder in encoders.items()}  # warms up
    seconds: dict[str, list[float]] = {name: [] for name in encoders}
    for _ in range(rounds):
        for name, encoder in encoders.items():
            seconds[name].append(_timed(partial(encoder.encode, texts))[1])
    exact = vectors["torch float32"]
    results: dict[str, Any] = {"passages": count, "threads": torch.get_num_threads()}
    for name, found in vectors.items():
        results[f"{name}, passages per second"] = round(count / statistics.median(seconds[name]), 1)
        results[f"{name}, most a component differs"] = float(np.abs(found - exact).max())
        results[f"{name}, least cosine"] = round(float((found * exact).sum(axis=1).min()), 6)
    return results


def seed_texts(count: int) -> list[str]:
    """Return runs of 20 to 100 words of the seeds, as long as passages."""
    words = " ".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
    split = words.split()
    starts = [(37 * number) % (len(split) - 100) for number in range(count)]
    return [
        " ".join(split[start : start + 20 + (13 * number) % 81])
        for number, start in enumerate(starts)
    ]


def quality(collection: Collection, threads: int | None = None) -> dict[str, Any]:
    """Return nDCG@10 with sentence-transformers' vectors and with ours."""
    ours, theirs = TorchPassageEncoder(DEFAULT_ENCODER, threads), _reference()
    passages = [f"{document.title} {document.text}" for document in collection.documents]
    questions = [query.text for query in collection.queries]
    reference = _score(collection, theirs.encode(passages), theirs.encode(questions))
    found = _score(collection, ours.encode(passages), open_encoder().encode(questions))
    return {
        "sentence_transformers_ndcg": round(reference, 4),
        "dateline_ndcg": round(found, 4),
        "difference": round(found - reference, 4),
        "most_lost": MOST_LOST,
        "passages": len(passages),
        "questions": len(questions),
        "bf16": has_fast_bf16(),
    }


def _score(collection: Collection, passages: Embeddings, questions: Embeddings) -> float:
    ids = [document.id for document in collection.documents]
    best = np.argsort(-(questions @ passages.T), axis=1, kind="stable")[:, :DEPTH]
    rankings = [[ids[row] for row in rows] for rows in best]
    return statistics.fmean(measure_rankings(collection.queries, rankings)[NDCG])


def _reference() -> SentenceTransformer:
    return SentenceTransformer(str(locate(DEFAULT_ENCODER).folder), device="cpu")


def _timed(encode: Callable[[], Any]) -> tuple[Embeddings, float]:
    begun = time.perf_counter()
    vectors = encode()
    return vectors, time.perf_counter() - begun


def main() -> int:
    """Print the measurements; exit 1 if one misses its goal."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.encoding",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default: 5)")
    parser.add_argument("--count", type=int, default=256, help="texts (default: 256)")
    parser.add_argument("--threads", type=int, help="threads of both")
    parser.add_argument("--quality", action="store_true", help="nDCG@10 on SciFact instead (slow)")
    parser.add_argument(
        "--libraries", action="store_true", help="compare onnxruntime with torch instead"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if options.libraries:
        results = compare_libraries(options.rounds, options.count, options.threads)
        good = results["onnxruntime float32, most a component differs"] < SAME_COMPONENT
    elif options.quality:
        scifact = data_folder() / "ir" / "scifact"
        if not scifact.is_dir():
            print(f"No folder {scifact}. Set DATELINE_EVAL_DATA", file=sys.stderr)
            return 2
        results = quality(load_collection(scifact), options.threads)
        good = abs(results["difference"]) <= MOST_LOST
    else:
        results = measure(options.rounds, options.count, options.threads)
        good = results["times_faster"] >= results["goal"]
    if options.json:
        print(json.dumps(results, indent=1))
    else:
        print("\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in results.items()))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
