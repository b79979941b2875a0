"""Values of any type become findings or nothing; a date is never guessed."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from indexer.metadata.values import (
    iso_date,
    language_finding,
    name_findings,
    url_finding,
)

CENTRAL = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2023-10-26", "2023-10-26"),
        ("2023-10", "2023-10"),
        ("2023", "2023"),
        ("20231026", "2023-10-26"),
        ("2023-10-26T20:42:05Z", "2023-10-26T20:42:05+00:00"),
        ("2023-10-26 20:42:00", "2023-10-26T20:42:00"),
        ("2023-10-26T20:42:00.123+02:00", "2023-10-26T20:42:00+02:00"),
        ("2023-10-26T00:00:00Z", "2023-10-26"),
        ("2023-10-26 00:00:00", "2023-10-26"),
        ("Thu, 26 Oct 2023 20:42:00 GMT", "2023-10-26T20:42:00+00:00"),
        ("Thu, 26 Oct 2023 20:42:00 -0500", "2023-10-26T20:42:00-05:00"),
        ("October 26, 2023", "2023-10-26"),
        ("26/10/2023", "2023-10-26"),
        (1698352920, "2023-10-26T20:42:00+00:00"),
        (1698352920000, "2023-10-26T20:42:00+00:00"),
        ("1698352920", "2023-10-26T20:42:00+00:00"),
        ("20231026204205", "2023-10-26T20:42:05"),
        (20231026204205, "2023-10-26T20:42:05"),
        (20231026.0, "2023-10-26"),
        ("20231026T204205Z", "2023-10-26T20:42:05+00:00"),
        ("20231026T2042+0200", "2023-10-26T20:42+02:00"),
        ("2023-10-26T20:42:05.000+0000", "2023-10-26T20:42:05+00:00"),
        (1698352920123456, "2023-10-26T20:42:00+00:00"),
        ("1698352920123456789", "2023-10-26T20:42:00+00:00"),
        ("/Date(1698352920000+0200)/", "2023-10-26T20:42:00+00:00"),
        ("Thu, 26 Oct 2023 20:42:00 EDT", "2023-10-26T20:42:00-04:00"),
        ("Thu, 26 Oct 2023 20:42 CEST", "2023-10-26T20:42+02:00"),
        ("October 26, 2023 8:42 p.m. PDT", "2023-10-26T20:42-07:00"),
        ("Thu, 26 Oct 2023 20:42:00 IST", "2023-10-26T20:42:00"),
        (date(2023, 10, 26), "2023-10-26"),
        (datetime(2023, 10, 26, 20, 42), "2023-10-26T20:42:00"),
        (datetime(2023, 10, 26, 20, 42, tzinfo=CENTRAL), "2023-10-26T20:42:00+02:00"),
    ],
)
def test_a_date_is_kept_to_the_precision_that_it_states(value: object, iso: str) -> None:
    assert iso_date(value) == iso


@pytest.mark.parametrize(
    "value",
    [
        *("", "soon", "03/04/2023", "9/12/19", "31 February 2023", "0000-00-00", "2023-13-01"),
        *("Updated 1 May 2023, published 2 May 2023", "99999999999999999999", "12345678"),
        *("20231026250000", "20231332204205", 20231332204205, "/Date(x)/", -float("inf")),
        *(None, True, 0, 17, -5, float("nan"), float("inf"), 1e300, [], {}, b"2023-10-26"),
        date(9999, 1, 1),
    ],
)
def test_what_is_no_certain_date_is_none(value: object) -> None:
    assert iso_date(value) is None


def test_a_date_in_the_future_is_never_accepted() -> None:
    now = datetime.now(UTC)
    assert iso_date((now - timedelta(days=2)).isoformat()) is not None
    assert iso_date((now + timedelta(days=3)).isoformat()) is None
    assert iso_date(f"{now.year + 1}") is None
    assert iso_date((now + timedelta(days=3)).timestamp()) is None


def test_an_address_is_one_of_the_web_and_nothing_else() -> None:
    found = url_finding(" https://planet.example/a?b#c ", "column url")
    assert found is not None
    assert found.value == "https://planet.example/a?b#c"
    for value in (
        "javascript:alert(1)",
        "planet.example",
        "https://a b",
        "http://" + "x" * 3000,
        7,
    ):
        assert url_finding(value, "column url") is None


def test_a_language_is_a_code() -> None:
    codes = ("en", "EN-gb", "zh_Hans", "deu", "English")
    found = [language_finding(code, "column lang") for code in codes]
    assert [finding and finding.value for finding in found] == ["en", "en", "zh", "de", "en"]
    assert language_finding("Newspeak", "column lang") is None
    assert language_finding(None, "column lang") is None


def test_names_are_kept_once_each_in_order() -> None:
    found = name_findings(["Ann  Other", None, "", "Bo", "Ann Other", "x" * 600], "byline")
    assert [finding.value for finding in found] == ["Ann Other", "Bo"]


@pytest.mark.parametrize(
    ("credit", "names"),
    [
        ("By Ann Other and Bo Sailor", ["Ann Other", "Bo Sailor"]),
        (
            "Written by: Ann Other, Bo Sailor & Cy de Vries",
            ["Ann Other", "Bo Sailor", "Cy de Vries"],
        ),
        ("Ann Other; Bo", ["Ann Other", "Bo"]),
        ("['Ann Other', \"Bo O'Hara\"]", ["Ann Other", "Bo O'Hara"]),
        ("Ann Other\nBo Sailor", ["Ann Other", "Bo Sailor"]),
        ("by ann other", ["ann other"]),
        ("Byron Smith", ["Byron Smith"]),
        ("Other, Ann", ["Other, Ann"]),
        ("Department of Health and Human Services", ["Department of Health and Human Services"]),
    ],
)
def test_a_credit_is_split_into_its_names_where_that_is_certain(
    credit: str, names: list[str]
) -> None:
    assert [finding.value for finding in name_findings([credit], "column author")] == names
