import json
import lzma
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from indexer.documents import Span
from tests.support.training_material import TOWNS, articles, write_squad
from training.squad import (
    HELD_OUT_ARTICLES,
    SQUAD_FILE,
    Squad,
    TrainingDataError,
    load_squad,
    order,
)


def _both(folder: Path) -> tuple[Squad, Squad]:
    return load_squad(folder, held_out=False), load_squad(folder, held_out=True)


def _titles(squad: Squad) -> set[str]:
    return {paragraph.title for paragraph in squad.paragraphs}


def test_a_held_out_article_is_never_trained_on_and_none_is_lost(tmp_path: Path) -> None:
    write_squad(tmp_path, articles())

    training, held_out = _both(tmp_path)

    assert len(_titles(held_out)) == HELD_OUT_ARTICLES
    assert _titles(training).isdisjoint(_titles(held_out))
    assert _titles(training) | _titles(held_out) == {f"History of {town}" for town in TOWNS}
    texts = {paragraph.text for paragraph in training.paragraphs}
    assert texts.isdisjoint(paragraph.text for paragraph in held_out.paragraphs)


def test_the_articles_of_the_smallest_hashes_are_held_out(tmp_path: Path) -> None:
    write_squad(tmp_path, articles())
    names = [f"History_of_{town}" for town in TOWNS]

    _, held_out = _both(tmp_path)

    by_hash = sorted(names, key=lambda name: sha256(name.encode()).digest()[:4])
    assert _titles(held_out) == {name.replace("_", " ") for name in by_hash[:HELD_OUT_ARTICLES]}


def test_other_texts_under_the_same_titles_are_split_alike(tmp_path: Path) -> None:
    changed = articles()
    for article in changed:
        article["paragraphs"] = article["paragraphs"][:1]
    write_squad(tmp_path / "whole", articles())
    write_squad(tmp_path / "changed", changed)

    assert [_titles(half) for half in _both(tmp_path / "whole")] == [
        _titles(half) for half in _both(tmp_path / "changed")
    ]


def test_the_order_of_the_file_changes_nothing(tmp_path: Path) -> None:
    write_squad(tmp_path / "forward", articles())
    write_squad(tmp_path / "backward", articles()[::-1])

    assert _both(tmp_path / "forward") == _both(tmp_path / "backward")


def test_every_answer_stands_verbatim_in_its_paragraph(tmp_path: Path) -> None:
    write_squad(tmp_path, articles())
    given = {
        asked["id"]: (asked["question"], asked["answers"][0]["text"], paragraph["context"])
        for article in articles()
        for paragraph in article["paragraphs"]
        for asked in paragraph["qas"]
    }

    found = {}
    for half in _both(tmp_path):
        for question in half.questions:
            text = half.paragraphs[question.paragraph].text
            found[question.id] = question.text, question.answer.slice(text), text

    assert found == given


def test_questions_are_shuffled_by_their_ids(tmp_path: Path) -> None:
    write_squad(tmp_path, articles())

    training, _ = _both(tmp_path)

    keys = [order(question.id) for question in training.questions]
    assert keys == sorted(keys)
    numbers = [question.paragraph for question in training.questions]
    assert numbers != sorted(numbers)


def test_a_paragraph_knows_its_sentences(tmp_path: Path) -> None:
    write_squad(tmp_path, articles())

    training, _ = _both(tmp_path)
    dance = next(p for p in training.paragraphs if p.text.startswith("Every autumn"))

    assert [span.slice(dance.text)[:13] for span in dance.sentences] == [
        "Every autumn ",
        dance.text[len("Every autumn a dance is held beside the water. ") :][:13],
        "Visitors from",
    ]


def test_the_shuffling_number_is_the_beginning_of_the_hash() -> None:
    assert order("Dateline") == int(sha256(b"Dateline").hexdigest()[:8], 16)
    assert order("") == 0xE3B0C442


def _data(change: Callable[[list[dict[str, Any]]], object]) -> bytes:
    listed = articles()
    change(listed)
    return lzma.compress(json.dumps({"data": listed}).encode())


def _first_question(listed: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = listed[0]["paragraphs"][0]["qas"][0]
    return found


def _without_questions(listed: list[dict[str, Any]]) -> None:
    for article in listed:
        for paragraph in article["paragraphs"]:
            paragraph["qas"] = []


# Read from either half: the broken article may be in it or not, and articles are cut into halves
# only after they are known to be whole.
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "ended before", id="empty"),
        pytest.param(b"no archive", "not supported", id="no archive"),
        pytest.param(_data(list)[:-700], "ended before", id="truncated"),
        pytest.param(lzma.compress(b'{"data": ['), "Expecting value", id="half a JSON"),
        pytest.param(lzma.compress(b"\xff\xfe\xfa"), "can't decode", id="not UTF-8"),
        pytest.param(lzma.compress(b"[1, 2]"), "list indices", id="a list"),
        pytest.param(lzma.compress(b'{"rows": []}'), "'data' is missing", id="no data"),
        pytest.param(lzma.compress(b'{"data": 5}'), "no attribute 'sort'", id="a number"),
        pytest.param(
            _data(lambda listed: listed.__delitem__(slice(12, None))),
            "12 articles, of which 12 are held out",
            id="too few articles",
        ),
        pytest.param(_data(_without_questions), "there is no question in it", id="no questions"),
    ],
)
@pytest.mark.parametrize("held_out", [True, False])
def test_a_broken_file_is_refused_with_its_name_and_what_to_do(
    tmp_path: Path, content: bytes, reason: str, held_out: bool
) -> None:
    path = write_squad(tmp_path, [])
    path.write_bytes(content)

    with pytest.raises(TrainingDataError, match=reason) as caught:
        load_squad(tmp_path, held_out=held_out)

    assert str(caught.value).startswith(f"{path} cannot be read: ")
    assert str(caught.value).endswith("Name the folder of the data with --data")
    assert "Expected SQuAD v1.1" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda asked: asked.pop("answers"), "'answers' is missing"),
        (lambda asked: asked.update(answers=[]), "index out of range"),
        (lambda asked: asked.update(answers=[{"text": "", "answer_start": 3}]), "span must"),
        (
            lambda asked: asked["answers"][0].update(
                answer_start=asked["answers"][0]["answer_start"] + 1
            ),
            r"answer of question id of Who founded Arvenholm\? is not at its place",
        ),
    ],
)
def test_a_question_without_a_right_answer_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], reason: str
) -> None:
    listed = articles()
    change(_first_question(listed))
    write_squad(tmp_path, listed)
    held_out = order(listed[0]["title"]) <= sorted(order(a["title"]) for a in listed)[11]

    with pytest.raises(TrainingDataError, match=reason):
        load_squad(tmp_path, held_out=held_out)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match="No such file or directory") as caught:
        load_squad(tmp_path, held_out=False)

    assert str(tmp_path / SQUAD_FILE) in str(caught.value)


def test_spans_count_code_points(tmp_path: Path) -> None:
    listed = articles()
    text = "𝒜 town – naïve, 🙂 proud – was founded by Zoë Ñandú. It stands."
    asked = {
        "id": "x",
        "question": "Who?",
        "answers": [{"text": "Zoë Ñandú", "answer_start": text.index("Zoë")}],
    }
    for article in listed:
        article["paragraphs"] = [{"context": text, "qas": [asked]}]
    write_squad(tmp_path, listed)

    training, _ = _both(tmp_path)

    assert training.questions[0].answer == Span(41, 50)
    assert training.questions[0].answer.slice(training.paragraphs[0].text) == "Zoë Ñandú"
