"""Files of a generation, written in one call each."""

from collections.abc import Iterable
from itertools import repeat
from pathlib import Path

from indexer.lexical.schema import BM25_FOLDER
from indexer.lexical.writer import LexicalWriter, passage_texts
from indexer.store import Embeddings
from indexer.text.analyzer import fold
from indexer.vectors.index import write_vectors


def write_lexical(
    folder: Path, texts: Iterable[str], headings: Iterable[str] = (), *, name: str = BM25_FOLDER
) -> None:
    titled = zip(texts, headings, strict=True) if headings else zip(texts, repeat(""))
    with LexicalWriter(folder, name) as writer:
        writer.add(passage_texts(heading, text, fold(text)) for text, heading in titled)
        writer.commit()


def write_rows(folder: Path, embeddings: Embeddings) -> None:
    write_vectors(folder, embeddings.shape[1], [embeddings])
