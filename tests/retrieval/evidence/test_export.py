"""Files of evidence are whole, in the format of their ending, and replace nothing unasked."""

import json
from pathlib import Path

import pytest

from indexer.errors import EvidenceError
from retrieval.evidence.export import FORMATS, export
from tests.support.disks import small_disk
from tests.support.evidence import REOPENED, answer_of, quoting

ANSWER = answer_of(quoting(REOPENED, "on Friday"))


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_holds_the_quote(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"answer{ending.upper()}"
    export(ANSWER, path)
    written = path.read_text(encoding="utf-8")
    parts = ("The port of Lindau reopened", "on Friday")
    assert all(part in written for part in parts)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_markdown_is_the_quote_in_bold_with_its_citation(tmp_path: Path) -> None:
    export(ANSWER, tmp_path / "a.md")
    lines = (tmp_path / "a.md").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# when did the port reopen?"
    assert "> The port of Lindau reopened **on Friday**." in lines
    assert any(
        "[Harbour reopens](<https://lake.example/a?b=1&c=2#:~:text=" in line for line in lines
    )


def test_an_unknown_ending_names_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"must be one of \.json, \.md, \.csv, \.bib, \.html"):
        export(ANSWER, tmp_path / "answer.docx")


def test_a_file_that_exists_stays_unless_it_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"a\.json exists.*--force"):
        export(ANSWER, path)
    assert path.read_text(encoding="utf-8") == "mine"
    export(ANSWER, path, replace=True)
    assert json.loads(path.read_text(encoding="utf-8"))["type"] == "dateline-evidence"


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"Cannot write .*No such file or directory"):
        export(ANSWER, tmp_path / "none" / "a.md")


def test_a_full_disk_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 16_384) as is_mounted:
        if not is_mounted:
            pytest.skip("a full disk needs root, to mount a small one")
        path = tmp_path / "disk" / "a.html"
        path.write_text("before", encoding="utf-8")
        (tmp_path / "disk" / "filler").write_bytes(b"x" * 12_288)
        with pytest.raises(EvidenceError, match=r"Cannot write .*No space left"):
            export(answer_of(*[quoting(REOPENED)] * 40), path, replace=True)
        assert path.read_text(encoding="utf-8") == "before"
        assert sorted(each.name for each in path.parent.iterdir()) == ["a.html", "filler"]
