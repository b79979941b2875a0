"""What was measured, when, with which reader? One JSON file, saved after each set.

A set that is measured again replaces only its own entry, so that long ones can be run alone.
"""

import json
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from benchmarks.evaluation.sets import REPOSITORY
from indexer.errors import DatelineError

FORMAT: Final = 1
Entry: TypeAlias = dict[str, Any]
"""What one set gave: see `entry`."""


class ResultsError(DatelineError):
    """A file of results cannot be read."""


def entry(
    measured: Mapping[str, Any], *, command: str, reader: Mapping[str, str | None], machine: str
) -> Entry:
    """Return what is kept of a measured set, with the circumstances that its numbers depend on."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "command": command,
        "machine": machine,
        "reader": dict(reader),
        **measured,
    }


def load(path: Path) -> dict[str, Entry]:
    """Return the sets measured so far; none when there is no file yet.

    Raises:
        ResultsError: when the file is of another format or no JSON.
    """
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version, sets = content["format"], content["sets"]
    except (ValueError, KeyError, TypeError) as error:
        raise ResultsError(
            f"{path} holds no results ({error!r}); expected JSON with format and sets. Delete it, "
            "or choose another place with --output"
        ) from error
    if version != FORMAT:
        raise ResultsError(
            f"{path} has format {version}; this version writes {FORMAT}. Delete it, or choose "
            "another place with --output"
        )
    return dict(sets)


def save(path: Path, sets: Mapping[str, Entry]) -> None:
    """Replace the file at once, so that an interrupted run leaves the last whole one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"format": FORMAT, "sets": dict(sets)}
    temporary = path.with_suffix(".json.part")
    temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(path)


def _commit() -> str | None:
    """Return the commit that was measured, with a mark when files differ from it."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None  # not a checkout: the numbers stand without it
    return found.stdout.strip()
