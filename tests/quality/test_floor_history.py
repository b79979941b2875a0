"""Committed floors, read from real repositories made here."""

import shutil
from pathlib import Path

import pytest

from tests.quality.floor_history import PATH, NoHistoryError, committed_floors, git
from tests.quality.floors_file import Floors, FloorsError

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

AUTHOR = ("-c", "user.name=tester", "-c", "user.email=tester@example.org")


def floors(bound: float) -> Floors:
    return Floors("small", {"news": "ab"}, {"news": {"nDCG": bound}})


def commit(repository: Path, content: str | None) -> str:
    """Commit a version of the floors, or a commit without a change of them."""
    if content is not None:
        path = repository / PATH
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        git(repository, "add", PATH)
    git(repository, *AUTHOR, "commit", "--quiet", "--allow-empty", "--message", "a change")
    return git(repository, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    return tmp_path


def test_every_version_is_found_newest_first(repository: Path) -> None:
    commit(repository, None)
    first = commit(repository, floors(0.5).to_json())
    second = commit(repository, floors(0.6).to_json())
    commit(repository, None)
    versions = committed_floors(repository)
    assert list(versions.items()) == [(second, floors(0.6)), (first, floors(0.5))]


def test_before_the_first_version_there_is_none(repository: Path) -> None:
    commit(repository, None)
    assert committed_floors(repository) == {}


def test_versions_from_before_the_last_release_do_not_count(repository: Path) -> None:
    commit(repository, floors(0.9).to_json())
    commit(repository, floors(0.5).to_json())
    git(repository, "tag", "v1.0.0")
    git(repository, "tag", "not-a-release")
    newest = commit(repository, floors(0.6).to_json())
    assert committed_floors(repository) == {newest: floors(0.6), "v1.0.0": floors(0.5)}


def test_a_release_without_floors_does_not_hide_later_ones(repository: Path) -> None:
    commit(repository, None)
    git(repository, "tag", "v1.0.0")
    newest = commit(repository, floors(0.6).to_json())
    assert committed_floors(repository) == {newest: floors(0.6)}


def test_a_version_on_a_merged_branch_is_found(repository: Path) -> None:
    commit(repository, floors(0.5).to_json())
    main = git(repository, "branch", "--show-current")
    git(repository, "switch", "--quiet", "--create", "better")
    better = commit(repository, floors(0.9).to_json())
    git(repository, "switch", "--quiet", main)
    git(repository, *AUTHOR, "merge", "--quiet", "--no-ff", "--strategy=ours", "better")
    assert committed_floors(repository)[better] == floors(0.9)


def test_a_deleted_file_is_no_version_and_does_not_hide_the_others(repository: Path) -> None:
    first = commit(repository, floors(0.5).to_json())
    git(repository, "rm", "--quiet", PATH)
    commit(repository, None)
    assert committed_floors(repository) == {first: floors(0.5)}


def test_a_version_that_cannot_be_read_is_named(repository: Path) -> None:
    broken = commit(repository, "{}")
    with pytest.raises(FloorsError, match=f"^{broken}:{PATH} holds no floors"):
        committed_floors(repository)


def test_outside_a_checkout_there_is_no_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(NoHistoryError, match=r"git rev-parse failed: .*not a git repository"):
        committed_floors(tmp_path)


def test_without_git_there_is_no_history(
    repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoHistoryError, match="git cannot be run: "):
        committed_floors(repository)
