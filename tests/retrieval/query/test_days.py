"""Days of questions, articles and sentences."""

from datetime import date

import pytest

from indexer.text.periods import Period, relative_periods
from retrieval.query.days import in_days_of, other_date


@pytest.mark.parametrize(
    ("question", "published", "text", "expected"),
    [
        ("Who met in May 2023?", "2023-05-07", "They met.", 0),
        ("Who met in May 2023?", "2023-07-20T10:00", "They met.", 0),
        ("Who met in May 2023?", "2023-08-20", "They met.", 1),
        ("Who met in May 2023?", "2023-01-01", "They met.", 1),
        ("Who met in May 2023?", "2024-08-20", "They met on 3 May 2023.", -1),
        ("Who met in May 2023?", "2023-06-02", "They met last month.", -1),
        ("Who met in May 2023?", "2023-06-02", "They met this month.", 0),
        ("Who met on 3 May 2023?", "2023-05-04", "They met on Wednesday.", -1),
        ("Who met on 3 May 2023?", "2023-05-05", "They met yesterday.", 0),
        ("Who met on 3 May 2023?", "2023-05-09", "They met on Monday.", 1),
        ("Who met on 3 May 2023?", "2023-05-09", "They met on 3 May.", -1),
        ("Who met on May 3, 2023?", "2023-05-09", "They met this week.", 0),
        ("Who met on 3 May 2023?", "2023-05-16", "They met.", 0),
        ("Who met on 3 May 2023?", "2023-06-16", "They met.", 1),
        ("Who met on 3 May 2023?", "2024", "They met.", 1),
        ("Who met in 2023?", "2024-01-20", "They met.", 0),
        ("Who met in 2023?", "2024-06-20", "They met.", 1),
        ("Who met in 2023?", "2024-06-20", "They met in 2023 in Sel.", 0),
        ("Who met?", "2024-06-20", "They met.", 0),
        ("Who met in 2023?", None, "They met.", 0),
        ("Who met in May 2023?", None, "They met in May 2023.", -1),
        ("Who paid 2,023 crowns, or 1999.5?", "2024-06-20", "They met.", 0),
    ],
)
def test_dates_are_the_same_other_ones_or_not_told(
    question: str, published: str | None, text: str, expected: float
) -> None:
    assert other_date(question, published, text, text) == expected


def test_a_date_beside_the_sentence_is_no_other_one_and_not_its_own() -> None:
    text = "On 3 May 2023 it rained. They met."
    assert other_date("Who met on 3 May 2023?", "2024-06-16", text, "They met.") == 0


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("today", "2024-05-08", "2024-05-08"),
        ("this morning", "2024-05-08", "2024-05-08"),
        ("Yesterday", "2024-05-07", "2024-05-07"),
        ("tomorrow", "2024-05-09", "2024-05-09"),
        ("Wednesday", "2024-05-08", "2024-05-08"),
        ("Tuesday", "2024-05-07", "2024-05-07"),
        ("Thursday", "2024-05-02", "2024-05-02"),
        ("this week", "2024-05-06", "2024-05-12"),
        ("last week", "2024-04-29", "2024-05-05"),
        ("next week", "2024-05-13", "2024-05-19"),
        ("last month", "2024-04-01", "2024-04-30"),
        ("this year", "2024-01-01", "2024-12-31"),
        ("last year", "2023-01-01", "2023-12-31"),
        ("three days ago", "2024-05-05", "2024-05-05"),
        ("a week ago", "2024-04-29", "2024-05-05"),
        ("6 months ago", "2023-11-01", "2023-11-30"),
        ("3 May", "2024-05-03", "2024-05-03"),
        ("Dec. 30", "2023-12-30", "2023-12-30"),
    ],
)
def test_words_mean_days_before_or_after_the_article(words: str, first: str, last: str) -> None:
    found = list(relative_periods(f"It sank {words}.", Period.of("2024-05-08T10:00")))
    assert found[0] == (words, Period(date.fromisoformat(first), date.fromisoformat(last)))


@pytest.mark.parametrize("text", ["3 May 2023", "30 February", "May 2023", "Fridays", "weekly"])
def test_these_words_are_not_relative(text: str) -> None:
    assert list(relative_periods(f"It sank {text}.", Period.of("2024-05-08"))) == []


@pytest.mark.parametrize(
    ("text", "question", "read"),
    [
        ("It sank on Friday.", "What sank on 3 May 2024?", "What sank on Friday?"),
        (
            "It sank yesterday.",
            "What sank on May 7, 2024 off Torp?",
            "What sank yesterday off Torp?",
        ),
        ("It sank on 3 May.", "On 3 May 2024, what sank?", "on 3 May, what sank?"),
        ("It sank on Friday.", "What sank on 2 May 2024?", "What sank on 2 May 2024?"),
        ("It sank on Friday.", "What sank in May 2024?", "What sank in May 2024?"),
        ("It sank.", "What sank on 8 May 2024?", "What sank on 8 May 2024?"),
        ("It sank on Friday.", "What sank?", "What sank?"),
    ],
)
def test_a_question_is_read_with_the_words_that_a_text_has_for_its_day(
    text: str, question: str, read: str
) -> None:
    assert in_days_of(text, "2024-05-08", question) == read
    assert in_days_of(text, None, question) == question
    assert in_days_of(text, "2024-05", question) == question
