"""Files of the evaluation data as questions, passages and collections."""

import csv
import json
import lzma
from pathlib import Path

import pytest

from evaluation.paths import data_folder
from evaluation.public_sets.data import (
    SpanQuestion,
    candidate_lists,
    json_lines,
    news_evidence,
    news_halves,
    paragraph,
    sample,
    squad_dev,
)
from evaluation.public_sets.sets import (
    HALVES,
    NEWS_EXTRACTIVE,
    NEWS_QRELS,
    NEWS_QUERIES,
    SQUAD_DEV,
    TRECQA_DEV,
    WIKIQA,
    order,
)
from indexer.documents import Span

pytestmark = pytest.mark.data


def path_of(name: str) -> Path:
    path = data_folder() / name
    if not path.exists():
        pytest.skip(f"{name} is not in the evaluation data; DATELINE_EVAL_DATA names its folder")
    return path


def test_squad_dev_has_its_questions_and_each_answer_is_in_its_paragraph() -> None:
    questions = squad_dev(path_of(SQUAD_DEV))
    assert len(questions) == 10_570
    assert len({asked.passage.title for asked in questions}) == 48
    for asked in questions:
        assert asked.answers
        assert all(answer in asked.passage.text for answer in asked.answers), asked.id


def test_candidate_lists_are_as_many_as_the_field_reports() -> None:
    counts = [len(candidate_lists(path_of(WIKIQA[half]))) for half in HALVES]
    assert counts == [122, 237]
    assert len(candidate_lists(path_of(TRECQA_DEV))) == 65


def test_no_news_question_is_in_both_halves() -> None:
    path_of(NEWS_QUERIES)
    path_of(NEWS_EXTRACTIVE)
    halves = news_halves(data_folder())
    asked = [(row["_id"], row["text"]) for row in json_lines(path_of(NEWS_QUERIES))]
    asked += [(row["id"], row["question"]) for row in json_lines(path_of(NEWS_EXTRACTIVE))]
    by_text: dict[str, set[str]] = {}
    for name, text in asked:
        by_text.setdefault(text, set()).add(halves[name])
    assert {len(found) for found in by_text.values()} == {1}
    found = news_evidence(data_folder())
    assert {half: len(questions) for half, questions in found.items()} == {"dev": 710, "test": 729}


def test_every_judged_news_question_has_a_half() -> None:
    with path_of(NEWS_QRELS).open(encoding="utf-8", newline="") as file:
        judged = {row["query-id"] for row in csv.DictReader(file, delimiter="\t")}
    halves = news_halves(data_folder())
    counts = {half: sum(halves[name] == half for name in judged) for half in HALVES}
    assert counts == {"dev": 359, "test": 386}


TEXT = "The mill burned in May. It was rebuilt by the Otway family."


def squad_file(folder: Path) -> Path:
    questions = [
        {"id": "q1", "question": "When?", "answers": [{"text": "May"}, {"text": "in May"}]},
        {"id": "q2", "question": "Who?", "answers": [{"text": "the Otway family"}] * 2},
    ]
    blocks = [{"context": TEXT, "qas": questions}]
    path = folder / "dev.json.xz"
    content = {"version": "1.1", "data": [{"title": "Otway_%26_Sons", "paragraphs": blocks}]}
    path.write_bytes(lzma.compress(json.dumps(content).encode()))
    return path


def test_a_squad_paragraph_is_one_passage_titled_as_its_article(tmp_path: Path) -> None:
    first, second = squad_dev(squad_file(tmp_path))
    assert first.passage.title == "Otway & Sons"
    assert first.passage.text == TEXT
    assert first.passage.passage.sentences == (Span(0, 23), Span(24, 59))
    assert (first.id, first.question, first.answers) == ("q1", "When?", ("May", "in May"))
    assert second.answers == ("the Otway family",)


def test_a_text_without_a_sentence_is_no_passage() -> None:
    assert paragraph("blank", " \n ") is None


def test_questions_that_cannot_tell_rankings_apart_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    rows = ["qid\torig_id\tquestion\tsentence\tlabel"]
    rows += [f'both\t1\twho ?\the said " so . {label}\t{label}' for label in (0, 1)]
    rows += ["right\t2\twho ?\tyes\t1", "wrong\t3\twho ?\tno\t0"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    (only,) = candidate_lists(path)
    assert (only.id, only.right) == ("both", (False, True))
    assert [stored.text for stored in only.passages] == ['he said " so . 0', 'he said " so . 1']
    assert [stored.passage.sentences for stored in only.passages] == [(Span(0, 16),)] * 2


def test_news_evidence_is_halved_with_the_queries(tmp_path: Path) -> None:
    even = next(name for name in map(str, range(100)) if order(name) % 2 == 0)
    odd = next(name for name in map(str, range(100)) if order(name) % 2 == 1)
    (tmp_path / "newsqa").mkdir()
    query = {"_id": odd, "text": "Who rebuilt it?"}
    (tmp_path / NEWS_QUERIES).write_text(json.dumps(query) + "\n", encoding="utf-8")
    answers = [{"text": "the Otway family", "answer_start": 42}]
    asked = {"id": even, "question": query["text"], "context": TEXT, "answers": answers}
    (tmp_path / NEWS_EXTRACTIVE).write_text(json.dumps(asked) + "\n", encoding="utf-8")
    halves = news_evidence(tmp_path)
    assert halves["dev"] == []  # by its own hash it would be here
    assert [(found.id, found.passage.title) for found in halves["test"]] == [(even, None)]


def test_a_sample_is_the_same_whatever_the_order() -> None:
    passage = paragraph("d", TEXT)
    assert passage is not None
    asked = [SpanQuestion(str(number), "Who?", passage, ("x",)) for number in range(20)]
    chosen = {found.id for found in sample(asked, 5)}
    assert chosen == {found.id for found in sample(asked[::-1], 5)}
    assert len(chosen) == 5
    assert sample(asked, None) == asked
    assert sample(asked, 20) == asked
