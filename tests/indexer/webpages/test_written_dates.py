"""Days in the words of a page, with the labels that say what they are the days of."""

from datetime import date

import pytest

from indexer.webpages.declared_dates import PageDate
from indexer.webpages.tree import parse_page
from indexer.webpages.written_dates import labelled_dates, visible_text, written_days


@pytest.mark.parametrize(
    "line",
    [
        "Published on May 4, 2023",
        "Posted: 4 May 2023",
        "Veröffentlicht am 04.05.2023",
        "Erschienen am: 4. Mai 2023",
        "Publié le 4 mai 2023",
        "Dieser Artikel wurde am 4. Mai 2023 geschrieben",
    ],
)
def test_a_day_is_labelled_as_published_in_many_languages(line: str) -> None:
    assert labelled_dates(line) == [PageDate("2023-05-04", "published", "published line")]


def test_the_label_of_a_change_is_told_from_that_of_publication() -> None:
    text = "Posted: 4 May 2023. Zuletzt aktualisiert am 6. Mai 2023. Mis à jour le 7 mai 2023"
    assert [(found.role, found.iso) for found in labelled_dates(text)] == [
        ("published", "2023-05-04"), ("modified", "2023-05-06"), ("modified", "2023-05-07"),
    ]  # fmt: skip


def test_a_day_in_digits_may_be_either_when_its_day_and_month_could_be_swapped() -> None:
    (day,) = written_days("on 04/05/2023")
    assert day.may_be(date(2023, 5, 4))
    assert day.may_be(date(2023, 4, 5))
    assert not day.may_be(date(2023, 5, 5))


def test_scripts_and_the_head_are_no_visible_text() -> None:
    root = parse_page(b"<title>T</title><p>One <script>x()</script> two.</p>").root
    assert visible_text(root) == "One two."
