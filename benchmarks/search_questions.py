"""What is asked of an index? A file of questions, or the index's own headlines and sentences."""

import json
from collections.abc import Sequence
from pathlib import Path

from indexer.catalog.reader import Catalog
from indexer.storage.manifest import generation_folder, read_manifest

_FIELDS = ("question", "text", "query")
_WORDS = 12  # of a sentence; about as many as a question has


def read_questions(index: Path, file: Path | None, wanted: int) -> list[str]:
    """Return at most so many different questions, evenly spread over what there is.

    Args:
        index: the index folder.
        file: one JSON object a line, with `question`, `text` or `query`; None takes headlines and
            beginnings of sentences in turn.
        wanted: how many.
    """
    found = _of_index(index, wanted) if file is None else _of_file(file)
    distinct = list(dict.fromkeys(found))
    if len(distinct) <= wanted:
        return distinct
    return [distinct[number * len(distinct) // wanted] for number in range(wanted)]


def split(questions: Sequence[str], timed: int) -> tuple[list[str], list[str]]:
    """Return which warm up, every fifth at most, and which are timed.

    >>> split(["a", "b", "c", "d", "e", "f"], 5)
    (['a'], ['b', 'c', 'd', 'e', 'f'])
    """
    warm = max(0, len(questions) - timed)
    places = {number * len(questions) // warm for number in range(warm)}
    return (
        [text for place, text in enumerate(questions) if place in places],
        [text for place, text in enumerate(questions) if place not in places],
    )


def _of_file(file: Path) -> list[str]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    return [next(row[name] for name in _FIELDS if name in row) for row in rows]


def _of_index(index: Path, wanted: int) -> list[str]:
    manifest = read_manifest(index)
    with Catalog(generation_folder(index, manifest.generation)) as catalog:
        doc_ids = catalog.doc_ids()
        documents = [catalog.document(doc_ids[i]) for i in _spread(len(doc_ids), wanted)]
        headlines = [document.title for document in documents if document.title]
        sentences = [
            " ".join(found[len(found) // 2].split()[:_WORDS])
            for document in documents
            if (found := catalog.sentences(document.doc_id))
        ]
    # Half of each; where articles are few, or without headlines, more of what there is.
    half = headlines[: wanted // 2]
    return [*half, *sentences[: wanted - len(half)], *headlines[len(half) :]]


def _spread(count: int, wanted: int) -> list[int]:
    if wanted >= count:
        return list(range(count))
    return [number * count // wanted for number in range(wanted)]
