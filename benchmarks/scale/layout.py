"""Files of material: passages, vectors and questions.

Every peer reads them in its own environment, so only NumPy and the standard library are used.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

FORMAT: Final = 2
DESCRIPTION_FILE: Final = "material.json"
ARTICLES_FILE: Final = "articles.jsonl"
PASSAGES_FILE: Final = "passages.jsonl"
VECTORS_FILE: Final = "vectors.npy"
QUESTIONS_FILE: Final = "questions.jsonl"
QUESTION_VECTORS_FILE: Final = "question-vectors.npy"

Vectors: TypeAlias = NDArray[np.float32]
"""float32, shape (n, dimension) or (dimension,), unit rows."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Passage as given to every peer; `heading` is its title, or empty.

    `searched` is the text for BM25 of all peers.
    """

    passage_id: str
    heading: str
    text: str

    @property
    def searched(self) -> str:
        """Title and text."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text


@dataclass(frozen=True, slots=True)
class Question:
    """Question as given to every peer; `keywords` omit function words."""

    text: str
    keywords: str
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Description:
    """Description of material, written last to mark a complete folder.

    `recombined` counts passages made from sentences of real ones; `asked` is the origin of the
    questions.
    """

    passages: int
    documents: int
    recombined: int
    questions: int
    dimension: int
    seed: int
    source: str
    encoder: str
    encoder_sha256: str
    max_tokens: int
    asked: str
    format: int = FORMAT


class Material:
    """Reader of a folder of material.

    Raises:
        ValueError: if the folder has no complete material of this format.
    """

    def __init__(self, folder: Path) -> None:
        """Open a folder."""
        self.folder = folder
        found = described(folder)
        if found is None:
            raise ValueError(
                f"there is no whole material of format {FORMAT} in {folder}. "
                "Make it: python -m benchmarks.scale --passages N --folder FOLDER"
            )
        self.about = found

    def passages(self) -> Iterator[Passage]:
        """Yield all passages in row order."""
        for row in self._rows(PASSAGES_FILE):
            yield Passage(row["id"], row["heading"], row["text"])

    def articles(self) -> Iterator[dict[str, Any]]:
        """Yield all articles in doc_id order."""
        return self._rows(ARTICLES_FILE)

    def passage_ids(self) -> list[str]:
        """Return the passage ids by row."""
        return [row["id"] for row in self._rows(PASSAGES_FILE)]

    def vectors(self) -> Vectors:
        """Return the memory-mapped vectors of all passages."""
        return _mapped(self.folder / VECTORS_FILE)

    def questions(self) -> list[Question]:
        """Return the questions with their vectors."""
        vectors = np.array(_mapped(self.folder / QUESTION_VECTORS_FILE))
        return [
            Question(row["text"], row["keywords"], vector)
            for row, vector in zip(self._rows(QUESTIONS_FILE), vectors, strict=True)
        ]

    def _rows(self, name: str) -> Iterator[dict[str, Any]]:
        with (self.folder / name).open(encoding="utf-8") as stream:
            for line in stream:
                yield json.loads(line)


def described(folder: Path) -> Description | None:
    """Return the description of complete material; None if there is none of this format."""
    try:
        stored = json.loads((folder / DESCRIPTION_FILE).read_text(encoding="utf-8"))
        found = Description(**stored)
    except (OSError, ValueError, TypeError):
        return None
    return found if found.format == FORMAT else None


def write_description(folder: Path, about: Description) -> None:
    """Mark a folder of material as complete."""
    text = json.dumps(asdict(about), indent=1) + "\n"
    (folder / DESCRIPTION_FILE).write_text(text, encoding="utf-8")


def _mapped(path: Path) -> Vectors:
    found: Vectors = np.load(path, mmap_mode="r")
    return found
