"""How much faster are passages encoded than by `SentenceTransformer.encode`, and as well?

Speed: both encode the same texts in one process, in turn; the median of the rounds' ratios counts.
Quality (`--quality`): nDCG@10 on SciFact, exact search, with sentence-transformers' vectors and
with those of an index (passages in bfloat16 where that is fast, questions by the exported graph).
"""

import argparse
import json
import lzma
import math
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from indexer.encoding.encoder import DEFAULT_ENCODER, open_encoder
from indexer.encoding.model_files import locate
from indexer.encoding.torch_encoder import PassageEncoder, has_fast_bf16
from indexer.store import Embeddings

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
DATA_VARIABLE = "DATELINE_EVAL_DATA"
DEFAULT_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
GOAL_WITH_BF16, GOAL_WITHOUT = 2.0, 1.2
MOST_LOST = 0.003
DEPTH = 10


class Collection(NamedTuple):
    """Passages and questions by id, and which passages answer which question."""

    passages: dict[str, str]
    questions: dict[str, str]
    relevant: dict[str, set[str]]


def measure(rounds: int = 3, count: int = 256, threads: int | None = None) -> dict[str, Any]:
    """Return how many times faster passages are encoded, and how alike the vectors are."""
    ours = PassageEncoder(DEFAULT_ENCODER, threads)
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


def seed_texts(count: int) -> list[str]:
    """Return stretches of 20 to 100 words of our own seeds, as long as passages are."""
    words = " ".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
    split = words.split()
    starts = [(37 * number) % (len(split) - 100) for number in range(count)]
    return [
        " ".join(split[start : start + 20 + (13 * number) % 81])
        for number, start in enumerate(starts)
    ]


def quality(collection: Collection, threads: int | None = None) -> dict[str, Any]:
    """Return nDCG@10 with sentence-transformers' vectors and with ours."""
    ours, theirs = PassageEncoder(DEFAULT_ENCODER, threads), _reference()
    passages, questions = list(collection.passages.values()), list(collection.questions.values())
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


def read_scifact(data: Path) -> Collection:
    """Read SciFact: titles and abstracts, and the claims of its test split."""
    folder = data / "ir" / "scifact"
    with lzma.open(folder / "corpus.jsonl.xz", "rt", encoding="utf-8") as stream:
        documents = [json.loads(line) for line in stream]
    lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    claims = [json.loads(line) for line in lines]
    questions = {
        claim["_id"]: claim["text"]
        for claim in claims
        if claim["metadata"]["scifact_split"] == "validation"  # which BEIR calls test
    }
    relevant: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question, passage, grade = line.split("\t")
        if question in questions and int(grade) > 0:
            relevant.setdefault(question, set()).add(passage)
    return Collection(
        {document["_id"]: f"{document['title']} {document['text']}" for document in documents},
        {question: text for question, text in questions.items() if question in relevant},
        relevant,
    )


def _score(collection: Collection, passages: Embeddings, questions: Embeddings) -> float:
    ids = list(collection.passages)
    rankings = {}
    for question, scores in zip(collection.questions, questions @ passages.T, strict=True):
        best = np.argsort(-scores, kind="stable")[:DEPTH]
        rankings[question] = [ids[row] for row in best]
    return mean_ndcg(rankings, collection.relevant)


def mean_ndcg(rankings: Mapping[str, Sequence[str]], relevant: Mapping[str, set[str]]) -> float:
    """Return the mean nDCG over questions, with binary gains (Järvelin & Kekäläinen, TOIS 2002).

    >>> round(mean_ndcg({"q": ["a", "b", "c"]}, {"q": {"a", "c"}}), 4)
    0.9197
    """
    found = []
    for question, ranking in rankings.items():
        wanted = relevant[question]
        ideal = sum(_discount(rank) for rank in range(1, min(len(wanted), DEPTH) + 1))
        gain = sum(_discount(rank) for rank, id_ in enumerate(ranking, 1) if id_ in wanted)
        found.append(gain / ideal)
    return statistics.fmean(found)


def _discount(rank: int) -> float:
    return 1 / math.log2(rank + 1)


def _reference() -> SentenceTransformer:
    return SentenceTransformer(str(locate(DEFAULT_ENCODER).folder), device="cpu")


def _timed(encode: Callable[[], Any]) -> tuple[Embeddings, float]:
    begun = time.perf_counter()
    vectors = encode()
    return vectors, time.perf_counter() - begun


def main() -> int:
    """Print the measurements; exit code 1 when one misses its goal."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.encoding",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often both encode (default: 5)")
    parser.add_argument("--count", type=int, default=256, help="how many texts (default: 256)")
    parser.add_argument("--threads", type=int, help="threads of torch, for both")
    parser.add_argument("--quality", action="store_true", help="nDCG@10 on SciFact instead (slow)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if options.quality:
        data = Path(os.environ.get(DATA_VARIABLE, DEFAULT_DATA))
        if not (data / "ir" / "scifact").is_dir():
            print(f"{data} has no ir/scifact; set {DATA_VARIABLE}", file=sys.stderr)
            return 2
        results = quality(read_scifact(data), options.threads)
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
