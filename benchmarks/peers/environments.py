"""Environments of peers: the project's, or one of their own, created once."""

import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

from benchmarks.peers.catalogue import PeerEntry

REQUIREMENTS: Final = Path(__file__).resolve().parent / "requirements"
_STAMP: Final = "installed.txt"
_SECONDS: Final = 900


class NotInstalled(Exception):  # noqa: N818 - a state that the tables name, not a failure of ours
    """Missing packages of a peer, with the reason in one line."""


def python_of(entry: PeerEntry, folder: Path) -> str:
    """Return the interpreter of a peer, creating its environment if needed.

    Raises:
        NotInstalled: if its packages cannot be installed.
    """
    if entry.requirements is None:
        return sys.executable
    wanted = (REQUIREMENTS / entry.requirements).read_text(encoding="utf-8")
    place = folder / entry.name
    python = place / "bin" / "python"
    stamp = place / _STAMP
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(place, clear=True, with_pip=True, symlinks=True)
        _install(python, REQUIREMENTS / entry.requirements)
        stamp.write_text(wanted, encoding="utf-8")
    return str(python)


def _install(python: Path, requirements: Path) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        subprocess.run(
            [*command, "-r", str(requirements)],
            check=True,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        raise NotInstalled(said[-1] if said else str(error)) from error
