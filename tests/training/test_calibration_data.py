import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.documents import Span
from indexer.store import StoredPassage
from tests.support.reader_models import passage_of
from tests.support.training_material import TOWNS, seeded, write_all
from training import calibration_data
from training.calibration_data import NEWS_QUESTIONS, READ, Task, news_tasks, searched, squad_tasks
from training.news_questions import development_questions
from training.squad import TrainingDataError, load_squad


def _task(answer: str, *texts: str, gold: int | None = 0) -> Task:
    return Task("Who?", tuple(passage_of(text, start=40) for text in texts), gold, answer)


def test_without_its_answer_a_question_loses_every_passage_with_the_words() -> None:
    task = _task(
        "Straße 9",
        "Ada lives in STRASSE 9.",
        "He left.",
        "In a Hauptstraße 90.",
        "Straße 8.",
        gold=2,
    )

    bare = task.without_answer()

    assert [stored.text for stored in bare.passages] == ["He left.", "Straße 8."]
    assert (bare.gold, bare.answer, bare.question) == (None, task.answer, task.question)
    assert not bare.answerable
    assert bare.without_answer() == bare


def test_a_changed_question_is_asked_of_its_passage_alone_which_holds_no_answer_to_it() -> None:
    texts = ("Norway paid Chile 5 crowns.", "Chile paid Norway nothing.")
    task = replace(_task("5 crowns", *texts), question="What did Norway pay Chile?")

    twin = task.changed(seeded(1))

    assert twin is not None
    assert twin.question == "What did Chile pay Norway?"
    assert [stored.text for stored in twin.passages] == [texts[0]]
    assert (twin.gold, twin.answerable) == (None, False)
    assert task.holds(0, task.passages[0].passage.span)
    assert not twin.holds(0, twin.passages[0].passage.span)


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("Who left in 1950?", {f"Who left in {year}?" for year in range(1920, 1971)}),
        ("Who left first?", {"Who joined first?", "Who left last?"}),
    ],
)
def test_without_two_parties_a_number_or_a_word_is_changed(question: str, others: set[str]) -> None:
    twin = replace(_task("ada", "Ada."), question=question).changed(seeded(1))

    assert twin is not None
    assert twin.question in others - {question}


def test_a_question_that_was_not_found_or_has_nothing_to_change_has_no_twin() -> None:
    found = replace(_task("ada", "Ada."), question="What did Norway pay Chile?")

    assert replace(found, gold=None).changed(seeded(1)) is None
    assert _task("ada", "Ada.").changed(seeded(1)) is None


def test_a_span_holds_the_answer_when_its_words_are_inside() -> None:
    task = _task("ada", "It rained. ADA swam.", "Nobody came.")

    assert task.holds(0, Span(51, 60))
    assert not task.holds(0, Span(40, 50))
    assert not task.holds(0, Span(40, 53))  # up to "AD"
    assert not task.holds(1, Span(40, 52))


def test_a_pool_finds_the_passages_that_share_words_best_first() -> None:
    texts = ["Boats sank.", "The old bridge fell.", "A bridge stands.", "Cows."]
    passages = [passage_of(text, doc_id=f"d{number}") for number, text in enumerate(texts)]
    passages[3] = replace(passages[3], title="The bridge of the old")

    with searched(passages) as pool:
        found = [stored.text for stored in pool.search("Which old bridge fell?")]
        assert pool.search("xylophones") == []

    assert found[0] == "The old bridge fell."
    assert set(found[1:]) == {"A bridge stands.", "Cows."}


def test_a_pool_gives_no_more_than_is_read() -> None:
    passages = [passage_of(f"Pond {number}.", doc_id=f"d{number}") for number in range(READ + 5)]

    with searched(passages) as pool:
        assert len(pool.search("pond")) == READ


def test_held_out_questions_are_asked_among_all_paragraphs(folder: Path) -> None:
    held_out = load_squad(folder, held_out=True)

    tasks = squad_tasks(folder)

    assert [task.question for task in tasks] == [question.text for question in held_out.questions]
    found = [task for task in tasks if task.gold is not None]
    assert len(found) > 0.9 * len(tasks)
    own = {paragraph.text for paragraph in held_out.paragraphs}
    for task, question in zip(tasks, held_out.questions, strict=True):
        gold = held_out.paragraphs[question.paragraph]
        assert task.answer == question.answer.slice(gold.text)
        if task.gold is not None:
            assert task.passages[task.gold].text == gold.text
            assert task.passages[task.gold].heading == gold.title
    assert any(stored.text not in own for task in tasks for stored in task.passages)


def test_news_questions_of_the_development_half_are_asked_among_older_news(folder: Path) -> None:
    asked = development_questions(folder)

    tasks = news_tasks(folder)

    assert [task.question for task in tasks] == [each.question for each in asked]
    assert len(tasks) <= NEWS_QUESTIONS
    for task, each in zip(tasks, asked, strict=True):
        assert task.gold is not None
        assert task.passages[task.gold].text == each.evidence
        assert task.answer in each.evidence
        assert any((stored.heading or "").startswith("Storm over") for stored in task.passages)


def test_old_news_is_cut_into_passages_of_whole_sentences(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration_data, "SENTENCES_A_PASSAGE", 1)

    found: list[StoredPassage] = calibration_data._old_news(folder)

    assert sorted(stored.text for stored in found) == sorted(
        text for town in TOWNS for text in (f"Rain fell on {town}.", "All slept.")
    )


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("squad/train-v1.1.unambiguous.json.xz", squad_tasks),
        ("newsqa/extractive_2022_2024.jsonl", news_tasks),
        ("news/allsides_articles.jsonl.xz", news_tasks),
    ],
)
def test_missing_data_is_named(
    tmp_path: Path, name: str, read: Callable[[Path], list[Task]]
) -> None:
    write_all(tmp_path)
    (tmp_path / name).unlink()

    with pytest.raises(TrainingDataError, match=re.escape(f"{name} cannot be read: ")):
        read(tmp_path)


def test_cut_off_old_news_is_refused(tmp_path: Path) -> None:
    write_all(tmp_path)
    path = tmp_path / "news" / "allsides_articles.jsonl.xz"
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(TrainingDataError, match="Compressed file ended before"):
        news_tasks(tmp_path)
