"""Floors and the file that holds them, on measurements made up here."""

import pytest

from tests.quality.floor_builders import floors, found
from tests.quality.floors_file import (
    FloorsError,
    Measured,
    parse_floors,
    questions_margin,
    shortfall,
    staleness,
)


@pytest.mark.parametrize(
    ("questions", "slips"), [(1, 1), (36, 1), (50, 1), (51, 2), (69, 2), (109, 3)]
)
def test_the_margin_is_a_question_of_every_fifty_begun(questions: int, slips: int) -> None:
    assert questions_margin(questions) == slips / questions


def test_no_questions_have_no_margin() -> None:
    assert questions_margin(0) == 0


@pytest.mark.parametrize(
    ("value", "margin", "floor"),
    [(0.75, 0.05, 0.7), (58 / 69, 2 / 69, 0.8115), (1.0, 0.0, 1.0), (0.1, 0.2, 0.0)],
)
def test_a_floor_is_what_was_measured_less_the_margin_rounded_down(
    value: float, margin: float, floor: float
) -> None:
    assert Measured(value, margin).floor == floor


def test_rounding_down_does_not_let_one_question_more_pass() -> None:
    floor = Measured(58 / 69, 2 / 69).floor
    assert 56 / 69 >= floor > 55 / 69


def test_a_value_at_its_floor_passes() -> None:
    assert shortfall(floors({"nDCG": 0.7}), found({"nDCG": 0.7}), "news", "nDCG") is None


def test_a_value_below_its_floor_is_named_with_what_to_do() -> None:
    measured = found({"nDCG": 0.69}, reader="large")
    assert shortfall(floors({"nDCG": 0.7}), measured, "news", "nDCG") == (
        "news, nDCG: found 0.6900 (reader large), the floor is 0.7 (set with reader small). Mend "
        "what made it worse (`python -m evaluation` measures one set alone). If it "
        "must be so: `make floors LOWER=--lower`, and name it under Unreleased in CHANGELOG.md"
    )


def test_a_floor_whose_measure_is_not_measured_is_not_reached() -> None:
    problem = shortfall(floors({"nDCG": 0.0}), found({}), "news", "nDCG")
    assert problem is not None
    assert problem.startswith("news, nDCG: found nothing ")


def test_a_value_that_is_no_number_reaches_no_floor() -> None:
    assert shortfall(floors({"nDCG": 0.0}), found({"nDCG": float("nan")}), "news", "nDCG")


def test_a_measure_without_a_floor_is_named() -> None:
    problem = shortfall(floors({}), found({"nDCG": 0.7}), "news", "nDCG")
    assert problem == "news, nDCG: there is no floor. Set it: make floors"


def test_floors_of_another_reader_or_other_files_are_stale() -> None:
    pinned = floors({"nDCG": 0.7})
    assert staleness(pinned, found({})) == []
    (reader,) = staleness(pinned, found({}, reader="large"))
    assert reader.startswith("the floors hold for the reader 'small', but the default is 'large'")
    (files,) = staleness(pinned, found({}, sha256="cd"))
    assert files.startswith("the files of news are not those ")


def test_floors_are_read_as_they_were_written() -> None:
    pinned = floors({"nDCG": 0.7, "answered": 0.5})
    assert parse_floors(pinned.to_json(), "floors.json") == pinned


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": 1}',
        '{"format": 1, "reader": "small", "sets": {"news": {"floors": {}}}}',
        '{"format": 1, "reader": "small", "sets": {"news": {"sha256": "", "floors": {"a": "b"}}}}',
        '{"format": 1, "reader": "small", "sets": {"news": {"sha256": "", "floors": {"a": 70}}}}',
    ],
)
def test_a_file_without_floors_is_refused(text: str) -> None:
    with pytest.raises(FloorsError, match=r"floors\.json holds no floors \(.*Restore it from git"):
        parse_floors(text, "floors.json")


def test_a_file_of_another_format_is_refused() -> None:
    with pytest.raises(FloorsError, match=r"floors\.json has format 2; this version reads 1"):
        parse_floors('{"format": 2}', "floors.json")
