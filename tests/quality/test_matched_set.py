"""Are the matched, invariance and reversal sets what they claim?

All of their text was made up for this purpose; no person or event is real.
"""

import json
import re
from collections import Counter
from typing import Any

import pytest

from evaluation.public_sets.data import sentence
from evaluation.public_sets.invariance import load_varied
from evaluation.public_sets.matched_set import (
    WORDINGS,
    MatchedQuestions,
    load_matched,
    overlap_score,
)
from evaluation.public_sets.reversals import Reversal, load_reversals
from evaluation.public_sets.sets import INVARIANCE, MATCHED_SET, REVERSALS
from indexer.documents import Span
from indexer.store import StoredPassage
from retrieval.answering.marks import marked
from tests.support.commands import REPOSITORY

MATCHED = load_matched(REPOSITORY / MATCHED_SET)
VARIED = load_varied(REPOSITORY / INVARIANCE)
SENTENCES = load_reversals(REPOSITORY / REVERSALS)
CLOSE = 0.05
COUNTRY = re.compile(r"\b(?:US|U\.S\.|USA|America|Americans?|Washington|United States)(?!\w)")
KINDS = {
    "roles",
    "relation",
    "other_name",
    "qualifier",
    "date",
    "number",
    "place",
    "negation",
    "kind",
}
MATCHED_FIELDS = {
    "id",
    "outlet",
    "published",
    "title",
    "text",
    "kind",
    "answer",
    "answerable",
    "unanswerable",
    "answerable_paraphrased",
    "unanswerable_paraphrased",
}


def rows_of(name: str) -> list[dict[str, Any]]:
    lines = (REPOSITORY / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def test_there_are_enough_articles_questions_and_sentences() -> None:
    assert len(MATCHED) == len(rows_of(MATCHED_SET)) == 80
    assert len(VARIED) == len(rows_of(INVARIANCE)) == 34
    assert sum(1 + len(each.variants) for each in VARIED) == 193
    assert len(SENTENCES) == 228


def test_articles_are_short_news_of_several_outlets() -> None:
    rows = rows_of(MATCHED_SET)
    assert all(set(row) == MATCHED_FIELDS for row in rows)
    assert len({row["outlet"] for row in rows}) >= 5
    assert len({row["title"] for row in rows}) == len({row["id"] for row in rows}) == len(rows)
    for row, matched in zip(rows, MATCHED, strict=True):
        assert re.fullmatch(r"202[56]-\d\d-\d\d", row["published"])
        assert 3 <= len(matched.article.passage.sentences) <= 6, row["id"]


def test_every_question_of_the_matched_set_is_asked_once() -> None:
    asked = [
        " ".join(words_of(text))
        for each in MATCHED
        for texts in (each.answerable, each.unanswerable)
        for text in texts.values()
    ]
    assert len(asked) == 320
    assert [text for text, count in Counter(asked).items() if count > 1] == []


def test_each_kind_of_unanswerable_question_is_there() -> None:
    kinds = Counter(each.kind for each in MATCHED)
    assert set(kinds) == KINDS
    assert min(kinds.values()) >= 4


@pytest.mark.parametrize("matched", MATCHED, ids=[each.id for each in MATCHED])
def test_both_questions_share_as_many_words_with_the_article(matched: MatchedQuestions) -> None:
    for wording in WORDINGS:
        answerable = overlap_score(matched.answerable[wording], matched.article)
        unanswerable = overlap_score(matched.unanswerable[wording], matched.article)
        assert answerable == pytest.approx(unanswerable, abs=CLOSE), wording
    for texts in (matched.answerable, matched.unanswerable):
        shared = [overlap_score(texts[wording], matched.article) for wording in WORDINGS]
        assert shared[0] - shared[1] >= 0.15


@pytest.mark.parametrize("matched", MATCHED, ids=[each.id for each in MATCHED])
def test_the_answer_is_in_the_article_and_not_in_the_questions(matched: MatchedQuestions) -> None:
    assert matched.answer in matched.article.text
    for text in matched.answerable.values():
        assert text.endswith("?")
        assert not set(words_of(matched.answer)) <= set(words_of(text))


def test_variants_differ_only_as_their_kind_says() -> None:
    for each in VARIED:
        texts = [each.question, *(variant.text for variant in each.variants)]
        assert len(set(texts)) == len(texts), each.id
        for variant in each.variants:
            if variant.kind == "no_mark":
                assert variant.text == each.question.removesuffix("?")
            elif variant.kind == "lower_case":
                assert variant.text == each.question.lower()
            elif variant.kind == "country_name":
                assert COUNTRY.search(variant.text), variant.text
                assert COUNTRY.search(each.question), each.question
            elif variant.kind == "request_from":
                assert "request" in variant.text
            else:
                assert variant.kind == "statement"
                assert not variant.text.endswith("?")


def test_each_kind_of_variant_is_there() -> None:
    kinds = Counter(variant.kind for each in VARIED for variant in each.variants)
    assert set(kinds) == {"no_mark", "lower_case", "country_name", "request_from", "statement"}
    assert min(kinds.values()) >= 8


def test_questions_of_the_invariance_set_are_on_articles_of_the_matched_set() -> None:
    articles = {each.id for each in MATCHED}
    assert {row["article"] for row in rows_of(INVARIANCE)} <= articles


@pytest.mark.parametrize("found", SENTENCES, ids=[each.id for each in SENTENCES])
def test_the_answer_alone_reverses_and_the_least_mark_does_not(found: Reversal) -> None:
    assert found.is_reversed_by(found.naive)
    assert found.is_reversed_by(found.clause) or found.clause.contains(found.governing[0])
    assert not found.is_reversed_by(found.least)
    assert found.least.contains(found.naive)
    assert not found.is_reversed_by(Span(0, len(found.text)))


def test_words_of_a_sentence_are_found_at_one_place_only() -> None:
    for row in rows_of(REVERSALS):
        for words in (row["naive"], row["clause"], row["least"], *row["governing"]):
            assert row["text"].count(words) == 1, row["id"]


def test_sentences_are_unique_news_sentences() -> None:
    texts = [each.text for each in SENTENCES]
    assert len(set(texts)) == len(texts)
    assert all(each.text.lstrip('"')[0].isupper() and each.text.endswith(".") for each in SENTENCES)
    assert all(each.question.endswith("?") for each in SENTENCES)


def test_each_kind_of_governing_words_is_there() -> None:
    kinds = Counter(each.kind for each in SENTENCES)
    assert set(kinds) == {
        "denial",
        "no_evidence",
        "false",
        "threat",
        "condition",
        "not",
        "failed",
        "report",
        "negation",
        "unrealised",
        "hearsay",
        "undone",
    }
    assert min(kinds.values()) >= 10


def shown(question: str, passage: StoredPassage, answer: str) -> tuple[Span, Span]:
    """Return the answer's span, and what is marked when a reader marks it."""
    start = passage.passage.start + passage.text.index(answer)
    highlight = Span(start, start + len(answer))
    return highlight, marked(question, passage, highlight)


def test_an_answer_that_would_reverse_its_sentence_is_shown_with_it() -> None:
    reversed_by = [
        each.id
        for each in SENTENCES
        if each.is_reversed_by(marked(each.question, sentence(each.id, each.text), each.naive))
    ]
    assert len(reversed_by) <= 0.02 * len(SENTENCES), reversed_by


def test_answers_of_plain_news_mostly_keep_their_exact_mark() -> None:
    widened = [
        highlight != mark
        for each in MATCHED
        for question in each.answerable.values()
        for highlight, mark in [shown(question, each.article, each.answer)]
    ]
    assert sum(widened) <= 0.15 * len(widened)
