import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.encoding.model_files import DEFAULT_ENCODER
from indexer.text.analyzer import content_terms, terms
from tests.support.training_material import answer_of
from training import lookalikes as module
from training.lookalikes import K1, RANKED, B, lookalikes
from training.squad import Squad, TrainingDataError, load_squad

Rows = NDArray[np.float32]


class _Bags:
    """An honest encoder where only speed matters: unit vectors of hashed terms."""

    def __init__(self, name: str, threads: int) -> None:
        assert name.endswith("MiniLM-L6-v2")
        assert threads == 1

    def encode(
        self,
        texts: Sequence[str],
        on_batch: Callable[[Sequence[int], Rows], None] = lambda *_: None,
    ) -> Rows:
        rows = np.zeros((len(texts), 4096), dtype=np.float32)
        for row, text in enumerate(texts):
            for term in terms(text):
                rows[row, sum(map(ord, term)) * 31 % 4096] += 1
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        on_batch(range(len(texts)), rows)
        return rows


@pytest.fixture(scope="module")
def squad(folder: Path) -> Squad:
    return load_squad(folder, held_out=False)


@pytest.fixture
def bags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "open_passage_encoder", _Bags)


def _none(_count: int) -> None:
    raise AssertionError("nothing should be encoded")


def _bm25(texts: Sequence[str], question: str) -> list[float]:
    """Score texts by the formula of tantivy and Lucene, written out."""
    counts = [Counter(terms(text)) for text in texts]
    lengths = [sum(count.values()) for count in counts]
    mean = sum(lengths) / len(lengths)
    scores = [0.0] * len(texts)
    for term in content_terms(question):
        df = sum(term in count for count in counts)
        idf = math.log(1 + (len(texts) - df + 0.5) / (df + 0.5))
        for row, count in enumerate(counts):
            norm = K1 * (1 - B + B * lengths[row] / mean)
            scores[row] += idf * count[term] * (K1 + 1) / (count[term] + norm)
    return scores


def test_paragraphs_are_ranked_by_bm25(squad: Squad) -> None:
    texts = [paragraph.text for paragraph in squad.paragraphs]

    ranked = module.by_words(squad)

    assert ranked.shape == (len(squad.questions), RANKED)
    for question, row in zip(squad.questions, ranked, strict=True):
        scores = _bm25(texts, question.text)
        best = sorted(scores, reverse=True)[:RANKED]
        assert [scores[number] for number in row] == pytest.approx(best, rel=1e-5)
        assert len(set(row.tolist())) == RANKED


@pytest.mark.usefixtures("bags")
def test_paragraphs_are_ranked_by_cosine(squad: Squad) -> None:
    told: list[int] = []

    ranked = module._by_vectors(squad, 1, told.append)

    encoder = _Bags(DEFAULT_ENCODER, 1)
    scores = (
        encoder.encode([question.text for question in squad.questions])
        @ encoder.encode([paragraph.text for paragraph in squad.paragraphs]).T
    )
    for row, values in zip(ranked, scores, strict=True):
        assert values[row].tolist() == sorted(values.tolist(), reverse=True)[:RANKED]
    assert told[:2] == [len(squad.paragraphs), len(squad.questions)]


def test_many_questions_are_ranked_a_part_at_a_time(
    squad: Squad, bags: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = module._by_vectors(squad, 1, lambda _count: None)
    monkeypatch.setattr(module, "_AT_ONCE", 5)

    assert np.array_equal(module._by_vectors(squad, 1, lambda _count: None), whole)


@pytest.mark.usefixtures("bags")
def test_no_lookalike_holds_the_words_of_the_answer(squad: Squad, tmp_path: Path) -> None:
    found = lookalikes(squad, tmp_path, 1, lambda _count: None)

    assert len(found) == len(squad.questions)
    assert sum(len(numbers) for numbers in found) > RANKED * len(found)
    for place, numbers in enumerate(found):
        assert len(set(numbers)) == len(numbers)
        for number in numbers:
            assert answer_of(squad, place).lower() not in squad.paragraphs[number].text.lower()
        assert squad.questions[place].paragraph not in numbers


def test_bm25_and_the_encoder_take_turns(squad: Squad, tmp_path: Path) -> None:
    one = replace(squad, questions=squad.questions[:1])
    own = one.questions[0].paragraph
    free = [number for number in range(len(one.paragraphs)) if number != own]
    lexical = [own, *free[: RANKED - 1]]
    semantic = [free[1], free[0], *free[11 : 11 + RANKED - 2]]
    np.save(tmp_path / "bm25.npy", np.array([lexical], dtype=np.int32))
    np.save(tmp_path / "encoder.npy", np.array([semantic], dtype=np.int32))

    (found,) = lookalikes(one, tmp_path, 1, _none)

    expected = [free[1], free[0], free[11], free[2], free[12], free[3], free[13]]
    without_answer = [
        number
        for number in expected
        if answer_of(one, 0).lower() not in one.paragraphs[number].text.lower()
    ]
    assert len(without_answer) > 4
    assert found[: len(without_answer)] == without_answer


@pytest.mark.usefixtures("bags")
def test_what_was_made_is_kept_for_the_next_run(
    squad: Squad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "new" / "cache"

    made = lookalikes(squad, folder, 1, lambda _count: None)
    monkeypatch.setattr(module, "open_passage_encoder", None)

    assert lookalikes(squad, folder, 1, _none) == made
    assert sorted(path.name for path in folder.iterdir()) == ["bm25.npy", "encoder.npy"]


@pytest.mark.usefixtures("bags")
@pytest.mark.parametrize("other", ["fewer questions", "fewer paragraphs"])
def test_what_was_made_of_other_data_is_made_again(
    squad: Squad, tmp_path: Path, other: str
) -> None:
    if other == "fewer questions":
        kept = np.zeros((len(squad.questions) - 1, RANKED), dtype=np.int32)
    else:
        kept = np.full((len(squad.questions), RANKED), len(squad.paragraphs), dtype=np.int32)
    for name in ("bm25.npy", "encoder.npy"):
        np.save(tmp_path / name, kept)

    found = lookalikes(squad, tmp_path, 1, lambda _count: None)

    assert found == lookalikes(squad, tmp_path / "empty", 1, lambda _count: None)
    assert not np.array_equal(np.load(tmp_path / "bm25.npy"), kept)


def test_too_few_paragraphs_are_refused_before_anything_is_encoded(
    squad: Squad, tmp_path: Path
) -> None:
    few = replace(squad, paragraphs=squad.paragraphs[:RANKED])

    with pytest.raises(TrainingDataError, match=r"there are 12 paragraphs.*more than 12.*--data"):
        lookalikes(few, tmp_path / "cache", 1, _none)

    assert not (tmp_path / "cache").exists()
