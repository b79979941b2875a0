"""Answers against gold words, and the report on them."""

import json
from pathlib import Path

import pytest

from evaluation.question_report import Ratio, Report, evaluate, judge, render, summarise, to_json
from retrieval.answering.answers import Answer
from tests.support.answer_builders import (
    ARTICLES,
    SANK,
    SHUT,
    answer_with,
    asked,
    quote,
    unanswerable,
)


class PreparedAnswers:
    """Returns the answer prepared for each question, and notes the limits it was asked with."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = answers
        self.limits: set[tuple[int, int]] = set()

    def answer(self, question: str, *, max_quotes: int, k: int, collapse: bool) -> Answer:
        self.limits.add((max_quotes, k))
        return self.answers[question]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for path, text in ARTICLES.items():
        (folder / path).write_bytes(text.encode())
    return folder


@pytest.fixture
def report(corpus: Path) -> Report:
    """Four answerable questions, two unanswerable ones; what each measure gives is in the tests."""
    engine = PreparedAnswers(
        {
            "right": answer_with(
                ("ferry.txt",), (quote("ferry.txt", "The ferry sank on Monday."),)
            ),
            "second": answer_with(
                ("port.txt", "ferry.txt"),
                (
                    quote("port.txt", "Two ships waited outside."),
                    quote("port.txt", "port was shut"),
                ),
            ),
            "missed": answer_with(("copy.txt",), (quote("copy.txt", "Divers are at work."),)),
            "silent": answer_with(("ferry.txt",)),
            "fooled": answer_with(("port.txt",), (quote("port.txt", "The port was shut."),)),
            "refused": answer_with(("port.txt",), state="not_found"),
        }
    )
    questions = (
        asked(SANK, name="right"),
        asked(SHUT, name="second", kind="what"),
        asked(SANK, name="missed", kind="what"),
        asked(SANK, name="silent"),
        unanswerable("fooled", "same_people"),
        unanswerable("refused", "boilerplate"),
    )
    made = evaluate(engine, questions, corpus)
    assert engine.limits == {(5, 10)}
    return made


def test_each_measure_is_counted_over_the_questions_it_applies_to(report: Report) -> None:
    answerable = report.answerable
    assert answerable.recall == Ratio(3, 4)
    assert answerable.answered == Ratio(3, 4)
    assert answerable.first_quote == Ratio(1, 3), "an unanswered question has no first quote"
    assert answerable.quotes == Ratio(2, 4), "an unanswered question has quoted nothing"
    assert answerable.offered == Ratio(3, 4)
    assert answerable.not_answered == answerable.not_offered == Ratio(0, 0)
    assert report.unanswerable.not_answered == Ratio(1, 2)
    assert report.unanswerable.recall == Ratio(0, 0)
    assert report.citations == Ratio(5, 5)


def test_kinds_and_splits_are_summarised_apart(report: Report) -> None:
    rows = {row.name: row for row in (*report.by_kind, *report.by_split)}
    assert list(rows) == ["what", "when", "same_people", "boilerplate", "dev", "test"]
    assert rows["what"].recall == Ratio(1, 2)
    assert rows["when"].answered == Ratio(1, 2)
    assert rows["same_people"].not_answered == Ratio(0, 1)
    assert rows["boilerplate"].not_answered == Ratio(1, 1)
    assert (rows["dev"].questions, rows["test"].questions) == (4, 2)


def test_each_failure_says_what_went_wrong(report: Report) -> None:
    assert {outcome.question.id: outcome.problems for outcome in report.failures} == {
        "second": ("no gold in the first quote",),
        "missed": (
            "gold not in the first 5 hits",
            "no gold in the first quote",
            "gold not in the first 5 quotes",
        ),
        "silent": ("not answered (related)",),
        "fooled": ("answered, although no article has the answer",),
    }


def test_the_table_shows_denominators_and_what_came_first(report: Report) -> None:
    text = render(report)
    assert text.startswith("6 questions, ")
    assert "recall@5" in text
    assert (
        "answerable      3/4 = 0.75     1/3 = 0.33     2/4 = 0.50     3/4 = 0.75     3/4 = 0.75\n"
    ) in text
    assert "unanswerable    1/2 = 0.50     1/2 = 0.50\n" in text
    assert "citations at their span: 5/5 = 1.00" in text
    assert "4 of 6 questions failed" in text
    assert (
        'missed (what) "missed"\n'
        "  problem:     gold not in the first 5 hits; no gold in the first quote; "
        "gold not in the first 5 quotes\n"
        '  expected:    ferry.txt: "sank on Monday"\n'
        '  first quote: "Divers are at work."\n'
        '  first hit:   "The ferry sank on Monday. Divers are at work."'
    ) in text
    assert "  expected:    no answer\n" in text


def test_the_json_holds_counts_and_failures(report: Report) -> None:
    content = json.loads(to_json(report))
    assert content["format"] == 1
    assert content["answerable"]["first_quote"] == {"count": 1, "total": 3}
    assert [failure["question"]["id"] for failure in content["failures"]] == [
        *("second", "missed", "silent", "fooled")
    ]
    assert content["failures"][0]["problems"] == ["no gold in the first quote"]
    assert content["mean_ms"] >= 0


def test_a_quote_that_is_not_in_the_file_is_reported(corpus: Path) -> None:
    (corpus / "port.txt").write_text("The port is open. Two ships waited outside.", "utf-8")
    (corpus / "copy.txt").unlink()
    quotes = (
        quote("ferry.txt", "Nobody was hurt."),
        quote("port.txt", "The port was shut."),
        quote("copy.txt", "Divers are at work."),
    )
    engine = PreparedAnswers({"q": answer_with(("ferry.txt",), quotes)})
    report = evaluate(engine, [asked(SANK)], corpus)
    assert report.citations == Ratio(1, 3)
    moved, missing = report.invalid_citations
    assert moved == 'q: port.txt 0-18 holds "The port is open.", not "The port was shut."'
    assert missing.startswith("q: copy.txt cannot be read: ")
    assert moved in render(report)


def test_a_byte_order_mark_does_not_shift_a_citation(corpus: Path) -> None:
    (corpus / "ferry.txt").write_bytes(b"\xef\xbb\xbf" + ARTICLES["ferry.txt"].encode())
    engine = PreparedAnswers({"q": answer_with((), (quote("ferry.txt", "Nobody was hurt."),))})
    assert evaluate(engine, [asked(SANK)], corpus).citations == Ratio(1, 1)


def test_control_characters_of_an_article_never_reach_the_terminal(corpus: Path) -> None:
    engine = PreparedAnswers({"red \x1b[31m\nname": answer_with()})
    text = render(evaluate(engine, [asked(SANK, name="red \x1b[31m\nname")], corpus))
    assert '"red [31m name"' in text


def test_no_questions_are_refused(corpus: Path) -> None:
    with pytest.raises(ValueError, match="questions must hold at least one"):
        evaluate(PreparedAnswers({}), [], corpus)


def test_gold_beyond_the_fifth_hit_does_not_count() -> None:
    fifth = judge(asked(SANK), answer_with(("port.txt",) * 4 + ("ferry.txt",)))
    sixth = judge(asked(SANK), answer_with(("port.txt",) * 5 + ("ferry.txt",)))
    assert (fifth.recalled, sixth.recalled) == (True, False)


def test_the_same_words_in_another_article_do_not_count() -> None:
    outcome = judge(
        asked(SANK), answer_with(("copy.txt",), (quote("copy.txt", ARTICLES["copy.txt"]),))
    )
    assert (outcome.recalled, outcome.quoted, outcome.first_right) == (False, False, False)


def test_a_quote_stands_for_the_articles_listed_as_its_copies() -> None:
    shared = quote("copy.txt", "The ferry sank on Monday.", copies=("ferry.txt",))
    outcome = judge(asked(SANK), answer_with(("copy.txt",), (shared,)))
    assert (outcome.recalled, outcome.quoted, outcome.first_right) == (False, True, True)


def test_a_possible_answer_is_offered_and_counts_neither_as_answer_nor_as_false_one() -> None:
    possible = answer_with((), (quote("ferry.txt", "The ferry sank on Monday.", confirmed=False),))
    right = judge(asked(SANK), possible)
    assert (right.quoted, right.first_right, right.first_quote) == (False, None, None)
    assert right.problems == ("gold not in the first 5 hits", "not answered (possible)")
    answerable = summarise("answerable", [right])
    assert (answerable.answered, answerable.offered) == (Ratio(0, 1), Ratio(1, 1))
    lead = judge(unanswerable(), possible)
    assert lead.problems == ()
    others = summarise("unanswerable", [lead])
    assert (others.not_answered, others.not_offered) == (Ratio(1, 1), Ratio(0, 1))
    assert others.answered == others.offered == Ratio(0, 0)


def test_an_unconfirmed_quote_of_an_answer_does_not_count() -> None:
    wrong = quote("port.txt", "Two ships waited outside.")
    right = quote("ferry.txt", "The ferry sank on Monday.", confirmed=False)
    outcome = judge(asked(SANK), answer_with((), (wrong, right)))
    assert (outcome.state, outcome.quoted, outcome.first_right) == ("answered", False, False)


def test_a_quote_that_holds_part_of_the_gold_words_does_not_count() -> None:
    outcome = judge(asked(SANK), answer_with((), (quote("ferry.txt", "The ferry sank"),)))
    assert outcome.first_right is False


def test_any_of_several_gold_words_is_enough() -> None:
    outcome = judge(asked(SANK, SHUT), answer_with((), (quote("port.txt", "The port was shut."),)))
    assert (outcome.quoted, outcome.first_right) == (True, True)


def test_a_comparison_needs_gold_from_every_document() -> None:
    question = asked(SANK, ("ferry.txt", "Nobody was hurt"), SHUT, kind="comparison", both=True)
    ferry = quote("ferry.txt", ARTICLES["ferry.txt"])
    port = quote("port.txt", "The port was shut.")
    one = judge(question, answer_with(("ferry.txt",), (ferry,)))
    two = judge(question, answer_with(("ferry.txt", "port.txt"), (port, ferry)))
    assert (one.recalled, one.quoted, one.first_right) == (False, False, True)
    assert (two.recalled, two.quoted, two.first_right) == (True, True, True)


def test_a_ratio_over_nothing_has_no_value() -> None:
    empty = summarise("none", [])
    assert empty.recall.value is None
    assert Ratio(1, 4).value == 0.25
