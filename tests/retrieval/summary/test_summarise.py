"""Summaries of answers, in Python and by `ask --llm`."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import retrieval.cli.main
from indexer.errors import SummaryError
from retrieval import LanguageModel, summarise
from retrieval.answering.answers import Answer
from tests.support.answer_builders import answer_with
from tests.support.commands import QUESTION
from tests.support.language_model import Scripted, answer_of, scripted_server, sending, streaming

NOTHING = "which football club won the Bundesliga in 1974?"
GOOD = "The United States has called on Iran to convince Hamas to agree to a ceasefire [1]."
BAD = "Joe Biden sent 500 ships [1]."


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted_server() as running:
        running.script = streaming(f"{GOOD}\n{BAD}")
        yield running


def _model(server: Scripted) -> LanguageModel:
    return LanguageModel(server.url, "tiny", seconds=10)


def _corrected(answer: Answer, number: int, **changes: object) -> Answer:
    quotes = list(answer.quotes)
    citation = quotes[number].citation
    for name, value in changes.items():
        object.__setattr__(citation, name, value)
    return replace(answer, quotes=tuple(quotes))


def test_quotes_that_changed_or_were_corrected_are_not_given_to_the_model(
    server: Scripted,
) -> None:
    answer = answer_of(["The port was shut.", "A ferry sank.", "Two ships waited."])
    answer = _corrected(answer, 0, source_state="changed")
    answer = _corrected(answer, 1, corrected_by=("a correction",))
    server.script = streaming("The port was shut [1]. Two ships waited [3].")
    summary = summarise(answer, _model(server))
    assert "Quote [3]:" in server.prompt
    assert "The port was shut." not in server.prompt
    assert "A ferry sank." not in server.prompt
    assert summary is not None
    assert [each.quotes for each in summary.sentences] == [(3,)]
    assert summary.dropped == ("citation",)
    with pytest.raises(SummaryError, match="No quote can be summarised"):
        summarise(_corrected(answer, 2, source_state="missing"), _model(server))


def test_the_model_is_not_asked_about_an_answer_without_quotes(server: Scripted) -> None:
    assert summarise(answer_with(), _model(server)) is None
    assert summarise(answer_with(state="not_found"), _model(server)) is None
    assert server.requests == []


def _ask(index: Path, server: Scripted, *options: str, question: str = QUESTION) -> int:
    command = ["ask", question, "--index", str(index), "--llm", server.url, "tiny", *options]
    return retrieval.cli.main.main(command)


def test_the_summary_is_printed_below_the_quotes(
    seeds_index: Path, server: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    assert retrieval.cli.main.main(["ask", QUESTION, "--index", str(seeds_index)]) == 0
    quotes = capsys.readouterr().out
    assert _ask(seeds_index, server) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out == (
        f"{quotes}\nWritten by the model tiny and checked:\n   {GOOD}\n"
        "   1 of 2 sentences was dropped: not supported by their quotes\n"
    )
    assert QUESTION in server.prompt


def test_json_gains_the_summary_only_where_a_model_is_named(
    seeds_index: Path, server: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    assert retrieval.cli.main.main(["ask", QUESTION, "--index", str(seeds_index), "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert _ask(seeds_index, server, "--json") == 0
    summarised = json.loads(capsys.readouterr().out)
    assert summarised.pop("summary") == {
        "model": "tiny",
        "sentences": [{"text": GOOD, "quotes": [1]}],
        "written": 2,
        "dropped": ["number"],
    }
    for each in (plain, summarised):
        del each["timings_ms"]
    assert summarised == plain


def test_an_answer_is_printed_with_a_note_when_the_model_fails(
    seeds_index: Path, server: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script = sending(b'{"error": {"message": "no model"}}', status=404)
    why = f"No summary. The model tiny at {server.url} answered 404 Not Found: no model"
    assert _ask(seeds_index, server) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("\n1. The United States has called")
    assert printed.endswith(f"Note: {why}\n")
    assert _ask(seeds_index, server, "--json") == 0
    fields = json.loads(capsys.readouterr().out)
    assert (fields["summary"], fields["warnings"]) == (None, [why])
    assert fields["quotes"]


def test_nothing_is_sent_of_a_question_without_quotes(
    seeds_index: Path, server: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    _ask(seeds_index, server, "--json", question=NOTHING)
    fields = json.loads(capsys.readouterr().out)
    assert (fields["summary"], fields["warnings"], server.requests) == (None, [], [])


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["who?", "--llm", "localhost", "tiny"], "'localhost' is no address of a language model"),
        (["--file", "q.csv", "--export", "a.csv", "--llm", "http://localhost", "m"], "and --llm"),
    ],
)
def test_a_wrong_address_ends_with_2_before_anything_is_asked(
    options: list[str], problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert retrieval.cli.main.main(["ask", *options, "--index", str(tmp_path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert problem in line


def test_sending_without_encryption_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["ask", "who?", "--llm", "http://192.0.2.1:8000", "m", "--index", str(tmp_path)]
    assert retrieval.cli.main.main(command) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first == (
        "Note: the question and the quotes go to http://192.0.2.1:8000 without encryption"
    )
    assert second.startswith("error: No index found")
