"""The command `check` on drafts: exit codes, reports, pipes and errors."""

import json
from pathlib import Path

import pytest

from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import Manifest
from retrieval.cli.main import main
from tests.support.commands import run_python
from tests.support.disks import small_disk

Archive = tuple[LocalStore, Manifest, Path]


def _draft(folder: Path, text: str, name: str = "draft.md") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("“nobody will lose a job”", 0),
        ("“Nobody will lose a job!”", 0),
        ("“We will raise the harbour wall … before the winter”", 0),
        ("No quotation.", 0),
        ("“This is the end of the ferry”", 1),
        ("“The moon is made of green cheese”", 1),
        ("“nobody will lose a job. It’s the largest work since 1953.”", 1),
        ("Tom Okoro said: “It’s the largest work since 1953.”", 1),
    ],
)
def test_the_exit_code_says_whether_all_quotations_stand(
    archive: Archive, tmp_path: Path, text: str, code: int
) -> None:
    draft = _draft(tmp_path, text)
    assert main(["check", draft, "--index", str(archive[2]), "--quiet"]) == code


def test_a_draft_without_quotations_is_told(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", _draft(tmp_path, "Nothing."), "--index", str(archive[2])])
    assert capsys.readouterr().out == "draft.md: no quotations found.\n"


def test_a_report_is_written_and_not_replaced_unasked(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.html"
    command = ["check", _draft(tmp_path, "“nobody will lose a job”"), "--index", str(archive[2])]
    command += ["--html", str(report), "--json", "--quiet"]
    assert main(command) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["exact"] == 1
    assert report.read_text("utf-8").startswith("<!doctype html>")
    report.write_text("mine")
    assert main(command) == 2
    assert "exists. Choose another name, or replace it with --force" in capsys.readouterr().err
    assert report.read_text() == "mine"
    assert main([*command, "--force"]) == 0
    assert report.read_text("utf-8").startswith("<!doctype html>")


def test_a_report_on_a_full_disk_is_told_and_leaves_nothing(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = _draft(tmp_path, "“nobody will lose a job”\n\n" * 40)
    with small_disk(tmp_path / "disk", 16_384) as is_mounted:
        if not is_mounted:
            pytest.skip("a full disk needs root, to mount a small one")
        (tmp_path / "disk" / "filler").write_bytes(b"x" * 12_288)
        report = tmp_path / "disk" / "report.html"
        command = ["check", draft, "--index", str(archive[2]), "--quiet", "--html", str(report)]
        assert main(command) == 2
        told = capsys.readouterr().err
        assert told.startswith(f"error: Cannot write {report} (No space left on device)")
        assert told.count("\n") == 1
        assert [each.name for each in report.parent.iterdir()] == ["filler"]


@pytest.mark.parametrize(
    ("name", "more", "message"),
    [
        ("none.md", [], "Draft none.md couldn't be read: No such file or directory"),
        ("draft.pdf", [], "Unsupported draft: draft.pdf"),
        ("draft.md", ["--index", "nowhere"], "nowhere"),
        ("draft.md", ["--html", "no/folder/report.html"], "Cannot write no/folder/report.html"),
        ("pack.json", ["--html", "r.html"], "--html is for drafts"),
    ],
)
def test_errors_are_one_line_and_exit_code_2(
    archive: Archive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    more: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for each in ("draft.pdf", "draft.md", "pack.json"):
        _draft(tmp_path, "“nobody will lose a job”", each)
    assert main(["check", name, "--index", str(archive[2].absolute()), "--quiet", *more]) == 2
    told = capsys.readouterr().err
    assert told.startswith("error: ")
    assert message in told
    assert told.count("\n") == 1


def test_a_pipe_is_read_without_torch(archive: Archive) -> None:
    code = (
        "import sys, io\n"
        "from retrieval.cli.main import main\n"
        "sys.stdin = io.TextIOWrapper(io.BytesIO('“nobody will lose a job”'.encode()))\n"
        f"code = main(['check', '-', '--index', {str(archive[2])!r}, '--quiet', '--json'])\n"
        "assert not {'torch', 'streamlit'} & set(sys.modules)\n"
        "sys.exit(code)"
    )
    done = run_python("-c", code)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["draft"] == "draft"
