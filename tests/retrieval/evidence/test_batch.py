"""A file of questions is answered once each, however often the run is stopped."""

import csv
import io
import shutil
from pathlib import Path

import pytest

from indexer.errors import EvidenceError
from indexer.progress import NoProgress
from retrieval.answering.answers import Answer
from retrieval.evidence.batch import Batch, read_questions
from tests.support.answer_builders import answer_with
from tests.support.disks import small_disk
from tests.support.evidence import REOPENED, answer_of, quoting

QUESTIONS = "who met?\nwhen did it reopen?\n=1+1?\nwhat was asked?\n"


def ask(question: str) -> Answer:
    if "reopen" in question:
        both = (quoting(REOPENED), quoting("Trade unions had asked for it."))
        return answer_of(*both, question=question)
    found = answer_with(state="not_found")
    return Answer(question, "not_found", (), (), found.index, (), found.timings)


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    path = tmp_path / "questions.txt"
    path.write_text(QUESTIONS, encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_question_has_its_rows_in_order(asked: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    Batch.open(asked, answers).run(ask, NoProgress())
    assert [(row["number"], row["rank"]) for row in rows(answers)] == [
        ("1", ""),
        ("2", "1"),
        ("2", "2"),
        ("3", ""),
        ("4", ""),
    ]
    assert rows(answers)[3]["question"] == "'=1+1?"


@pytest.mark.parametrize("stopped_after", range(0, 900, 37))
def test_a_run_that_was_stopped_anywhere_ends_with_the_same_rows(
    stopped_after: int, asked: Path, tmp_path: Path
) -> None:
    whole, answers = tmp_path / "whole.csv", tmp_path / "answers.csv"
    Batch.open(asked, whole).run(ask, NoProgress())
    begun = whole.read_bytes()
    header = begun.index(b"\n") + 1
    answers.write_bytes(begun[: header + stopped_after])
    batch = Batch.open(asked, answers)
    batch.run(ask, NoProgress())

    def untimed(path: Path) -> list[dict[str, str]]:
        return [{**row, "asked": ""} for row in rows(path)]

    assert untimed(answers) == untimed(whole)


def test_only_what_is_left_is_asked(asked: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    Batch.open(asked, answers).run(ask, NoProgress())
    again: list[str] = []

    def noted(question: str) -> Answer:
        again.append(question)
        return ask(question)

    batch = Batch.open(asked, answers)
    assert batch.done == 3
    batch.run(noted, NoProgress())
    assert again == ["what was asked?"]


@pytest.mark.parametrize("held", ["", "my notes\n", "number,question\n1,who met?\n"])
def test_a_file_of_something_else_is_never_touched(held: str, asked: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    answers.write_text(held, encoding="utf-8")
    with pytest.raises(EvidenceError, match="holds something else"):
        Batch.open(asked, answers)
    assert answers.read_text(encoding="utf-8") == held
    assert Batch.open(asked, answers, replace=True).done == 0


def test_answers_to_other_questions_are_never_continued(asked: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    Batch.open(asked, answers).run(ask, NoProgress())
    asked.write_text("who else?\n" + QUESTIONS, encoding="utf-8")
    with pytest.raises(EvidenceError, match="holds something else"):
        Batch.open(asked, answers)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("q.txt", "one?\n\n  two,  three? \n"),
        ("q.csv", 'id,Question\n1,one?\n2,"two, three?"\n3,\n'),
        ("q.csv", "id;question\n1;one?\n2;two, three?\n"),
        ("q.csv", '"one?"\n"two, three?"\n'),
        ("q.tsv", "question\tid\none?\t1\ntwo, three?\t2\n"),
        ("q.csv", '\ufeffquestion\r\none?\r\n"two,\r\nthree?"\r\n'),
    ],
)
def test_questions_are_the_lines_or_the_column_of_that_name(
    name: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    assert read_questions(tmp_path / name) == ("one?", "two, three?")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "holds no question"),
        (b"question\n", "holds no question"),
        (b"id,text\n1,who?\n", "no column `question`; it has id, text"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_file_without_questions_is_told(text: bytes, problem: str, tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_bytes(text)
    with pytest.raises(EvidenceError, match=problem):
        read_questions(tmp_path / "q.csv")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="No such file"):
        read_questions(tmp_path / "q.csv")


def test_a_full_disk_keeps_what_is_answered_and_the_run_goes_on(tmp_path: Path) -> None:
    questions = tmp_path / "long.txt"
    questions.write_text("".join(f"{n} {'why? ' * 600}\n" for n in range(5)), encoding="utf-8")
    with small_disk(tmp_path / "disk", 16_384) as is_mounted:
        if not is_mounted:
            pytest.skip("a full disk needs root, to mount a small one")
        answers = tmp_path / "disk" / "answers.csv"
        batch = Batch.open(questions, answers)
        (tmp_path / "disk" / "filler").write_bytes(b"x" * 4096)
        with pytest.raises(EvidenceError, match=r"Cannot write .*No space left.*goes on"):
            batch.run(ask, NoProgress())
        shutil.move(answers, tmp_path)  # to where there is space
    again = Batch.open(questions, tmp_path / "answers.csv")
    assert again.done > 0
    again.run(ask, NoProgress())
    assert [row["number"] for row in rows(tmp_path / "answers.csv")] == list("12345")
