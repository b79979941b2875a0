"""How the questions of the public sets become questions with passages, on data of our own."""

import json
import lzma
from pathlib import Path

from benchmarks.evaluation.reading_data import (
    SpanQuestion,
    candidate_lists,
    news_evidence,
    paragraph,
    sample,
    squad_dev,
)
from benchmarks.evaluation.sets import NEWS_EXTRACTIVE, NEWS_QUERIES, order
from indexer.documents import Span

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
