"""Paragraphs that look as if they answered a question, but lack the words of its answer.

BM25 or the encoder rank them high. They are cached, since the encoder needs minutes.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from indexer.encoding.model_files import DEFAULT_ENCODER
from indexer.encoding.passage_encoder import open_passage_encoder
from indexer.store import Embeddings
from indexer.text.analyzer import content_terms, terms
from training.squad import Squad, TrainingDataError

K1, B = 1.2, 0.75
RANKED = 12
_AT_ONCE = 1024

Numbers = NDArray[np.int32]


def lookalikes(
    squad: Squad, cache: Path, threads: int, advance: Callable[[int], None]
) -> list[list[int]]:
    """Return, for each question, numbers of paragraphs without its answer, the best first.

    Those of BM25 and of the encoder take turns. `advance` is told about encoded texts.

    Raises:
        TrainingDataError: when there are too few paragraphs to rank.
    """
    if len(squad.paragraphs) <= RANKED:
        raise TrainingDataError(
            f"there are {len(squad.paragraphs)} paragraphs to train on; expected more than "
            f"{RANKED}, so that some can be ranked before others. Give more articles with --data"
        )
    cache.mkdir(parents=True, exist_ok=True)
    lexical = kept(cache / "bm25.npy", squad, lambda: by_words(squad))
    semantic = kept(cache / "encoder.npy", squad, lambda: _by_vectors(squad, threads, advance))
    found = []
    lowered = [paragraph.text.lower() for paragraph in squad.paragraphs]
    for question, *ranked in zip(squad.questions, lexical, semantic, strict=True):
        answer = question.answer.slice(squad.paragraphs[question.paragraph].text).lower()
        mixed = dict.fromkeys(int(number) for pair in zip(*ranked, strict=True) for number in pair)
        found.append([number for number in mixed if answer not in lowered[number]])
    return found


def kept(path: Path, squad: Squad, make: Callable[[], Numbers]) -> Numbers:
    """Return what was made before of as many questions and paragraphs, or make it."""
    if path.exists():
        kept: Numbers = np.load(path, allow_pickle=False)
        if kept.shape == (len(squad.questions), RANKED) and kept.max(initial=0) < len(
            squad.paragraphs
        ):
            return kept
    made = make()
    unfinished = path.with_suffix(".unfinished.npy")
    np.save(unfinished, made)
    unfinished.replace(path)
    return made


def by_words(squad: Squad) -> Numbers:
    """Rank the paragraphs by BM25; shape (questions, RANKED)."""
    vectorizer = CountVectorizer(analyzer=terms)
    counts = vectorizer.fit_transform(paragraph.text for paragraph in squad.paragraphs).tocsc()
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    df = np.diff(counts.indptr)
    idf = np.log1p((len(lengths) - df + 0.5) / (df + 0.5))
    norm = K1 * (1 - B + B * lengths / lengths.mean())
    tf = counts.data.astype(np.float32)
    counts.data = tf * (K1 + 1) / (tf + norm[counts.indices]) * np.repeat(idf, df)
    columns = vectorizer.vocabulary_
    ranked = np.zeros((len(squad.questions), RANKED), dtype=np.int32)
    for row, question in enumerate(squad.questions):
        known = [columns[term] for term in content_terms(question.text) if term in columns]
        scores = np.asarray(counts[:, known].sum(axis=1)).ravel()
        ranked[row] = _best(scores)
    return ranked


def _by_vectors(squad: Squad, threads: int, advance: Callable[[int], None]) -> Numbers:
    """Rank the paragraphs by the bundled encoder; shape (questions, RANKED)."""
    encoder = open_passage_encoder(DEFAULT_ENCODER, threads)

    def finished(batch: Sequence[int], _: Embeddings) -> None:
        advance(len(batch))

    paragraphs = encoder.encode([paragraph.text for paragraph in squad.paragraphs], finished)
    questions = encoder.encode([question.text for question in squad.questions], finished)
    ranked: list[Numbers] = []
    for start in range(0, len(questions), _AT_ONCE):
        scores = questions[start : start + _AT_ONCE] @ paragraphs.T
        ranked.extend(_best(row) for row in scores)
    return np.array(ranked, dtype=np.int32)


def _best(scores: Sequence[float] | NDArray[np.float32]) -> Numbers:
    """Return the numbers of the best scores, best first; ties in order."""
    array = np.asarray(scores)
    likely = np.argpartition(-array, RANKED)[:RANKED]
    return likely[np.lexsort((likely, -array[likely]))].astype(np.int32)
