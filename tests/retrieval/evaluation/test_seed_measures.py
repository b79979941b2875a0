"""Which hits and quotes count as holding the gold words."""

from retrieval.evaluation.seed_measures import Ratio, judge, summarise
from tests.support.answer_builders import ARTICLES, SANK, SHUT, answer_with, asked, quote


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
