from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.reader_sets import write_reader_sets
from tests.support.training_material import TOWNS, write_all
from training.compare import format_table
from training.development import Scored
from training.held_out_sets import HeldOutSets, auroc
from training.material import Example
from training.reader_data import HELD_OUT_DOCUMENTS, held_out, load_rows


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reader_sets(write_all(tmp_path_factory.mktemp("held-out")))


def _all_knowing(examples: Sequence[Example]) -> list[Scored]:
    return [Scored(0.0, 1.0 if example.answer else -1.0, 0, 0) for example in examples]


def _guessing(examples: Sequence[Example]) -> list[Scored]:
    return [Scored(0.0, 0.0, 0, 0) for _ in examples]


def _quote(example: Example, _: Scored) -> str:
    return example.answer.slice(example.passage) if example.answer else ""


def test_a_reader_that_knows_everything_has_every_measure(sets: Path) -> None:
    found = HeldOutSets(sets).measure(_all_knowing, _quote)

    assert set(found.values()) == {1.0}
    assert {"squad2_auroc", "roles_right_higher", "qamr_f1", "news_auroc"} <= found.keys()


def test_a_reader_that_guesses_tells_nothing_apart(sets: Path) -> None:
    found = HeldOutSets(sets).measure(_guessing, lambda *_: "nothing of it")

    assert {found[f"{name}_auroc"] for name in ("squad2", "roles", "news")} == {0.5}
    assert found["roles_right_higher"] == 0
    assert found["qamr_f1"] == 0


def test_a_shorter_measure_takes_the_first_of_each_set(sets: Path) -> None:
    seen: list[Example] = []
    found = {}
    for most in (None, 2):
        measured = HeldOutSets(sets, most)

        def scorer(examples: Sequence[Example]) -> list[Scored]:
            seen.extend(examples)
            return _all_knowing(examples)

        measured.measure(scorer, _quote)
        found[most] = (measured.sizes, [example.question for example in seen])
        seen.clear()

    whole, short = found[None], found[2]
    assert short[0] == {name: min(2, size) for name, size in whole[0].items()}
    assert max(whole[0].values()) > 2
    assert set(short[1]) < set(whole[1])


def test_only_what_is_held_out_is_measured(sets: Path) -> None:
    seen: list[Example] = []

    def scorer(examples: Sequence[Example]) -> list[Scored]:
        seen.extend(examples)
        return _all_knowing(examples)

    measured = HeldOutSets(sets)
    measured.measure(scorer, _quote)

    kept = held_out(sets)
    trained = [row for row in load_rows(sets, "qamr") if row.document not in kept.documents]
    assert trained
    assert not {row.question for row in trained} & {example.question for example in seen}
    assert measured.sizes["roles"] == HELD_OUT_DOCUMENTS - _beyond_the_towns(sets)
    assert measured.sizes["news"] > 0


def _beyond_the_towns(sets: Path) -> int:
    numbers = [int(name.rpartition(":")[2]) - 9000 for name in held_out(sets).documents]
    return sum(number >= len(TOWNS) for number in numbers)


def test_ties_count_half() -> None:
    right = [Scored(0.0, 2.0, 0, 0), Scored(0.0, 1.0, 0, 0)]
    wrong = [Scored(0.0, 1.0, 0, 0), Scored(0.0, 0.0, 0, 0)]

    assert auroc(right, wrong, lambda scored: scored.margin) == pytest.approx(3.5 / 4)


def test_models_stand_side_by_side() -> None:
    table = format_table({"old": {"f1": 0.5}, "new": {"f1": 0.6251}}, {"qamr": 40, "news": 7})

    assert table == (
        "| measure | old | new |\n|---|---|---|\n| f1 | 0.500 | 0.625 |\n\n"
        "Held-out examples or pairs: qamr 40, news 7.\n"
    )
