"""Questions of the search benchmark: distinct ones, some only to warm up."""

import json
from pathlib import Path

from benchmarks.search import read_questions, split
from tests.support.builders import entry, write_index


def test_questions_of_a_file_are_spread_over_it_and_differ(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    rows = [{"text": f"who is {n // 2}?"} for n in range(20)]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = read_questions(tmp_path, file, 5)
    assert found == [f"who is {n}?" for n in (0, 2, 4, 6, 8)]
    assert len(read_questions(tmp_path, file, 50)) == 10


def test_an_index_is_asked_about_its_own_headlines_and_sentences(tmp_path: Path) -> None:
    text = "The bridge of Osk was closed. Its mayor spoke. Nobody was hurt."
    index = tmp_path / "index"
    write_index(index, [entry("a.txt", text), entry("b.txt", "Ships waited outside the port.")])
    assert set(read_questions(index, None, 10)) == {
        "Its mayor spoke.",
        "Ships waited outside the port.",
    }


def test_every_question_either_warms_up_or_is_timed() -> None:
    questions = [str(number) for number in range(25)]
    warm, timed = split(questions, 20)
    assert (len(warm), len(timed)) == (5, 20)
    assert sorted([*warm, *timed]) == sorted(questions)
    assert split(questions[:3], 20) == ([], questions[:3])
