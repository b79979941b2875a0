"""Are the answers over the five articles as good as they were? Floors, and the known question.

A floor may be raised. Lowering one needs its reason in the changelog.
"""

import pytest

from retrieval import SearchEngine
from retrieval.evaluation import Report, evaluate, load_questions
from tests.commands import QUESTION, REPOSITORY, SEEDS

# What the US asked, as each article says it; another wording of the same fact counts too.
REQUESTS = {
    "000_ea7539c17dd2a708.txt": ("US Asks Iran to Urge Hamas", "has called on Iran to convince"),
    "002_28ca8b3639213b9e.txt": (
        "Washington has asked Iran and resistance groups to show restraint",
    ),
    "004_4110ac0129b996c5.txt": (
        "US tells allies to press Iran to avoid escalation",
        "press Tehran for restraint",
        "should press Iran to take de-escalatory steps",
    ),
}


@pytest.fixture(scope="module")
def report(engine: SearchEngine) -> Report:
    questions = load_questions(REPOSITORY / "tests" / "quality" / "seed_questions.jsonl")
    return evaluate(engine, questions, SEEDS)


@pytest.mark.parametrize("path", REQUESTS)
def test_each_request_of_the_us_is_among_the_first_five_quotes(
    path: str, engine: SearchEngine
) -> None:
    answer = engine.answer(QUESTION)
    assert answer.state == "answered"
    quoted = [quote.citation.quote for quote in answer.quotes if quote.citation.path == path]
    assert any(words in quote for words in REQUESTS[path] for quote in quoted)


def test_every_quote_is_in_its_file_at_its_span(report: Report) -> None:
    assert report.citations.total > 0
    assert report.invalid_citations == ()


# Two below what was measured (58, 20, 15 of 20; 29), since processors round differently.


def test_gold_passages_are_still_found(report: Report) -> None:
    assert report.answerable.recall.total == 69
    assert report.answerable.recall.count >= 56


def test_answerable_questions_are_still_answered_and_rightly(report: Report) -> None:
    assert report.answerable.answered.count >= 18
    first = report.answerable.first_quote
    assert first.count / first.total >= 0.65


def test_unanswerable_questions_are_still_not_answered(report: Report) -> None:
    assert report.unanswerable.not_answered.total == 36
    assert report.unanswerable.not_answered.count >= 27


@pytest.mark.parametrize("kind", ["same_people", "boilerplate"])
def test_no_answer_is_made_of_boilerplate_or_of_the_same_people(kind: str, report: Report) -> None:
    (summary,) = [row for row in report.by_kind if row.name == kind]
    assert summary.not_answered.count == summary.not_answered.total > 0
