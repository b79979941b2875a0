"""What is asked of the material? News questions where those are at hand, else its own sentences."""

import json
import re
from pathlib import Path
from typing import Final

from evaluation.places import data_folder
from evaluation.public_sets.sets import NEWS_QUERIES
from indexer.text.analyzer import is_function_word

NEWS: Final = "news questions of 2022 to 2024"
SENTENCES: Final = "the beginnings of passages"

_WORDS = 12
_WORD = re.compile(r"\w+")


def keywords(text: str) -> str:
    """Return the words of a question without its function words; all of them if nothing is left.

    >>> keywords("What did the US ask Iran?")
    'US ask Iran'
    """
    found = _WORD.findall(text)
    return " ".join([word for word in found if not is_function_word(word.lower())] or found)


def ask_about(passages_file: Path, wanted: int, passages: int) -> tuple[str, list[str]]:
    """Return where the questions are from, and the questions, evenly spread over what there is.

    Args:
        passages_file: the material's passages, one JSON object a line.
        wanted: how many questions.
        passages: how many passages there are.
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
