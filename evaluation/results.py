"""Results files: one JSON entry per measurement with its circumstances, saved one by one."""

import json
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from evaluation.paths import REPOSITORY
from indexer.errors import DatelineError

FORMAT: Final = 1
Entry: TypeAlias = dict[str, Any]
"""Entry of one measurement, as made by `entry`."""


class ResultsError(DatelineError):
    """Unreadable results file."""


def entry(
    measured: Mapping[str, Any], *, command: str, reader: Mapping[str, str | None], machine: str
) -> Entry:
    """Return a measurement with its circumstances."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "command": command,
        "machine": machine,
        "reader": dict(reader),
        **measured,
    }


def load(path: Path) -> dict[str, Entry]:
    """Return the entries saved so far; none if there is no file.

    Raises:
        ResultsError: if the file has another format or is not JSON.
    """
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version, sets = content["format"], content["sets"]
    except (ValueError, KeyError, TypeError) as error:
        raise ResultsError(
            f"{path} is not a results file ({error!r}): expected JSON with format and sets. Delete "
            "it, or choose another one with --output"
        ) from error
    if version != FORMAT:
        raise ResultsError(
            f"{path} has format {version}; this version writes {FORMAT}. Delete it, or choose "
            "another one with --output"
        )
    return dict(sets)


def save(path: Path, sets: Mapping[str, Entry]) -> None:
    """Replace the file atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"format": FORMAT, "sets": dict(sets)}
    temporary = path.with_suffix(".json.part")
    temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(path)


def machine() -> str:
    """Return the processor, core count and versions that figures depend on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    features = ""
    if cpuinfo.exists():
        text = cpuinfo.read_text(encoding="utf-8")
        names = [
            line.split(":", 1)[1].strip() for line in text.splitlines() if "model name" in line
        ]
        model = names[0] if names else model
        wanted = ("avx512_bf16", "amx_bf16")
        features = ", ".join(name for name in wanted if f" {name} " in text.replace("\n", " "))
    return (
        f"{model}, {os.cpu_count()} cores{f', {features}' if features else ''}, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def _commit() -> str | None:
    """Return the measured commit, marked as dirty if files differ from it."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None  # not a checkout: the figures stand without it
    return found.stdout.strip()
