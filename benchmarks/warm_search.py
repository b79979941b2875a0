"""How long does one question take in an open engine? The question's vector included."""

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

from retrieval import SearchEngine

QUESTIONS = Path("tests/quality/seed_questions.jsonl")


def measure(index: Path, rounds: int) -> dict[str, Any]:
    """Return milliseconds per call over our own questions: medians and 95th percentiles."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    with SearchEngine.open(index) as engine:
        for question in questions[:5]:
            engine.answer(question)
        searches: list[float] = []
        answers: list[float] = []
        for _ in range(rounds):
            for question in questions:
                begun = time.perf_counter()
                engine.search(question)
                searched = time.perf_counter()
                engine.answer(question)
                searches.append(1000 * (searched - begun))
                answers.append(1000 * (time.perf_counter() - searched))
    return {
        "questions": len(questions),
        "search_median_ms": round(statistics.median(searches), 2),
        "search_p95_ms": round(statistics.quantiles(searches, n=20)[-1], 2),
        "answer_median_ms": round(statistics.median(answers), 1),
        "answer_p95_ms": round(statistics.quantiles(answers, n=20)[-1], 1),
    }


def main() -> None:
    """Print the measurement as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(json.dumps(measure(options.index, options.rounds), indent=1))


if __name__ == "__main__":
    main()
