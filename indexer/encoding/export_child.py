"""Who exports an encoder, when torch must not be loaded here? A process of its own, once.

In: a model's name. Out: the folder in which its export lies, or the reason why there is none.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from indexer.encoding.model_files import locate
from indexer.errors import EncoderError

_MODULE = "indexer.encoding.export"
_SECONDS = 900  # a model that is named on a hub is downloaded first


def export_in_child(
    name: str, notify: Callable[[str], None] | None = None, *, replace: bool = False
) -> Path:
    """Have a model exported and return the folder of its export.

    Args:
        name: a model's name or folder.
        notify: is told in words that this takes seconds.
        replace: write it again although it is there.

    Raises:
        EncoderError: when the model is not found, or the child says that it could not.
    """
    files = locate(name)
    if notify is not None:
        notify(f"exporting the encoder {name} once (about 10 s)…")
    # -P: a folder of the user's that is called `indexer` must not be taken for this package.
    command = [sys.executable, "-P", "-m", _MODULE, files.name]
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the name is one argument, no shell
            [*command, "--replace"] if replace else command,
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
    """Return the environment in which another process finds this package."""
    package = str(Path(__file__).resolve().parents[2])
    given = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (package, given)))}


def _not_exported(name: str, reason: str) -> EncoderError:
    return EncoderError(
        f"encoder {name} could not be exported: {reason} Expected its ONNX form in the cache "
        f"folder. To try again: python -m {_MODULE} {name}"
    )
