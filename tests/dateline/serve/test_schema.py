"""The interface keeps what its own description says, whatever is sent; and many may ask at once."""

import subprocess
import sys
from pathlib import Path

from benchmarks.load import run_load, table
from tests.support.commands import QUESTION
from tests.support.servers import Served

SCHEMATHESIS = (
    *("run", "--max-examples", "5", "--seed", "1", "--no-color"),
    # A schema cannot say which days, languages and names there are.
    *("--exclude-checks", "positive_data_acceptance"),
)


def test_every_reply_is_as_described(server: Served, tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "schemathesis"
    done = subprocess.run(
        [program, *SCHEMATHESIS, f"http://127.0.0.1:{server.port}/openapi.json"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 selected / 7 total" in done.stdout


def test_many_clients_at_once_are_all_answered(server: Served) -> None:
    load = run_load(server.port, [QUESTION, "who met the ambassador?"], clients=30, seconds=1)
    assert load.errors == []
    assert sum(map(len, load.seconds.values())) >= 30
    assert "30 clients, 1 s, 0 errors" in table(load, 30, 1)
