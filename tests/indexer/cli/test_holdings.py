"""What an index holds is counted by outlet, month and language, and the unknown is told too."""

import io
import json
from pathlib import Path

import pytest

from indexer.cli.holdings import (
    Holding,
    Holdings,
    holdings_json,
    holdings_of,
    print_holdings,
    read_holdings,
    write_plot,
)
from indexer.errors import PlotError
from tests.support.builders import entry, write_index

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    place = tmp_path / "index"
    write_index(
        place,
        [
            entry("a.txt", "One.\nTwo.", source="The Post", published="2023-10-26T20:42"),
            entry("b.txt", "Three.", source="The Post", published="2023-10", language="de"),
            entry("c.txt", "Four.", source="The Mail", published="2023", language="en"),
            entry("d.txt", "Five.", source="The Sun", published="2024-01-02", language="de"),
            entry("e.txt", "Six."),
        ],
    )
    return place


def rows_of(holdings: Holdings) -> list[tuple[str | None, int, int, int]]:
    return [(row.value, row.documents, row.passages, row.characters) for row in holdings.rows]


def test_outlets_come_the_largest_first_and_the_unknown_last(index: Path) -> None:
    found = read_holdings(index, "source", 20)
    assert [(row.value, row.documents) for row in found.rows] == [
        ("The Post", 2),
        ("The Mail", 1),
        ("The Sun", 1),
        (None, 1),
    ]
    assert found.others is None


def test_articles_passages_and_their_characters_are_counted(index: Path) -> None:
    found = read_holdings(index, "language", 20)
    rows = {row.value: row for row in found.rows}
    assert rows["de"] == Holding("de", 2, 2, len("Three.") + len("Five."))
    assert rows["en"] == Holding("en", 1, 1, len("Four."))
    assert rows[None].documents == 2
    assert found.total.documents == 5
    assert found.total.passages == sum(row.passages for row in found.rows)
    assert found.total.characters == sum(row.characters for row in found.rows)


def test_months_come_in_order_and_a_year_alone_before_its_months(index: Path) -> None:
    found = read_holdings(index, "month", 120)
    assert [(row.value, row.documents) for row in found.rows] == [
        ("2023", 1),
        ("2023-10", 2),
        ("2024-01", 1),
        (None, 1),
    ]


def test_what_is_beyond_the_top_is_one_row_and_the_unknown_stays(index: Path) -> None:
    found = read_holdings(index, "source", 1)
    assert [row.value for row in found.rows] == ["The Post", None]
    assert (found.others_count, found.others and found.others.documents) == (2, 2)
    assert [name for name, _ in found.labelled()] == ["The Post", "2 others", "unknown"]


def test_the_top_months_are_the_largest_and_shown_in_order() -> None:
    rows = [Holding("2023-01", 5, 5, 5), Holding("2023-02", 1, 1, 1), Holding("2022-12", 9, 9, 9)]
    found = holdings_of(rows, "month", 2)
    assert [row.value for row in found.rows] == ["2022-12", "2023-01"]
    assert found.others == Holding(None, 1, 1, 1)


def test_a_pipe_gets_a_plain_table_and_names_are_never_markup() -> None:
    hostile = "[bold]Post[/bold] \x1b[31m" + "x" * 300
    stream = io.StringIO()
    print_holdings(holdings_of([Holding(hostile, 1234, 2, 3)], "source", 20), stream)
    lines = stream.getvalue().splitlines()
    assert lines[0].split() == ["source", "articles", "passages", "characters"]
    assert "[bold]Post[/bold]" in lines[1]
    assert "\x1b" not in stream.getvalue()
    assert lines[1].split()[-3:] == ["1,234", "2", "3"]
    assert "x" * 300 in lines[1]
    assert lines[2].split() == ["all", "1,234", "2", "3"]
    assert "█" not in stream.getvalue()


def test_a_terminal_gets_bars_as_long_as_the_share_of_the_largest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    stream = io.StringIO()
    rows = [Holding("de", 30, 1, 1), Holding("en", 10, 1, 1), Holding(None, 0, 0, 0)]
    print_holdings(holdings_of(rows, "language", 20), stream)
    assert [line.count("█") for line in stream.getvalue().splitlines()] == [0, 30, 10, 0, 0]
    assert "German (de)" in stream.getvalue()


def test_json_has_every_number_and_null_for_the_unknown(index: Path) -> None:
    found = json.loads(holdings_json(read_holdings(index, "source", 1)))
    assert found["by"] == "source"
    assert found["rows"][1]["value"] is None
    assert found["others_count"] == 2
    assert found["others"] == {"documents": 2, "passages": 2, "characters": 10}
    assert found["total"]["documents"] == 5


def months(count: int) -> Holdings:
    rows = [Holding(f"{2000 + n // 12}-{n % 12 + 1:02d}", n + 1, 1, 1) for n in range(count)]
    return holdings_of([*rows, Holding(None, 7, 7, 7)], "month", 120)


@pytest.mark.parametrize("by", ["source", "month", "language"])
@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_a_plot_has_the_same_bytes_every_time(
    index: Path, tmp_path: Path, by: str, suffix: str
) -> None:
    assert by in ("source", "month", "language")
    holdings = read_holdings(index, by, 20)  # type: ignore[arg-type] # checked above
    first, second = tmp_path / f"first{suffix}", tmp_path / f"second{suffix}"
    write_plot(holdings, first)
    write_plot(holdings, second)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(PNG if suffix == ".png" else b"<?xml")


def test_a_plot_names_its_axes_and_title(tmp_path: Path) -> None:
    write_plot(months(60), tmp_path / "months.svg")
    drawn = (tmp_path / "months.svg").read_text(encoding="utf-8")
    assert "1,837 articles by month of publication" in drawn
    assert ">month of publication<" in drawn
    assert ">articles<" in drawn


def test_every_month_of_a_plot_is_named(tmp_path: Path) -> None:
    write_plot(months(60), tmp_path / "months.svg")
    drawn = (tmp_path / "months.svg").read_text(encoding="utf-8")
    named = [f"{2000 + n // 12}-{n % 12 + 1:02d}" for n in range(60)]
    assert [name for name in named if f">{name}<" not in drawn] == []
    assert ">unknown<" in drawn


def test_names_of_outlets_are_drawn_as_they_are(tmp_path: Path) -> None:
    rows = [Holding("$\\frac{1}{0}$ <b>&", 2, 1, 1), Holding("香港日報", 1, 1, 1)]
    write_plot(holdings_of([*rows, Holding("x" * 90, 1, 1, 1)], "source", 20), tmp_path / "a.svg")
    drawn = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "$\\frac{1}{0}$ &lt;b&gt;&amp;" in drawn
    assert f"{'x' * 39}…" in drawn
    assert "香港日報" in drawn


def test_another_ending_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(PlotError, match=r"unsupported ending '\.pdf'\. Use \.png or \.svg"):
        write_plot(months(3), tmp_path / "months.pdf")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlotError, match=r"^Cannot write .*: No such file or directory"):
        write_plot(months(3), tmp_path / "nowhere" / "months.svg")
