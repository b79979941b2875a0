"""Raising and lowering floors, on measurements and changelogs made up here."""

import json
from pathlib import Path

import pytest

from tests.quality.floor_builders import floors, found
from tests.quality.floor_changes import (
    LowerFloorsError,
    Lowering,
    lowerings,
    renewed,
    unnamed,
    write_floors,
)
from tests.quality.floors_file import Floors, parse_floors

CHANGELOG = """# Changelog

## Unreleased

### Added

- A page.

## 1.0.0

- Quality floor lowered from 0.9: news, nDCG, to 0.2, because of a release long ago.
"""


@pytest.fixture
def changelog(tmp_path: Path) -> Path:
    path = tmp_path / "CHANGELOG.md"
    path.write_text(CHANGELOG, encoding="utf-8")
    return path


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    path = tmp_path / "floors.json"
    path.write_text(floors({"nDCG": 0.7, "answered": 0.5}).to_json(), encoding="utf-8")
    return path


def add_line(changelog: Path, line: str) -> None:
    text = changelog.read_text(encoding="utf-8")
    changelog.write_text(text.replace("- A page.\n", f"- A page.\n{line}\n"), encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "floor"),
    [(0.9, 0.85), (0.76, 0.71), (0.74, 0.7), (0.7, 0.7), (0.69, 0.64)],
)
def test_a_floor_that_is_reached_stays_or_rises_and_falls_only_when_it_is_not(
    value: float, floor: float
) -> None:
    assert renewed(floors({"nDCG": 0.7}), found({"nDCG": value})).bounds == {
        "news": {"nDCG": floor}
    }


def test_new_floors_are_of_the_reader_and_the_files_that_were_measured() -> None:
    new = renewed(floors({"nDCG": 0.7}), found({"nDCG": 0.9}, reader="large", sha256="cd"))
    assert (new.reader, new.sha256) == ("large", {"news": "cd"})


def test_lower_and_missing_floors_are_lowerings_and_higher_and_new_ones_are_not() -> None:
    old = floors({"same": 0.5, "higher": 0.5, "lower": 0.5, "gone": 0.5})
    new = floors({"same": 0.5, "higher": 0.6, "lower": 0.4, "new": 0.1}, reader="large")
    assert lowerings(old, new) == [
        Lowering("news", "lower", 0.5, 0.4),
        Lowering("news", "gone", 0.5, None),
    ]


def test_a_set_that_is_gone_is_a_lowering_of_each_of_its_floors() -> None:
    assert lowerings(floors({"nDCG": 0.7}), Floors("small", {}, {})) == [
        Lowering("news", "nDCG", 0.7, None)
    ]


TO_A_HALF = Lowering("news", "nDCG", 0.7, 0.5)
REMOVED = Lowering("news", "nDCG", 0.7, None)


def with_reason(line: str) -> str:
    return line.replace("…", "of that.")


@pytest.mark.parametrize(
    ("line", "is_named"),
    [
        ("- Quality floor lowered from 0.7: news, nDCG, to 0.5, because of that.", True),
        ("- Lower now, since it must be: news, nDCG, to 0.5.", True),
        ("- Floor lowered:\n  news,\n  nDCG, to 0.5, because of that.", True),
        ("- News, nDCG lower.", False),
        ("- Floor lowered: news, nDCG, to 0.55, because of that.", False),
        ("- Floor lowered: news, nDCG, to 0.4, and raised since.", True),
        ("- Floor lowered: news, answered, to 0.5.", False),
        ("- Floor lowered: news, nDCG, removed.", False),
        ("news, nDCG, to 0.5, but in no list", False),
    ],
)
def test_a_line_names_the_measure_and_the_floor_or_a_lower_one(
    line: str, is_named: bool, changelog: Path
) -> None:
    changelog.write_text(f"# Changelog\n\n## Unreleased\n\n{line}\n", encoding="utf-8")
    missing = unnamed([TO_A_HALF], changelog.read_text(encoding="utf-8"))
    assert missing == ([] if is_named else [TO_A_HALF])


def test_the_line_that_is_asked_for_counts_once_it_has_a_reason() -> None:
    for lowering in (TO_A_HALF, REMOVED):
        asked, reasoned = lowering.line, with_reason(lowering.line)
        assert unnamed([lowering], f"## Unreleased\n\n{asked}\n") == [lowering]
        assert unnamed([lowering], f"## Unreleased\n\n{reasoned}\n") == []
    assert unnamed([REMOVED], f"## Unreleased\n\n{with_reason(TO_A_HALF.line)}\n") == [REMOVED]


def test_a_line_of_an_earlier_release_does_not_count() -> None:
    lowering = Lowering("news", "nDCG", 0.7, 0.2)
    assert unnamed([lowering], CHANGELOG) == [lowering]


def test_the_newest_version_counts_while_unreleased_is_empty() -> None:
    lowering = Lowering("news", "nDCG", 0.7, 0.2)
    assert unnamed([lowering], CHANGELOG.replace("- A page.\n", "")) == []


def test_floors_are_raised_and_added_without_ado(pinned: Path, changelog: Path) -> None:
    measured = found({"nDCG": 0.9, "answered": 0.52, "new": 0.3}, reader="large")
    assert write_floors(measured, pinned, changelog, lower=False) == []
    written = parse_floors(pinned.read_text(encoding="utf-8"), "floors.json")
    assert written == floors({"nDCG": 0.85, "answered": 0.5, "new": 0.25}, reader="large")


def test_the_first_floors_are_written(tmp_path: Path, changelog: Path) -> None:
    path = tmp_path / "new.json"
    assert write_floors(found({"nDCG": 0.9}), path, changelog, lower=False) == []
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "format": 1,
        "reader": "small",
        "sets": {"news": {"sha256": "ab", "floors": {"nDCG": 0.85}}},
    }


def test_lowering_is_refused_without_the_flag_even_with_the_line(
    pinned: Path, changelog: Path
) -> None:
    before = pinned.read_bytes()
    add_line(changelog, "- Floor lowered: news, nDCG, to 0.55, because of that.")
    with pytest.raises(
        LowerFloorsError, match=r"^floors would .*: news, nDCG, to 0\.55\. .*--lower"
    ):
        write_floors(found({"nDCG": 0.6, "answered": 0.6}), pinned, changelog, lower=False)
    assert pinned.read_bytes() == before


def test_lowering_is_refused_without_the_line_even_with_the_flag(
    pinned: Path, changelog: Path
) -> None:
    before = pinned.read_bytes()
    with pytest.raises(LowerFloorsError, match=r"does not name floors .*: news, nDCG, to 0\.55\."):
        write_floors(found({"nDCG": 0.6, "answered": 0.6}), pinned, changelog, lower=True)
    assert pinned.read_bytes() == before


def test_the_lines_that_a_refusal_prints_let_the_next_run_pass(
    pinned: Path, changelog: Path
) -> None:
    measured = found({"nDCG": 0.6})
    with pytest.raises(LowerFloorsError, match="does not name floors") as refusal:
        write_floors(measured, pinned, changelog, lower=True)
    assert refusal.value.lines == (
        "- Quality floor lowered from 0.7: news, nDCG, to 0.55, because …",
        "- Quality floor lowered from 0.5: news, answered, removed, because …",
    )
    add_line(changelog, with_reason("\n".join(refusal.value.lines)))
    lowered = write_floors(measured, pinned, changelog, lower=True)
    assert [each.measure for each in lowered] == ["nDCG", "answered"]
    written = parse_floors(pinned.read_text(encoding="utf-8"), "floors.json")
    assert written == floors({"nDCG": 0.55})


def test_another_reader_may_not_lower_a_floor_either(pinned: Path, changelog: Path) -> None:
    measured = found({"nDCG": 0.9, "answered": 0.4}, reader="large")
    with pytest.raises(LowerFloorsError, match=r"news, answered, to 0\.35"):
        write_floors(measured, pinned, changelog, lower=False)
