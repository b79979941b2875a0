"""Which floors were committed since the last release? From git, where there is a checkout."""

import os
import subprocess
from pathlib import Path
from typing import Final

from tests.quality.floors_file import Floors, parse_floors

PATH: Final = "tests/quality/floors.json"


class NoHistoryError(Exception):
    """Git is not here, or this is not a checkout."""


def committed_floors(repository: Path) -> dict[str, Floors]:
    """Return every version since the last release, by commit, newest first.

    What is under Unreleased in the changelog is what was changed since the last tagged release;
    without a tag, since the beginning. The release's own version is the first of them.

    Raises:
        NoHistoryError: when git cannot tell.
        FloorsError: when a version cannot be read.
    """
    git(repository, "rev-parse", "HEAD")
    release = _release(repository)
    since = [f"{release}..HEAD"] if release else []
    # The full history: else git leaves out a branch whose version a merge did not take.
    changed = git(repository, "log", "--format=%H", "--full-history", *since, "--", PATH).split()
    return {
        commit: parse_floors(git(repository, "show", f"{commit}:./{PATH}"), f"{commit}:{PATH}")
        for commit in [*changed, *([release] if release else [])]
        if git(repository, "ls-tree", commit, PATH)
    }


def _release(repository: Path) -> str | None:
    """Return the tag of the last release; None before the first."""
    try:
        return git(repository, "describe", "--tags", "--abbrev=0", "--match=v[0-9]*")
    except NoHistoryError:
        return None


def git(repository: Path, *arguments: str) -> str:
    """Return what git prints, without the line end.

    Raises:
        NoHistoryError: when git is missing or fails, with what it says.
    """
    # Run from a hook, git's own variables would name another repository.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=repository,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    except OSError as error:
        raise NoHistoryError(f"git cannot be run: {error}") from error
    except subprocess.CalledProcessError as error:
        raise NoHistoryError(f"git {arguments[0]} failed: {error.stderr.strip()}") from error
    return done.stdout.strip()
