"""Reader that checks every hit and citation until the file STOP exists, then prints what it saw.

`python -m tests.scenarios.torture.reader INDEX STOP SEED HOW`; HOW is `open`, to reopen the index
every few questions, or `refresh`, to keep one engine and refresh it.
"""

import json
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

from indexer.errors import DatelineError
from retrieval import SearchEngine
from retrieval.answering.answers import Answer
from tests.scenarios.torture.corpus import town_of

_EDITION = re.compile(r"edition \d+")
_QUESTIONS_PER_OPENING = 5
# Few enough for several readers to ask the same of one generation.
_TOWNS = range(0, 800, 40)


@dataclass(slots=True)
class Seen:
    """Observations of a reader; `answers` has hashes by generation and question."""

    how: str
    openings: int = 0
    questions: int = 0
    generations: int = 0
    slowest: float = 0.0
    problems: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    def ask(self, engine: SearchEngine, questions: Iterator[str]) -> None:
        """Ask questions of one generation and record problems."""
        with engine.pinned() as pinned:
            for question in questions:
                answer = pinned.answer(question)
                self.problems += _check(pinned, answer)
                name, found = f"{answer.index.generation} {question}", _hash(answer)
                if self.answers.setdefault(name, found) != found:
                    self.problems.append(f"generation {name!r} was answered in two ways")
                self.questions += 1


def main(arguments: list[str]) -> int:
    """Ask until the file exists, then print counts and problems as JSON."""
    index, stop, seed, how = Path(arguments[0]), Path(arguments[1]), arguments[2], arguments[3]
    seen, chosen = Seen(how), random.Random(int(seed))
    engine: SearchEngine | None = None
    while not stop.exists():
        begun = time.monotonic()
        try:
            if engine is None:
                engine = SearchEngine.open(index, threads=1)
                seen.openings += 1
            else:
                seen.openings += engine.refresh()
            seen.slowest = max(seen.slowest, round(time.monotonic() - begun, 2))
            seen.ask(engine, _questions(_QUESTIONS_PER_OPENING, chosen))
            if how == "open":
                engine.close()
                engine = None
        except Exception as error:  # noqa: BLE001 - whatever it is must not have happened
            seen.problems.append(f"{type(error).__name__}: {error}")
    seen.generations = len({name.partition(" ")[0] for name in seen.answers})
    print(json.dumps(asdict(seen)))
    return 0


def check_answers(index: Path, questions: int, seed: int) -> Iterator[str]:
    """Yield the problems of an index's answers."""
    try:
        with SearchEngine.open(index) as engine:
            for question in _questions(questions, random.Random(seed)):
                yield from _check(engine, engine.answer(question))
    except DatelineError as error:
        yield f"{type(error).__name__}: {error}"


def _questions(count: int, chosen: random.Random) -> Iterator[str]:
    for _ in range(count):
        town = town_of(chosen.choice(_TOWNS))
        yield chosen.choice(("what will {} repair?", "what happened in {}?")).format(town)


def _hash(answer: Answer) -> str:
    """Hash what must be equal in every process: everything but times and file states."""
    hits = [(hit.passage_id, round(hit.score, 4), hit.found.text) for hit in answer.hits]
    quotes = [(quote.citation.doc_id, quote.citation.quote) for quote in answer.quotes]
    return sha256(repr((answer.state, hits, quotes)).encode()).hexdigest()[:16]


def _check(engine: SearchEngine, answer: Answer) -> Iterator[str]:
    """Yield problems of hits, quotes and editions compared with their articles."""
    if answer.index.generation != engine.info.generation:
        yield f"an answer of generation {answer.index.generation}, not {engine.info.generation}"
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
