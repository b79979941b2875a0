import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.training_material import TOWNS, write_all
from training.news_questions import NEWS_FILE, development_questions
from training.squad import TrainingDataError, order


def _row(identity: str, question: str) -> dict[str, Any]:
    context = f"Nobody knew {identity}. The bridge fell."
    return {
        "id": identity,
        "question": question,
        "context": context,
        "answers": [{"text": "The bridge", "answer_start": context.index("The bridge")}],
    }


def _write(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / NEWS_FILE
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def _id(half: int, number: int = 0) -> str:
    """Return an id whose hash is even (0) or odd (1)."""
    return [f"n{i}" for i in range(40) if order(f"n{i}") % 2 == half][number]


def test_only_ids_of_even_hash_are_for_development(tmp_path: Path) -> None:
    found = development_questions(write_all(tmp_path))

    ids = [f"{town} {number}" for number, town in enumerate(TOWNS)]
    assert [asked.id for asked in found] == [each for each in ids if order(each) % 2 == 0]
    assert 4 <= len(found) <= 16
    for asked in found:
        assert asked.evidence.endswith(f"exports {asked.answer.slice(asked.evidence)} by rail.")


def test_a_repeated_question_stays_on_the_side_of_its_first_id(tmp_path: Path) -> None:
    _write(
        tmp_path,
        _row(_id(0), "What fell?"),
        _row(_id(1), "What broke?"),
        _row(_id(1, 1), "What fell?"),
        _row(_id(0, 1), "What broke?"),
    )

    assert [asked.id for asked in development_questions(tmp_path)] == [_id(0), _id(1, 1)]


def test_the_answer_is_a_span_of_the_evidence(tmp_path: Path) -> None:
    _write(tmp_path, _row(_id(0), "What fell?"))

    (asked,) = development_questions(tmp_path)

    assert asked.answer.slice(asked.evidence) == "The bridge"
    assert asked.question == "What fell?"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "Expecting property name"),
        ('{"id": "a"}\n', "'question' is missing"),
        ("7\n", "not subscriptable"),
        (json.dumps({**_row(_id(0), "q"), "answers": []}), "index out of range"),
    ],
)
def test_a_broken_file_is_refused_with_its_name(tmp_path: Path, content: str, reason: str) -> None:
    path = _write(tmp_path)
    path.write_text(content, encoding="utf-8")

    with pytest.raises(TrainingDataError, match=reason) as caught:
        development_questions(tmp_path)

    assert str(caught.value).startswith(f"{path} cannot be read: ")


def test_a_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match=r"extractive_2022_2024\.jsonl.*No such file"):
        development_questions(tmp_path)
