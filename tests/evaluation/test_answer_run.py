"""Worth of answers made by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.answer_run import (
    AnswerOutcome,
    answer_queries,
    judge_answer,
    summarise_answers,
)
from evaluation.collection import CollectionQuery
from evaluation.intervals import estimate
from evaluation.question_report import Ratio
from indexer.documents import Span
from retrieval.answering.answers import Answer, Context, Quote, State
from retrieval.answering.citations import cite
from tests.support.answer_builders import ARTICLES, DOCUMENTS, answer_with, quote

WHEN = CollectionQuery("when", "When did it sink?", ("Monday", "on Monday"))


def highlighted(path: str, words: str, highlight: str, score: float = 0.9) -> Quote:
    start = ARTICLES[path].index(words)
    inside = start + words.index(highlight)
    citation = cite(
        DOCUMENTS[path],
        Span(start, start + len(words)),
        Span(inside, inside + len(highlight)),
        "same",
    )
    return Quote(citation, score, Context("", ""))


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    for path, text in ARTICLES.items():
        (tmp_path / path).write_bytes(text.encode())
    return tmp_path


def judged(answer: Answer, articles: Path, query: CollectionQuery = WHEN) -> AnswerOutcome:
    return judge_answer(query, answer, articles, 5.0)


def test_the_highlight_of_the_first_quote_is_judged(articles: Path) -> None:
    first = highlighted("ferry.txt", "The ferry sank on Monday.", "sank on Monday", 0.7)
    outcome = judged(answer_with((), (first, quote("port.txt", "The port was shut."))), articles)
    assert outcome.exact == 0.0
    assert outcome.f1 == pytest.approx(0.8), "3 words given, 2 of 'on Monday'"
    assert (outcome.right, outcome.score) == (True, 0.7)
    assert (outcome.quotes, outcome.holding, outcome.documents) == (2, 1, 2)
    assert outcome.invalid == ()


def test_a_right_quote_after_a_wrong_one_does_not_make_the_first_right(articles: Path) -> None:
    wrong = highlighted("port.txt", "The port was shut.", "shut")
    right = highlighted("ferry.txt", "The ferry sank on Monday.", "Monday")
    outcome = judged(answer_with((), (wrong, right)), articles)
    assert (outcome.exact, outcome.f1, outcome.right, outcome.holding) == (0.0, 0.0, False, 1)


def test_what_is_not_answered_scores_nothing(articles: Path) -> None:
    outcome = judged(answer_with(("ferry.txt",), state="not_found"), articles)
    assert (outcome.exact, outcome.f1, outcome.right, outcome.score) == (0.0, 0.0, False, 0.0)
    assert (outcome.state, outcome.quotes) == ("not_found", 0)


def test_what_is_only_possible_scores_nothing_but_its_citations_are_checked(
    articles: Path,
) -> None:
    right = replace(
        highlighted("ferry.txt", "The ferry sank on Monday.", "Monday"), confirmed=False
    )
    outcome = judged(answer_with((), (right,)), articles)
    assert (outcome.exact, outcome.f1, outcome.right, outcome.score) == (0.0, 0.0, False, 0.0)
    assert (outcome.state, outcome.quotes, outcome.cited) == ("possible", 0, 1)
    (articles / "ferry.txt").unlink()
    (problem,) = judged(answer_with((), (right,)), articles).invalid
    assert problem.startswith("when: ferry.txt cannot be read")
    summary = summarise_answers([outcome])
    assert (summary.states["answered"], summary.states["possible"]) == (0, 1)
    assert (summary.first_right, summary.quote_precision) == (Ratio(0, 0), Ratio(0, 0))
    assert (summary.citations, summary.scores) == (Ratio(1, 1), None)


def test_an_unconfirmed_quote_of_an_answer_is_not_judged(articles: Path) -> None:
    wrong = highlighted("port.txt", "The port was shut.", "shut", 0.6)
    right = replace(
        highlighted("ferry.txt", "The ferry sank on Monday.", "Monday", 0.3), confirmed=False
    )
    outcome = judged(answer_with((), (wrong, right)), articles)
    assert (outcome.quotes, outcome.holding, outcome.documents, outcome.cited) == (1, 0, 1, 2)


def test_a_quote_that_is_not_in_its_file_is_named(articles: Path) -> None:
    (articles / "port.txt").write_text("The port is open.", encoding="utf-8")
    quotes = (quote("ferry.txt", "Nobody was hurt."), quote("port.txt", "The port was shut."))
    outcome = judged(answer_with((), quotes), articles)
    assert outcome.invalid == (
        'when: port.txt 0-18 holds "The port is open.", not "The port was shut."',
    )


def outcome(name: str, f1: float, *, right: bool, score: float, quotes: int = 1) -> AnswerOutcome:
    state: State = "answered" if quotes else "related"
    counts = (quotes, int(right), quotes, quotes)
    return AnswerOutcome(name, state, float(f1 == 1), f1, right, score, *counts, (), 10 * f1)


def test_the_summary_counts_unanswered_questions_as_wrong() -> None:
    outcomes = [
        outcome("a", 1.0, right=True, score=0.9, quotes=3),
        outcome("b", 0.5, right=True, score=0.6),
        outcome("c", 0.0, right=False, score=0.7),
        outcome("d", 0.0, right=False, score=0.0, quotes=0),
    ]
    summary = summarise_answers(outcomes)
    assert summary.questions == 4
    assert summary.states == {"answered": 3, "possible": 0, "related": 1, "not_found": 0}
    assert summary.exact == estimate([1, 0, 0, 0])
    assert summary.f1 == estimate([1, 0.5, 0, 0])
    assert summary.first_right == Ratio(2, 3)
    assert summary.quote_precision == Ratio(2, 5)
    assert summary.citations == Ratio(5, 5)
    assert summary.documents == pytest.approx(5 / 3)
    assert summary.median_ms == 2.5
    assert summary.p95_ms == pytest.approx(9.25)
    assert summary.scores is not None
    assert summary.scores.auroc == 0.5
    assert summary.scores.aurc == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert summary.scores.calibration_error == pytest.approx((0.1 + 0.4 + 0.7) / 3)


def test_scores_say_nothing_where_all_is_right_or_nothing_answered() -> None:
    right = summarise_answers([outcome("a", 1.0, right=True, score=0.9)])
    silent = summarise_answers([outcome("a", 0.0, right=False, score=0.0, quotes=0)])
    assert right.scores is not None
    assert right.scores.auroc is None
    assert (silent.scores, silent.documents) == (None, None)
    assert str(silent.citations) == "-"


def test_no_outcomes_are_refused() -> None:
    with pytest.raises(ValueError, match="outcomes must hold at least one question, got none"):
        summarise_answers([])


class Prepared:
    """Answers everything alike, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, int]] = []

    def answer(self, question: str, *, max_quotes: int, k: int, collapse: bool) -> Answer:
        self.asked.append((question, max_quotes, k))
        return answer_with((), (highlighted("ferry.txt", "The ferry sank on Monday.", "Monday"),))


def test_only_questions_with_known_answers_are_asked_as_plain_text(articles: Path) -> None:
    engine = Prepared()
    queries = [CollectionQuery("a", 'When "did" it?', ("monday",)), CollectionQuery("b", "Who?")]
    (outcome,) = answer_queries(engine, queries, articles)
    assert engine.asked == [("When  did  it?", 5, 10)]
    assert (outcome.query_id, outcome.exact) == ("a", 1.0)
    assert outcome.milliseconds > 0
