"""Development half of the news questions, for choosing and calibrating models.

The other half is for tests and is not returned.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from indexer.documents import Span
from training.squad import order, reading

NEWS_FILE = Path("newsqa/extractive_2022_2024.jsonl")


@dataclass(frozen=True, slots=True)
class NewsQuestion:
    """A question, one to three sentences of evidence, and the span of the answer in them."""

    id: str
    question: str
    evidence: str
    answer: Span


def development_questions(folder: Path) -> list[NewsQuestion]:
    """Return the questions whose id's hash is even, in the order of the file.

    Raises:
        TrainingDataError: when the file is missing or not what was expected.
    """
    path = folder / NEWS_FILE
    halves: dict[str, int] = {}
    found = []
    with reading(path, "news questions with their evidence, one JSON object a line"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            # A repeated question follows its first id, so that none is on both sides.
            if halves.setdefault(row["question"], order(row["id"]) % 2) == 0:
                start, text = row["answers"][0]["answer_start"], row["answers"][0]["text"]
                span = Span(start, start + len(text))
                found.append(NewsQuestion(row["id"], row["question"], row["context"], span))
    return found
