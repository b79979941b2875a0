"""Material of any size from a real index, determined by a seed.

Up to the size of the index: passages of whole articles drawn at random. Beyond: passages recombined
from sentences of real ones, with jittered vectors. The files hold text of the source, so they must
not be committed.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from benchmarks.scale.layout import (
    ARTICLES_FILE,
    PASSAGES_FILE,
    QUESTION_VECTORS_FILE,
    QUESTIONS_FILE,
    VECTORS_FILE,
    Description,
    Material,
    described,
    write_description,
)
from benchmarks.scale.plan import PlannedArticle, plan
from benchmarks.scale.questions import ask_about, keywords
from benchmarks.scale.recombining import jittered, recombined_sentences
from benchmarks.scale.source import SourceIndex, SourcePassage
from indexer.encoding.encoder import open_encoder
from indexer.store import Embeddings

_BETWEEN = "\n\n"


def make_material(
    index: Path,
    folder: Path,
    passages: int,
    *,
    seed: int = 0,
    questions: int = 220,
    advance: Callable[[int], None] = lambda _: None,
) -> Material:
    """Make the material unless the folder already holds it.

    Args:
        index: source, only read.
        folder: of the files; its content is replaced.
        passages: exact number.
        seed: of the draw.
        questions: number.
        advance: called with the number of further passages done.

    Raises:
        ValueError: if the index has no passages.
    """
    source = SourceIndex(index)
    try:
        about = described(folder)
        wanted = (passages, questions, seed, source.manifest.corpus_sha256)
        if about and wanted == (about.passages, about.questions, about.seed, about.source):
            return Material(folder)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        articles = plan(source.articles, passages, seed)
        recombined = _write_passages(source, articles, folder, seed, advance)
        asked, texts = ask_about(folder / PASSAGES_FILE, questions, passages)
        _write_questions(folder, source.manifest.encoder.name, texts)
        spec = source.manifest.encoder
        written = Description(
            passages=passages,
            documents=len(articles),
            recombined=recombined,
            questions=questions,
            dimension=spec.dimension,
            seed=seed,
            source=source.manifest.corpus_sha256,
            encoder=spec.name,
            encoder_sha256=spec.sha256,
            max_tokens=spec.max_tokens,
            asked=asked,
        )
        write_description(folder, written)
    finally:
        source.close()
    return Material(folder)


def _write_passages(
    source: SourceIndex,
    articles: Sequence[PlannedArticle],
    folder: Path,
    seed: int,
    advance: Callable[[int], None],
) -> int:
    """Write articles, passages and vectors; return the number of recombined passages."""
    count = sum(article.passages for article in articles)
    shape = (count, source.manifest.encoder.dimension)
    vectors = np.lib.format.open_memmap(
        folder / VECTORS_FILE, mode="w+", dtype=np.float32, shape=shape
    )
    row = recombined = 0
    with (
        (folder / ARTICLES_FILE).open("w", encoding="utf-8") as article_stream,
        (folder / PASSAGES_FILE).open("w", encoding="utf-8") as passage_stream,
    ):
        for article in articles:
            found, embeddings = _content(source, article, seed)
            written = _article(article, source.facts(article.template), found)
            _write_line(article_stream, written)
            for passage in _passages(written):
                _write_line(passage_stream, passage)
            vectors[row : row + len(found)] = embeddings
            row += len(found)
            recombined += len(found) if article.made is not None else 0
            advance(len(found))
    vectors.flush()
    return recombined


def _content(
    source: SourceIndex, article: PlannedArticle, seed: int
) -> tuple[list[SourcePassage], Embeddings]:
    """Return the passages of an article and their vectors."""
    rows = list(range(article.template.first, article.template.first + article.passages))
    if article.made is None:
        return [source.passage(row) for row in rows], source.vectors(rows)
    generator = np.random.default_rng([seed, article.made])
    any_rows, others = generator.integers(source.manifest.passages, size=(2, len(rows))).tolist()
    rows = rows if article.on_topic else any_rows
    mixed = [
        SourcePassage(recombined_sentences(first, source.passage(other)), first.kind)
        for first, other in zip(map(source.passage, rows), others, strict=True)
    ]
    return mixed, jittered(source.vectors(rows), source.vectors(others), generator)


def _article(
    article: PlannedArticle, facts: dict[str, Any], passages: Sequence[SourcePassage]
) -> dict[str, Any]:
    """Return the article as written: its passages, one below the other."""
    texts, spans, start = [], [], 0
    for passage in passages:
        text = " ".join(passage.sentences)
        offsets, position = [], start
        for sentence in passage.sentences:
            offsets += [position, position + len(sentence)]
            position += len(sentence) + 1
        spans.append([start, start + len(text), passage.kind, offsets])
        texts.append(text)
        start += len(text) + len(_BETWEEN)
    return {
        "doc_id": article.doc_id,
        "path": article.path,
        **facts,
        "text": _BETWEEN.join(texts),
        "passages": spans,
    }


def _passages(article: dict[str, Any]) -> Iterator[dict[str, str]]:
    for start, end, kind, _ in article["passages"]:
        heading = "" if kind == "headline" else article["title"] or ""
        text = article["text"][start:end]
        yield {"id": f"{article['doc_id']}:{start}", "heading": heading, "text": text}


def _write_questions(folder: Path, encoder: str, texts: Sequence[str]) -> None:
    with (folder / QUESTIONS_FILE).open("w", encoding="utf-8") as stream:
        for number, text in enumerate(texts):
            _write_line(stream, {"id": str(number), "text": text, "keywords": keywords(text)})
    opened = open_encoder(encoder)
    # One at a time, as questions come.
    vectors = np.concatenate([opened.encode([text]) for text in texts])
    np.save(folder / QUESTION_VECTORS_FILE, vectors)


def _write_line(stream: TextIO, row: dict[str, Any]) -> None:
    stream.write(json.dumps(row, ensure_ascii=False) + "\n")
