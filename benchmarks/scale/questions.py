"""Questions on the material: news questions if available, else its own sentences."""

import json
import re
from pathlib import Path
from typing import Final

from evaluation.paths import data_folder
from evaluation.public_sets.sets import NEWS_QUERIES
from indexer.text.analyzer import is_function_word

NEWS: Final = "news questions of 2022 to 2024"
SENTENCES: Final = "the beginnings of passages"

_WORDS = 12
_WORD = re.compile(r"\w+")


def keywords(text: str) -> str:
    """Return a question without function words; all words if none is left.

    >>> keywords("What did the US ask Iran?")
    'US ask Iran'
    """
    found = _WORD.findall(text)
    return " ".join([word for word in found if not is_function_word(word.lower())] or found)


def ask_about(passages_file: Path, wanted: int, passages: int) -> tuple[str, list[str]]:
    """Return the origin of the questions and the questions, evenly spread.

    Args:
        passages_file: passages of the material, one JSON object per line.
        wanted: number of questions.
        passages: number of passages.
    """
    found = data_folder() / NEWS_QUERIES
    if found.exists():
        rows = found.read_text(encoding="utf-8").splitlines()
        texts = [json.loads(row)["text"] for row in rows]
        return NEWS, [texts[number * len(texts) // wanted] for number in range(wanted)]
    chosen = {number * passages // wanted for number in range(wanted)}
    with passages_file.open(encoding="utf-8") as stream:
        beginnings = {
            row: " ".join(json.loads(line)["text"].split()[:_WORDS])
            for row, line in enumerate(stream)
            if row in chosen
        }
    return SENTENCES, [beginnings[number * passages // wanted] for number in range(wanted)]
