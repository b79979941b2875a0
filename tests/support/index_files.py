"""Files of a generation, written in one call each."""

from collections.abc import Iterable
from itertools import repeat
from pathlib import Path

from indexer.lexical.schema import BM25_FOLDER
from indexer.lexical.writer import LexicalWriter, with_heading
from indexer.store import Embeddings
from indexer.text.analyzer import fold
from indexer.vectors.index import write_vectors


def write_lexical(
    folder: Path, texts: Iterable[str], headings: Iterable[str] = (), *, name: str = BM25_FOLDER
) -> None:
    titled = zip(texts, headings, strict=True) if headings else zip(texts, repeat(""))
    with LexicalWriter(folder, name) as writer:
        writer.add(
            (with_heading(heading, text, folded), folded)
            for text, heading in titled
            for folded in (fold(text),)
        )
        writer.commit()


def write_rows(folder: Path, embeddings: Embeddings) -> None:
    write_vectors(folder, embeddings.shape[1], [embeddings])
