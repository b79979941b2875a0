"""The rules of the public sets, on data of our own."""

from hashlib import sha256
from pathlib import Path

import pytest

from evaluation.paths import data_folder
from evaluation.public_sets.sets import SETS, EvaluationSet, choose_articles, halve, order


def ids_of(half: int, count: int) -> list[str]:
    """Return ids whose own hash puts them into a half (0: dev, 1: test)."""
    return [name for name in map(str, range(100)) if order(name) % 2 == half][:count]


EVEN, EVEN_TOO = ids_of(0, 2)
ODD, ODD_TOO = ids_of(1, 2)


def test_an_even_hash_is_development_and_an_odd_one_test() -> None:
    assert halve([(EVEN, "a?"), (ODD, "b?")], []) == {EVEN: "dev", ODD: "test"}


def test_a_repeated_question_follows_its_first_id() -> None:
    assert halve([(ODD, "a?"), (EVEN, "a?")], []) == {ODD: "test", EVEN: "test"}
    assert halve([(EVEN, "a?"), (ODD, "a?")], []) == {EVEN: "dev", ODD: "dev"}


def test_queries_come_before_extractive_questions() -> None:
    assert halve([(ODD, "a?")], [(EVEN, "a?")]) == {ODD: "test", EVEN: "test"}


def test_a_shared_id_keeps_its_half_in_both_files() -> None:
    # The id follows an earlier question in the queries; its text in the other file follows it.
    halves = halve([(ODD, "a?"), (EVEN, "a?")], [(EVEN, "b?"), (EVEN_TOO, "b?")])
    assert halves == {ODD: "test", EVEN: "test", EVEN_TOO: "test"}


def test_questions_joined_only_by_a_later_one_are_in_one_half() -> None:
    # Both texts of EVEN_TOO: else one of them would be in both halves.
    extractive = [(EVEN_TOO, "a?"), (EVEN_TOO, "b?")]
    halves = halve([(EVEN, "a?"), (ODD, "b?"), (ODD_TOO, "c?")], extractive)
    assert halves == {EVEN: "dev", ODD: "dev", EVEN_TOO: "dev", ODD_TOO: "test"}


def test_judged_articles_come_first_then_the_smallest_hashes() -> None:
    ids = [f"n{number}" for number in range(9)]
    others = sorted(ids[2:], key=lambda name: sha256(name.encode()).hexdigest())
    assert choose_articles(ids, frozenset(ids[:2]), 4) == {"n0", "n1", *others[:2]}


def test_a_choice_cannot_leave_out_judged_articles() -> None:
    with pytest.raises(ValueError, match="count must be at least the 2 judged articles, got 1"):
        choose_articles(["a", "b"], frozenset("ab"), 1)


def test_absent_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "here.tsv").touch()
    found = EvaluationSet("one", "Search", "about", ("here.tsv", "there.tsv"))
    assert found.missing(tmp_path) == ("there.tsv",)
    own = EvaluationSet("two", "Search", "about", ("here.tsv", "there.tsv"), own=True)
    assert own.missing(tmp_path / "data", repository=tmp_path) == ("there.tsv",)


def test_every_set_has_its_own_name() -> None:
    names = [found.name for found in SETS]
    assert len(names) == len(set(names))


def test_the_data_folder_is_beside_the_repository_unless_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DATELINE_EVAL_DATA", raising=False)
    assert data_folder().parts[-2:] == ("shared", "data")
    monkeypatch.setenv("DATELINE_EVAL_DATA", "elsewhere")
    assert str(data_folder()) == "elsewhere"
