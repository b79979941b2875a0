"""Does a reader ever see anything but one whole generation? It asks until it is told to stop.

`python -m benchmarks.torture.reader INDEX STOP SEED` opens the index again and again, asks, checks
every hit and every citation, and prints what it saw when the file STOP is there.
"""

import json
import random
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.torture.corpus import town_of
from indexer.errors import DatelineError
from retrieval import SearchEngine
from retrieval.answers import Answer

_EDITION = re.compile(r"edition \d+")
_QUESTIONS_PER_OPENING = 5
_TOWNS = 800


def main(arguments: list[str]) -> int:
    """Ask until the file is there and print counts and problems as JSON."""
    index, stop, seed = Path(arguments[0]), Path(arguments[1]), int(arguments[2])
    seen = {"openings": 0, "questions": 0, "generations": 0}
    generations: set[int] = set()
    problems: list[str] = []
    slowest = 0.0
    while not stop.exists():
        begun = time.monotonic()
        try:
            with SearchEngine.open(index, threads=1) as engine:
                slowest = max(slowest, time.monotonic() - begun)
                seen["openings"] += 1
                generations.add(engine.info.generation)
                for question in _questions(_QUESTIONS_PER_OPENING, seed + seen["questions"]):
                    problems += _check(engine, engine.answer(question))
                    seen["questions"] += 1
        except DatelineError as error:
            problems.append(f"{type(error).__name__}: {error}")
    seen["generations"] = len(generations)
    print(json.dumps({**seen, "slowest_opening": round(slowest, 2), "problems": problems}))
    return 0


def check_answers(index: Path, questions: int, seed: int) -> Iterator[str]:
    """Yield what is wrong with the answers of an index; nothing when it is whole."""
    try:
        with SearchEngine.open(index) as engine:
            for question in _questions(questions, seed):
                yield from _check(engine, engine.answer(question))
    except DatelineError as error:
        yield f"{type(error).__name__}: {error}"


def _questions(count: int, seed: int) -> Iterator[str]:
    chosen = random.Random(seed)
    for _ in range(count):
        town = town_of(chosen.randrange(_TOWNS))
        yield chosen.choice(("what will {} repair?", "what happened in {}?")).format(town)


def _check(engine: SearchEngine, answer: Answer) -> Iterator[str]:
    """Compare every hit and quote with its article, and the editions within each article."""
    for hit in answer.hits:
        passage = hit.found.passage
        text = engine.document(passage.doc_id).text
        if text[passage.start : passage.end] != hit.found.text:
            yield f"passage {passage.passage_id} is not at its place"
        if not set(_EDITION.findall(hit.found.text)) <= set(_EDITION.findall(text[:80])):
            yield f"passage {passage.passage_id} is of another edition than its article"
    for quote in answer.quotes:
        cited = quote.citation
        if engine.document(cited.doc_id).text[cited.start : cited.end] != cited.quote:
            yield f"quote {cited.doc_id} {cited.start} is not at its place"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
