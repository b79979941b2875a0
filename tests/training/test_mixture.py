from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from tests.support.reader_sets import write_reader_sets
from tests.support.training_material import TOWNS, material_of, write_all
from training import mixture as module
from training.material import Example
from training.mixture import SHARES, Mixture
from training.reader_data import held_out
from training.squad import TrainingDataError


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reader_sets(write_all(tmp_path_factory.mktemp("mixture")))


@pytest.fixture(scope="module", autouse=True)
def few_documents() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.reader_data.HELD_OUT_DOCUMENTS", 4)
        patch.setattr("training.squad.HELD_OUT_ARTICLES", 3)
        yield


@pytest.fixture(scope="module")
def mixture(sets: Path, few_documents: object, tmp_path_factory: pytest.TempPathFactory) -> Mixture:
    return Mixture(sets, material_of(sets), tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def many(mixture: Mixture) -> list[Example]:
    return list(islice(mixture.examples(0), 6_000))


def test_the_shares_are_of_all() -> None:
    assert sum(SHARES.values()) == pytest.approx(1)
    assert 0.35 <= SHARES["squad"] <= 0.4
    assert SHARES["roles"] + SHARES["role_twins"] == pytest.approx(0.1)


def test_each_source_gives_its_share_of_characters(
    mixture: Mixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: Counter[str] = Counter()

    def counted(name: str, turn: module.Turn) -> module.Turn:
        def counting(number: int) -> Iterator[Example]:
            for example in turn(number):
                yield example
                # Reached when the next one is asked for, so the last one is not counted.
                given[name] += len(example.question) + len(example.title) + len(example.passage)

        return counting

    turns = {name: counted(name, turn) for name, turn in mixture._turns.items()}
    monkeypatch.setattr(mixture, "_turns", turns)
    list(islice(mixture.examples(0), 8_000))

    whole = sum(given.values())
    for name, share in SHARES.items():
        assert given[name] / whole == pytest.approx(share, abs=0.01)


def test_the_same_epoch_gives_the_same_stream(mixture: Mixture, many: list[Example]) -> None:
    assert list(islice(mixture.examples(0), 500)) == many[:500]
    assert list(islice(mixture.examples(1), 500)) != many[:500]


def test_about_half_of_the_examples_are_answered(many: list[Example]) -> None:
    answered = sum(example.answer is not None for example in many)

    assert 0.4 < answered / len(many) < 0.6
    for example in many:
        if example.answer is not None:
            assert example.answer.slice(example.passage).strip()
            assert example.relevant


def test_nothing_held_out_is_in_the_stream(sets: Path, many: list[Example]) -> None:
    kept = held_out(sets)
    assert len(kept.documents) == 4
    numbers = {int(name.rpartition(":")[2]) - 9000 for name in kept.documents}
    towns = [TOWNS.index(title.removeprefix("History of ")) for title in kept.titles]

    text = " ".join(example.passage for example in many)
    assert not any(f"in hall {number}." in text for number in numbers)
    assert len(towns) == 3
    assert not any(f"a road of {2_150 + 31 * town:,} stones" in text for town in towns)


def test_a_source_that_is_all_held_out_is_named(
    mixture: Mixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = {**mixture._turns, "gaps": lambda _: iter(())}
    monkeypatch.setattr(mixture, "_turns", turns)

    with pytest.raises(TrainingDataError, match=r"^the source gaps has no questions left"):
        list(islice(mixture.examples(0), 200))
