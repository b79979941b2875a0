"""Child process that exports a model, so that this process need not load torch."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from indexer.encoding.model_files import lacking_for_others, locate
from indexer.errors import EncoderError

_MODULE = "indexer.encoding.export"
_SECONDS = 900  # a hub's model is downloaded first


def export_in_child(
    name: str,
    notify: Callable[[str], None] | None = None,
    *,
    replace: bool = False,
    from_hub: bool = True,
) -> Path:
    """Export a model and return the folder of its export.

    Args:
        name: name or folder of the model.
        notify: receives a note that this takes seconds.
        replace: whether to replace an intact export.
        from_hub: whether a hub may be asked for the model.

    Raises:
        EncoderError: when the model cannot be found or exported.
    """
    files = locate(name, from_hub=from_hub)
    if lacking := lacking_for_others():
        raise EncoderError(f"Cannot export model {name}: {lacking}")
    if notify is not None:
        notify(f"Preparing the language model {name} (once, about 10 s)…")
    # -P: a folder `indexer` in the working directory must not hide this package.
    command = [sys.executable, "-P", "-m", _MODULE, files.name]
    command += ["--replace"] if replace else []
    command += [] if from_hub else ["--local"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the name is one argument, no shell
            command,
            capture_output=True,
            text=True,
            env=child_environment(),
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _not_exported(files.name, str(error)) from error
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise _not_exported(files.name, lines[-1] if lines else f"exit code {done.returncode}")
    return Path(done.stdout.strip().splitlines()[-1])


def child_environment() -> dict[str, str]:
    """Return environment variables with which a child process can import this package."""
    package = str(Path(__file__).resolve().parents[2])
    given = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (package, given)))}


def _not_exported(name: str, reason: str) -> EncoderError:
    return EncoderError(
        f"Could not export model {name}: {reason.rstrip('.')}. Try again: "
        f"python -m {_MODULE} {name}"
    )
