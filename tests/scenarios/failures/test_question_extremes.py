"""Questions that nobody asks: none raises, and each gets an honest answer."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval import SearchEngine
from retrieval.cli.main import main
from tests.support.commands import REPOSITORY


@pytest.mark.parametrize("k", [0, -1, -(10**12)])
def test_k_below_one_is_refused(k: int, engine: SearchEngine) -> None:
    with pytest.raises(ValueError, match=f"k must be at least 1, got {k}"):
        engine.search("Iran", k)
    with pytest.raises(ValueError, match=f"k must be at least 1, got {k}"):
        engine.answer("Iran", k=k)
    with pytest.raises(ValueError, match=f"max_quotes must be at least 1, got {k}"):
        engine.answer("Iran", max_quotes=k)


@pytest.mark.parametrize("mode", ["hybrid", "bm25", "dense"])
def test_an_enormous_k_returns_what_there_is(mode: str, engine: SearchEngine) -> None:
    found = engine.search("the United States and Iran", 10**12, mode)  # type: ignore[arg-type] # a mode
    passages = [hit.passage_id for hit in found.hits]
    assert len(set(passages)) == len(passages)
    if mode == "bm25":
        assert 0 < len(passages) < engine.info.passages
    else:
        assert len(passages) == engine.info.passages


def test_enormous_limits_do_not_change_an_answer(engine: SearchEngine) -> None:
    question = "what did the US ask Iran?"
    usual, enormous = engine.answer(question), engine.answer(question, 10**12, 10**12)
    assert enormous.quotes[: len(usual.quotes)] == usual.quotes
    assert enormous.hits[:10] == usual.hits


@pytest.mark.parametrize("k", ["0", "-1", "many", "1.5", ""])
def test_the_command_line_refuses_such_a_k_as_usage(
    k: str, seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["search", "Iran", f"--k={k}", "--index", str(seeds_index)])
    assert ended.value.code == 2
    expected = f"argument --k: must be a whole number, at least 1, got {k!r}\n"
    assert capsys.readouterr().err.endswith(expected)


@pytest.mark.parametrize("question", ["", " ", "\t\n", '""', "after:2023-10-01", "source:Iran -x"])
def test_a_question_without_words_finds_nothing_and_says_why(
    question: str, engine: SearchEngine
) -> None:
    answer = engine.answer(question)
    assert (answer.state, answer.quotes, answer.hits) == ("not_found", (), ())
    assert "Please enter at least one word to search for." in answer.warnings


@pytest.mark.parametrize(
    "question",
    [
        "a",
        "?",
        "the of and to what",
        "?!… — («»)",
        "🕊️🔥🇮🇷",
        "Что США попросили у Ирана?",
        "ماذا طلبت الولايات المتحدة من إيران؟",
        "米国はイランに何を求めたのか",
        "\u202eInari\u202c \u0000\u0007",
        "\ud800 lone \udfff",
        "-",
        "--- - --",
        '"',
        '"" "" -""',
        "after: before: source:",
        "AND OR NOT (title:x^2)~",
    ],
)
def test_a_question_of_no_meaning_is_searched_and_never_answered(
    question: str, engine: SearchEngine
) -> None:
    answer = engine.answer(question)
    assert answer.question == question
    assert answer.state in {"related", "not_found"}
    assert answer.quotes == ()
    assert len(answer.hits) <= 10
    for mode in ("bm25", "dense", "hybrid"):
        engine.search(question, mode=mode)


@pytest.mark.parametrize("question", ["?!…", "🕊️", "-", "«»"])
def test_punctuation_and_emoji_are_no_terms(question: str, engine: SearchEngine) -> None:
    assert engine.search(question, mode="bm25").hits == ()


@pytest.mark.parametrize(
    "unit", ["x", "Iran asked ", '"Iran" ', "-Iran ", "after:2023 ", "\ud83d", "é\u0301", "\n"]
)
def test_a_question_of_100_000_characters_is_answered_in_time(
    unit: str, engine: SearchEngine
) -> None:
    question = (unit * 100_000)[:100_000]
    answer = engine.answer(question)
    assert answer.question == question
    assert answer.timings.total < 10_000
    assert all(len(warning) < 1_000 for warning in answer.warnings)


def test_a_long_question_says_that_it_was_cut(engine: SearchEngine) -> None:
    words = " ".join(f"word{number}" for number in range(12_000))
    searched, read = engine.answer(words).warnings
    assert searched.startswith("Your question is long (")
    assert re.fullmatch(
        r"Your question is long: the reader saw only the first 64 of \d+ tokens\.", read
    )


def test_a_question_of_2000_characters_is_answered_from_its_beginning(
    engine: SearchEngine,
) -> None:
    asked = "what did the US ask Iran? "
    question = (
        asked + ("Reporters in Geneva have wondered since the morning. " * 40)[: 2_000 - len(asked)]
    )
    answer = engine.answer(question)
    assert len(question) == 2_000
    assert answer.hits
    assert answer.timings.total < 10_000
    assert any("the reader saw only the first 64 of" in warning for warning in answer.warnings)


@pytest.mark.parametrize("command", ["ask", "search"])
def test_bytes_that_are_no_text_are_a_question_like_any_other(
    command: str, seeds_index: Path
) -> None:
    raw = [os.fsencode(sys.executable), b"-m", b"retrieval", command.encode()]
    ran = subprocess.run(
        [*raw, b"Iran \xff\xfe\xed\xa0\x80", b"--json", b"--index", os.fsencode(seeds_index)],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    assert ran.returncode in {0, 1}
    assert ran.stderr == b""
    printed = json.loads(ran.stdout)
    assert printed["question"] == "Iran \udcff\udcfe\udced\udca0\udc80"
    assert printed["hits"]
