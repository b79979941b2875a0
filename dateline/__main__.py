"""`dateline`, or `python -m dateline`: every command in one."""

import os
import sys
from pathlib import Path

from indexer.interrupts import end_at_ctrl_c

_WRITING = ("build", "update", "watch", "compact")


def main() -> int:
    """Run the command line of this process and return its exit code."""
    is_writing = len(sys.argv) > 1 and sys.argv[1] in _WRITING
    unchanged = " The existing index is unchanged." if is_writing else ""
    interrupted = f"Interrupted.{unchanged}"
    end_at_ctrl_c(interrupted)
    is_script = Path(sys.argv[0]).stem == "dateline"
    os.environ["DATELINE_PROGRAM"] = "dateline" if is_script else "python -m dateline"
    from dateline.cli.main import main as run  # noqa: PLC0415 - Ctrl-C may come meanwhile

    return run(sys.argv[1:], interrupted)


if __name__ == "__main__":
    sys.exit(main())
