"""Which article a notice corrects, and when none is linked."""

import pytest

from indexer.corrections.links import Article, days_of, find_corrected, subject_of
from indexer.corrections.notices import Notice

SAID = "An article on Monday about the fire at Lorne harbour misstated the number of dead."
FIX = Article("f" * 16, "Correction", "The Courier", "2023-05-03", (SAID, "It is 21."))
NOTICE = Notice("notice", FIX.sentences)


def article(name: str, published: str | None, *sentences: str) -> Article:
    return Article(name * 16, "Fire at Lorne harbour", "The Courier", published, sentences)


def found(notice: Notice, *proposed: Article) -> str | None:
    subject = subject_of(notice, FIX)
    corrected = find_corrected(notice, subject, FIX, proposed) if subject else None
    return corrected.doc_id[0] if corrected else None


def test_the_day_decides_between_articles_on_one_subject() -> None:
    monday = article("a", "2023-05-01", "The fire killed many.")
    earlier = article("b", "2023-04-10", "The fire killed many.")
    assert found(NOTICE, earlier, monday) == "a"
    assert found(NOTICE, earlier) is None


def test_of_two_articles_that_fit_alike_none_is_linked() -> None:
    one, two = (article(name, "2023-05-01", "The fire killed many.") for name in "ab")
    assert found(NOTICE, one, two) is None


def test_a_withdrawn_figure_must_stand_in_the_article_be_it_as_a_word() -> None:
    said = "An article on Monday about the fire at Lorne harbour wrongly said 12 people had died."
    notice = Notice("notice", (said, "It is 21."))
    assert found(notice, article("a", "2023-05-01", "Twelve people died.")) == "a"
    assert found(notice, article("a", "2023-05-01", "Nine people died.")) is None


def test_words_deep_in_a_long_article_on_many_subjects_do_not_count() -> None:
    others = [f"Story {number} is about something else." for number in range(30)]
    roundup = Article("a" * 16, "The week", "The Courier", "2023-05-01", (*others, SAID))
    assert found(NOTICE, roundup) is None


def test_an_item_of_a_list_needs_a_day_or_a_title() -> None:
    undated = "A story about the fire at Lorne harbour misstated the number of dead."
    assert subject_of(Notice("notice", (undated,), in_list=True), FIX) is None
    titled = "The article “Fire at Lorne harbour” misstated the number of dead."
    notice = Notice("notice", (titled,), in_list=True)
    assert found(notice, article("a", "2023-01-01", "The fire killed many.")) == "a"


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2023-05-03", ("2023-04-30", "2023-05-02")),
        ("2023", ("2021-11-27", "2023-12-31")),
        ("0001-01-02", ("0001-01-01", "0001-01-02")),
        (None, ("0001-01-01", "9999-12-31")),
    ],
)
def test_a_corrected_article_was_published_before_its_correction(
    published: str | None, expected: tuple[str, str]
) -> None:
    fix = Article("f" * 16, "Correction", "The Courier", published, FIX.sentences)
    subject = subject_of(NOTICE, fix)
    assert subject is not None
    assert days_of(NOTICE, subject, fix) == expected
