from dataclasses import replace

import pytest

from tests.support.reader_sets import row
from training.material import Example
from training.reader_data import Row, _row, as_squad
from training.twins import NEGATION_TURNS, gap_pairs, role_pairs, squad2_pairs, time_pairs

CONTEXT = (
    "Orla Finch led the Tolver guild until the great flood. Later the guild sold its mill to "
    "Henrik Moss, who paid nine barrels of salt."
)


def _made(name: str, question: str, context: str, answer: str | None, **meta: object) -> Row:
    return _row(row(name, question, context, answer, **meta))


def _answer(example: Example) -> str | None:
    return example.answer.slice(example.passage) if example.answer else None


ANSWERED = [
    _made("a", "Who led the Tolver guild?", CONTEXT, "Orla Finch"),
    _made("b", "What did Henrik Moss pay for the mill?", CONTEXT, "nine barrels of salt"),
]


def test_an_unanswerable_question_follows_the_answerable_one_nearest_to_it() -> None:
    hard = _made("h", "What did Orla Finch pay for the mill?", CONTEXT, None, cause="gold:E")

    [(positive, negative)] = squad2_pairs([hard], as_squad(ANSWERED), 0)

    assert positive.question == "What did Henrik Moss pay for the mill?"
    assert _answer(positive) == "nine barrels of salt"
    assert positive.relevant
    assert negative.question == hard.question
    assert negative.answer is None
    assert negative.relevant is None
    assert negative.passage in CONTEXT


def test_a_negative_about_another_sentence_brings_that_sentence() -> None:
    hard = _made("h", "Which flood ended the rule of Finch?", CONTEXT, None, cause="gold:A")
    squad = as_squad(ANSWERED[1:])

    for epoch in range(30):
        [(positive, negative)] = squad2_pairs([hard], squad, epoch)
        assert "Moss" in positive.passage
        assert "flood" in negative.passage


def test_each_epoch_asks_another_third_of_the_negated_questions() -> None:
    hard = [
        _made(f"n{n}", f"Who never led guild {n}?", CONTEXT, None, cause="silver:N")
        for n in range(60)
    ]
    squad = as_squad(ANSWERED)

    turns = [
        {negative.question for _, negative in squad2_pairs(hard, squad, epoch)}
        for epoch in range(NEGATION_TURNS)
    ]

    assert sum(map(len, turns)) == 60
    assert set.union(*turns) == {found.question for found in hard}
    assert max(map(len, turns)) < 30


def test_a_question_without_a_paragraph_or_a_twin_is_left_out() -> None:
    hard = _made("h", "Who led it?", "Nobody knows.", None, cause="gold:I")

    assert not list(squad2_pairs([hard], as_squad(ANSWERED), 0))


def test_exchanged_parties_follow_the_right_question_on_one_passage() -> None:
    rows = [
        _made("r", "Who led the Tolver guild?", CONTEXT, "Orla Finch", kind="named"),
        _made(
            "s",
            "Who led Orla Finch?",
            CONTEXT,
            None,
            kind="swapped",
            right="Who led the Tolver guild?",
        ),
        _made("lost", "Who led Moss?", CONTEXT, None, kind="swapped", right="Who left?"),
    ]

    [(positive, negative)] = role_pairs(rows, 3)

    assert _answer(positive) == "Orla Finch"
    assert negative == replace(positive, question="Who led Orla Finch?", answer=None, relevant=None)


def test_a_gap_follows_an_answerable_question_on_the_same_sentence_and_verb() -> None:
    first, second = [0, CONTEXT.index(".") + 1], [CONTEXT.index("Later"), len(CONTEXT)]
    rows = [
        _made("a", "Who led something?", CONTEXT, "Orla Finch", sentence=first, verb="lead"),
        _made("b", "Who sold something?", CONTEXT, "the guild", sentence=second, verb="sell"),
        _made("c", "Who paid something?", CONTEXT, "Henrik Moss", sentence=second, verb="pay"),
        _made("d", "When was something paid?", CONTEXT, None, sentence=second, verb="pay"),
    ]

    for epoch in range(10):
        [(positive, negative)] = gap_pairs(rows, epoch)
        assert positive.question == "Who paid something?"
        assert negative.question == "When was something paid?"
        assert negative.passage == positive.passage


def test_another_time_brings_its_own_passage() -> None:
    asked = "Who led the guild in 1900?"
    rows = [
        _made("timeqa:guild", asked, "In 1900 Orla Finch led the guild.", "Orla Finch"),
        _made("timeqa:guild:other-time0", asked, "In 1911 Henrik Moss led the guild.", None),
        _made("timeqa:mill:other-time0", asked, "In 1912 nobody led the guild.", None),
    ]

    [(positive, negative)] = time_pairs(rows, 0)

    assert _answer(positive) == "Orla Finch"
    assert negative.passage == "In 1911 Henrik Moss led the guild."
    assert negative.relevant is False


@pytest.mark.parametrize("pairs", [role_pairs, gap_pairs, time_pairs])
def test_no_rows_give_no_pairs(pairs: object) -> None:
    assert callable(pairs)
    assert not list(pairs([], 0))
