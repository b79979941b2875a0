from pathlib import Path

import pytest

from benchmarks.invented_news import ARTICLES, invented, questions, write_corpus
from benchmarks.unchanged import compare, main


def dumped(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_text(content, encoding="utf-8")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_equal_dumps_are_equal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = [dumped(tmp_path / name, help_txt="a\n", clean_jsonl="{}\n") for name in "ab"]

    assert main(["compare", *map(str, folders)]) == 0
    assert capsys.readouterr().out == "equal    clean.jsonl\nequal    help.txt\n"


def test_a_value_that_differs_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = dumped(tmp_path / "a", answers_jsonl='{"call": ["ask"], "score": 0.1}\n')
    after = dumped(tmp_path / "b", answers_jsonl='{"call": ["ask"], "score": 0.2}\n')

    assert main(["compare", str(before), str(after)]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("DIFFERS  answers.jsonl\n")
    assert '    - "score": 0.1\n    + "score": 0.2\n' in printed


def test_a_missing_file_and_a_long_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = dumped(tmp_path / "a", files_txt="".join(f"{line}\n" for line in range(99)))

    assert not compare(before, dumped(tmp_path / "b"))
    assert len(capsys.readouterr().out.splitlines()) == 21


def test_wording_may_differ_on_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = dumped(tmp_path / "a", help_txt="old\n")
    after = dumped(tmp_path / "b", help_txt="new\n")

    assert main(["compare", str(before), str(after)]) == 1
    assert main(["compare", str(before), str(after), "--texts"]) == 0
    assert "differs  help.txt (may differ)" in capsys.readouterr().out


def test_the_corpus_is_deterministic(tmp_path: Path) -> None:
    for name in "ab":
        write_corpus(tmp_path / name)

    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert len(invented()) == ARTICLES
    assert questions(30) == questions(60)[:30]
    assert len({Path(path).suffix for path in contents(tmp_path / "a")}) >= 15
