import pytest

from indexer.text.bylines import credited_names, is_byline


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("BY JANE DOE", ["JANE DOE"]),
        ("By Jane Doe and John Q. Roe, Staff Writers", ["Jane Doe", "John Q. Roe"]),
        ("By Jane Doe, John Roe & Ann van der Berg", ["Jane Doe", "John Roe", "Ann van der Berg"]),
        ("Written by Zoë O’Neill | October 26, 2023", ["Zoë O’Neill"]),
        ("By Jean-Luc al-Masri for The Example", ["Jean-Luc al-Masri"]),
        ("By Jane Doe December 6, 2017", ["Jane Doe"]),
        ("By Otto P.R. Lind and J.R.R. Roe", ["Otto P.R. Lind", "J.R.R. Roe"]),
        ('By Ann "Nan" Other', ['Ann "Nan" Other']),
        ("By Example News Agency", []),
        ("By AFP", []),
        ("By Friday the bridge was closed", []),
        ("By Jane Doe's Account the Bridge Was Safe", []),
        ("Stand By Me Jane Doe", []),
    ],
)
def test_a_byline_credits_its_people(byline: str, names: list[str]) -> None:
    credited = credited_names(byline)
    assert [credit.name for credit in credited] == names
    assert [byline[credit.start : credit.end] for credit in credited] == names


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Jane Doe and John Roe", True),
        ("By AFP", True),
        ("By Example News Agency", True),
        ("By Friday the bridge was closed", False),
        ("Jane Doe", False),
        ("By " + "Jane Doe, " * 20, False),
    ],
)
def test_a_credit_is_a_line_by_people_or_an_agency(line: str, expected: bool) -> None:
    assert is_byline(line) is expected
