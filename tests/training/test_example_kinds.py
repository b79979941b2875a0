import pytest

from tests.support.training_material import answer_of, seeded
from training import examples as module
from training import negatives
from training.material import PASSAGE_CHARACTERS, Example, Material

_ELSEWHERE = ("answer_removed", "same_article", "lookalike", "unrelated")


def _by_title(material: Material) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, paragraph in enumerate(material.squad.paragraphs):
        found.setdefault(paragraph.title, []).append(number)
    return found


def _positives(material: Material, seed: int = 5) -> list[Example]:
    random = seeded(seed)
    found = [
        module.around(question, material.squad.paragraphs[question.paragraph], random)
        for question in material.squad.questions
    ]
    return [example for example in found if example is not None]


def _negatives(kind: str, material: Material) -> list[tuple[int, Example]]:
    """Return what there is of one kind, five times over, with the places of the questions."""
    random, by_title = seeded(7), _by_title(material)
    found = []
    for place in list(range(len(material.squad.questions))) * 5:
        question = material.squad.questions[place]
        positive = module.around(question, material.squad.paragraphs[question.paragraph], random)
        assert positive is not None
        made = negatives.negative(kind, material, place, positive, by_title, random)
        if made is not None:
            found.append((place, made))
    return found


@pytest.mark.parametrize("kind", _ELSEWHERE)
def test_a_negative_of_each_kind_lacks_the_words_of_the_answer(
    material: Material, kind: str
) -> None:
    found = _negatives(kind, material)

    assert len(found) > 100
    for place, negative in found:
        assert answer_of(material.squad, place).lower() not in negative.passage.lower()
        assert negative.question == material.squad.questions[place].text
        assert (negative.answer, negative.relevant) == (None, False)


def test_each_kind_takes_its_passages_from_where_it_says(material: Material) -> None:
    paragraphs = material.squad.paragraphs
    own = [paragraphs[question.paragraph] for question in material.squad.questions]

    for place, negative in _negatives("answer_removed", material):
        assert negative.passage in own[place].text
    for place, negative in _negatives("same_article", material):
        assert negative.title == own[place].title
        assert negative.passage not in own[place].text
    for place, negative in _negatives("lookalike", material):
        chosen = [paragraphs[number].text for number in material.lookalikes[place]]
        assert any(negative.passage in text for text in chosen)


@pytest.mark.parametrize("kind", ["swapped", "changed"])
def test_a_changed_question_keeps_the_passage_and_leaves_relevance_open(
    material: Material, kind: str
) -> None:
    found = _negatives(kind, material)

    assert len(found) >= 40
    for place, negative in found:
        question = material.squad.questions[place]
        assert negative.question != question.text
        assert answer_of(material.squad, place) in negative.passage
        assert (negative.answer, negative.relevant) == (None, None)


def test_a_swap_exchanges_both_towns(material: Material) -> None:
    for place, negative in _negatives("swapped", material):
        words = material.squad.questions[place].text.rstrip("?").split()
        assert sorted(negative.question.rstrip("?").split()) == sorted(words)


def test_renamed_twins_differ_in_the_question_alone(material: Material) -> None:
    random, made = seeded(2), 0
    for positive in _positives(material) * 3:
        twins = module._renamed_twins(positive, material.squad, random)
        if not twins:
            continue
        made += 1
        twin, old = twins
        assert positive.answer is not None
        assert twin.answer is not None
        assert twin.answer.slice(twin.passage) == positive.answer.slice(positive.passage)
        assert (twin.relevant, old.relevant, old.answer) == (True, None, None)
        assert twin.passage == old.passage != positive.passage
        assert old.question == positive.question != twin.question
        # The title could hold the name that was replaced.
        assert twin.title == old.title == ""
        gone = set(old.question.rstrip("?").split()) - set(twin.question.rstrip("?").split())
        assert gone
        assert all(word not in twin.passage for word in gone)
    assert made > 20


def test_a_passage_is_whole_sentences_up_to_the_limit(material: Material) -> None:
    bounds = {
        paragraph.text: [span.slice(paragraph.text) for span in paragraph.sentences]
        for paragraph in material.squad.paragraphs
    }
    singles = 0
    for example in [e for seed in range(10) for e in _positives(material, seed)]:
        listed = next(found for text, found in bounds.items() if example.passage in text)
        inside = [sentence for sentence in listed if sentence in example.passage]
        assert example.passage == " ".join(inside)
        assert len(example.passage) <= PASSAGE_CHARACTERS
        singles += len(inside) == 1
    assert 0.15 < singles / (10 * len(material.squad.questions)) < 0.3
