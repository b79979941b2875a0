import pytest

from indexer.documents import Span
from tests.support.training_material import seeded
from training.material import Example
from training.near_misses import dated_pair, of_other_type


def _example(question: str, passage: str, answer: str) -> Example:
    start = passage.index(answer)
    return Example(question, "", passage, Span(start, start + len(answer)), relevant=True)


@pytest.mark.parametrize(
    ("passage", "right"),
    [
        ("Orla Finch opened the fair in 1931. It rained.", "in 1931"),
        ("In March Orla Finch opened the fair. It rained.", "in March"),
        ("Orla Finch opened the fair on Tuesday. It rained.", "on Tuesday"),
    ],
)
def test_a_question_is_asked_with_its_date_and_with_another(passage: str, right: str) -> None:
    example = _example("Who opened the fair?", passage, "Orla Finch")

    pair = dated_pair(example, seeded(3))

    assert pair is not None
    fitting, missing = pair
    assert fitting.question == f"Who opened the fair {right}?"
    assert fitting.answer == example.answer
    assert missing.question != fitting.question
    assert missing.question.startswith(f"Who opened the fair {right.split()[0]} ")
    assert missing.question.removesuffix("?").split()[-1] not in passage
    assert (missing.answer, missing.relevant) == (None, None)


@pytest.mark.parametrize(
    ("question", "passage", "answer"),
    [
        ("When was the fair?", "The fair of May was held in 1931.", "May"),
        ("Who left in 1920?", "Orla Finch left in 1920.", "Orla Finch"),
        ("What opened?", "The fair of 1911 opened in 1931.", "The fair"),
        ("What opened?", "The fair opened. It rained in 1931.", "The fair"),
        ("What opened?", "The fair in 1931 opened.", "The fair in 1931"),
    ],
)
def test_no_date_is_added_where_it_would_be_open_what_fits(
    question: str, passage: str, answer: str
) -> None:
    assert dated_pair(_example(question, passage, answer), seeded(1)) is None


def test_an_unanswered_question_has_no_near_miss() -> None:
    asked = Example("Which city won in it?", "", "Tolver won in 1931.", None, relevant=None)

    assert dated_pair(asked, seeded(1)) is None
    assert of_other_type(asked, seeded(1)) is None


def test_a_city_is_no_country() -> None:
    found = of_other_type(
        _example("Which city did Orla leave?", "Orla left Tolver.", "Tolver"), seeded(1)
    )

    assert found is not None
    assert found.question == "Which country did Orla leave?"
    assert (found.answer, found.relevant) == (None, None)


def test_a_country_is_not_asked_for_where_the_passage_may_name_one() -> None:
    example = _example("What city did Orla leave?", "Orla left Tolver in France.", "Tolver")

    asked = {found.question for n in range(40) if (found := of_other_type(example, seeded(n)))}

    assert "What country did Orla leave?" not in asked
    assert "What company did Orla leave?" in asked
    assert not {"What village did Orla leave?", "What river did Orla leave?"} & asked


def test_a_type_that_the_passage_names_is_not_asked_for() -> None:
    passage = "Orla, king of Tolver, was an actor and author."
    example = _example("Which year was Orla king?", passage, "Orla")

    asked = {found.question for n in range(80) if (found := of_other_type(example, seeded(n)))}

    assert not {f"Which {name} was Orla king?" for name in ("king", "actor", "author")} & asked


def test_a_question_without_a_known_type_has_no_other() -> None:
    assert of_other_type(_example("Who left?", "Orla left.", "Orla"), seeded(1)) is None
