"""The command `page`."""

import argparse
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from indexer.cli.options import Parser, add_index, positive
from indexer.errors import UsageError, install_command

PORT = 8501

_ABOVE = Path(__file__).resolve().parents[1]
# Streamlit puts the folder of the file that it runs before the standard library: the wheel has the
# launcher in a folder of its own, with Streamlit's settings.
_LAUNCHERS = (_ABOVE / "launcher" / "app.py", _ABOVE.parent / "app.py")


def add_page(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command."""
    page = commands.add_parser(
        "page",
        help="open an index in the browser",
        description="Serve the page on this machine only, and open it in the browser, until "
        "Ctrl-C.",
    )
    add_index(page)
    page.add_argument(
        "--port", type=positive, default=PORT, help="port of the page (default: %(default)s)"
    )
    page.add_argument(
        "--no-browser", dest="browser", action="store_false", help="print the address only"
    )
    page.set_defaults(run=_page)


def _page(options: argparse.Namespace) -> int:
    if find_spec("streamlit") is None:
        raise UsageError(
            "The page needs streamlit, which is not installed. Install it: "
            f"{install_command('streamlit')}"
        )
    launcher = next(path for path in _LAUNCHERS if path.is_file())
    command = [sys.executable, "-P", "-m", "streamlit", "run", str(launcher)]
    command += [f"--server.port={options.port}", f"--server.headless={not options.browser}"]
    environment = {**os.environ, "DATELINE_INDEX": str(options.index)}
    sys.stdout.flush()
    # In place of this process, so that signals reach the server.
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own command, no shell
