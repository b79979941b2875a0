import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from indexer.build.passages import sentences
from indexer.documents import Span
from tests.support.commands import REPOSITORY
from tests.support.training_material import answer_of, material_of, seeded
from training import examples as module
from training import synthetic
from training.examples import KEYWORDS, LOWER_CASE, WITH_TITLE, examples
from training.material import PASSAGE_CHARACTERS, Example, Material
from training.negatives import NEGATIVES
from training.squad import Paragraph, Question, Squad


@pytest.fixture(scope="module")
def many(material: Material) -> list[Example]:
    """Return the examples of twenty epochs."""
    return [example for epoch in range(20) for example in examples(material, epoch)]


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the questions as they are, and nothing between them."""
    for name in ("LOWER_CASE", "KEYWORDS", "SYNTHETIC", "CLAIMS", "RENAMED", "EXCHANGED"):
        monkeypatch.setattr(module, name, 0.0)


def _key(question: str) -> str:
    return question.lower().rstrip("? ")


def test_the_same_seed_and_epoch_give_the_same_examples(folder: Path) -> None:
    once, again = (list(examples(material_of(folder), 4)) for _ in range(2))

    assert once == again
    assert len(once) > 100


def test_epochs_and_seeds_give_other_examples(folder: Path, material: Material) -> None:
    first = list(examples(material, 0))

    assert first != list(examples(material, 1))
    assert first != list(examples(material_of(folder, seed=4), 0))


def test_the_hash_seed_of_python_changes_nothing(folder: Path, material: Material) -> None:
    code = (
        "import sys; from hashlib import sha256; from pathlib import Path;"
        "from tests.support.training_material import material_of;"
        "from training.examples import examples;"
        "found = list(examples(material_of(Path(sys.argv[1])), 2));"
        "print(sha256(repr(found).encode()).hexdigest())"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        env={**os.environ, "PYTHONHASHSEED": "1234"},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )

    here = sha256(repr(list(examples(material, 2))).encode()).hexdigest()
    assert done.stdout.strip() == here


def test_an_answer_in_the_stream_is_the_one_that_was_given(
    material: Material, many: list[Example]
) -> None:
    """A renamed passage is another passage; its answer is still one that was given."""
    texts = [paragraph.text for paragraph in material.squad.paragraphs]
    given = {
        _key(question.text): answer_of(material.squad, place)
        for place, question in enumerate(material.squad.questions)
    }
    invented = {
        (found.passage, found.start, found.end)
        for epoch in range(20)
        for group in synthetic.generate(3000 + epoch, 60)
        for found in group
    }
    checked = Counter[str]()
    for example in many:
        if example.answer is None:
            continue
        words = example.answer.slice(example.passage)
        if any(example.passage in text for text in texts):
            if _key(example.question) in given:
                assert words == given[_key(example.question)]
                checked["as given"] += 1
        elif (example.passage, example.answer.start, example.answer.end) in invented:
            checked["invented"] += 1
        else:
            assert words in given.values()
            checked["renamed"] += 1
    assert all(checked[kind] > 20 for kind in ("as given", "invented", "renamed")), checked


def test_a_passage_without_the_answer_never_holds_its_words(
    material: Material, many: list[Example]
) -> None:
    given = {
        _key(question.text): answer_of(material.squad, place).lower()
        for place, question in enumerate(material.squad.questions)
    }
    negatives = [
        example for example in many if example.relevant is False and _key(example.question) in given
    ]

    assert len(negatives) > 300
    for example in negatives:
        assert given[_key(example.question)] not in example.passage.lower()
        assert example.answer is None
        assert example.span_known


@pytest.mark.usefixtures("plain")
def test_every_question_comes_once_with_its_passage_and_once_without(material: Material) -> None:
    stream = list(examples(material, 0))
    positives, negatives = stream[::2], stream[1::2]

    asked = [question.text for question in material.squad.questions]
    assert sorted(example.question for example in positives) == sorted(asked)
    assert [example.question for example in positives] != asked
    assert all(example.answer is not None and example.relevant for example in positives)
    assert all(example.answer is None and not example.relevant for example in negatives)
    for positive, negative in zip(positives, negatives, strict=True):
        if negative.relevant is None:
            assert negative.passage == positive.passage
            assert negative.question != positive.question
        else:
            assert negative.passage != positive.passage
            assert negative.question == positive.question


@pytest.mark.usefixtures("plain")
def test_all_kinds_of_negatives_come_in_about_the_shares_that_are_set(material: Material) -> None:
    negatives = [
        example for epoch in range(20) for example in list(examples(material, epoch))[1::2]
    ]

    # Every question here has names and a number, so that each kind can be had but for a swap.
    changed = sum(example.relevant is None for example in negatives) / len(negatives)
    wanted = NEGATIVES["swapped"] + NEGATIVES["changed"]
    assert wanted - 0.13 < changed < wanted + 0.03
    assert sum(NEGATIVES.values()) == pytest.approx(1)


@pytest.mark.usefixtures("plain")
def test_a_question_without_one_kind_of_negative_has_another(material: Material) -> None:
    bare = replace(material, lookalikes=[[] for _ in material.lookalikes])

    assert len(list(examples(bare, 0))) == 2 * len(material.squad.questions)


def _paragraph(text: str) -> Paragraph:
    return Paragraph("Ponds", text, tuple(sentences(text, Span(0, len(text)))))


def test_a_long_paragraph_is_cut_around_the_answer() -> None:
    text = " ".join(f"Pond number {number} is {number % 9} metres deep." for number in range(100))
    paragraph = _paragraph(text)
    start = text.index("number 50")
    asked = Question("q", "Which pond?", 0, Span(start, start + 9))

    found = [module.around(asked, paragraph, seeded(seed)) for seed in range(60)]

    begins = set()
    for example in found:
        assert example is not None
        assert example.answer is not None
        assert example.answer.slice(example.passage) == "number 50"
        assert len(example.passage) <= PASSAGE_CHARACTERS
        begins.add(text.index(example.passage))
    assert len(begins) > 8  # the answer stands now early, now late


def test_a_sentence_longer_than_the_limit_stays_whole() -> None:
    text = "A pond is " + "very " * 200 + "deep. It is cold."
    asked = Question("q", "How deep?", 0, Span(0, 6))

    example = module.around(asked, _paragraph(text), seeded(1))

    assert example is not None
    assert example.passage == text.removesuffix(" It is cold.")


def test_an_answer_that_a_sentence_cuts_makes_no_example() -> None:
    text = "The pond is deep. It is cold."
    question = Question("q", "How is it?", 0, Span(text.index("deep"), text.index(" is cold")))
    squad = Squad((_paragraph(text),), (question,))

    assert list(examples(Material(squad, [[]], 1), 0)) == []


def test_a_question_whose_answer_is_everywhere_has_no_negative(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "SYNTHETIC", 0.0)
    monkeypatch.setattr(module, "CLAIMS", 0.0)
    text = "Ponds freeze. In winter ponds freeze over."
    question = Question("q", "what freezes?", 0, Span(0, 5))
    squad = Squad((_paragraph(text), _paragraph("Many PONDS.")), (question,))

    (only,) = examples(Material(squad, [[1]], 1), 0)

    assert only.answer is not None
    assert only.answer.slice(only.passage) == "Ponds"


def test_a_claim_is_asked_of_its_paragraph_without_the_claim(material: Material) -> None:
    random = seeded(3)
    relevant: list[tuple[int, Example]] = []
    other: list[tuple[int, Example]] = []
    for place in range(len(material.squad.questions)):
        first, *rest = module._claims(material, place, random)
        relevant.append((place, first))
        other.extend((place, example) for example in rest)

    assert len(other) == len(relevant) == len(material.squad.questions)
    for place, example in relevant:
        paragraph = material.squad.paragraphs[material.squad.questions[place].paragraph]
        listed = [span.slice(paragraph.text) for span in paragraph.sentences]
        assert example.question in listed
        assert example.passage == " ".join(s for s in listed if s != example.question)
        assert (example.answer, example.relevant, example.span_known) == (None, True, False)
    for place, example in other:
        own = material.squad.paragraphs[material.squad.questions[place].paragraph]
        assert example.title != own.title
        assert (example.answer, example.relevant, example.span_known) == (None, False, False)


def test_own_text_is_mixed_in_and_its_unanswered_questions_leave_relevance_open(
    many: list[Example],
) -> None:
    passages = {
        found.passage
        for epoch in range(20)
        for group in synthetic.generate(3000 + epoch, 60)
        for found in group
    }
    own = [example for example in many if example.passage in passages]

    # A group of two to five for every tenth question.
    assert 0.08 < len(own) / len(many) < 0.25
    for example in own:
        assert example.relevant is (None if example.answer is None else True)


def test_questions_are_typed_as_people_type_them() -> None:
    example = Example("Who has the Key of Tarn ?", "Tarn", "Ada.", Span(0, 3), relevant=True)
    random = seeded(1)

    typed = [module.as_typed(example, random) for _ in range(5000)]

    questions = Counter(found.question for found in typed)
    assert questions["who has the key of tarn"] / 5000 == pytest.approx(LOWER_CASE, abs=0.015)
    assert questions["Who has the Key of Tarn ?"] / 5000 > 1 - LOWER_CASE - KEYWORDS - 0.015
    assert len(questions) == 3
    assert sum(found.title == "Tarn" for found in typed) / 5000 == pytest.approx(
        WITH_TITLE, abs=0.03
    )
    assert {(found.passage, found.answer, found.relevant) for found in typed} == {
        ("Ada.", Span(0, 3), True)
    }


def test_keywords_are_the_question_without_its_function_words() -> None:
    example = Example("Who has the Key of Tarn?", "", "Ada.", Span(0, 3), relevant=True)
    random = seeded(1)

    assert {module.as_typed(example, random).question for _ in range(500)} == {
        "Who has the Key of Tarn?",
        "who has the key of tarn",
        "Key Tarn",
    }
