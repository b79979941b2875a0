"""The page as `make run` serves it, on a free port."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.commands import REPOSITORY

SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def is_up(address: str) -> bool:
    try:
        with urlopen(f"{address}/_stcore/health") as reply:  # noqa: S310 - our own server
            return bool(reply.status == 200)
    except URLError:
        return False


def wait_until_up(address: str, has_ended: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not is_up(address):
        assert not has_ended(), "the server has ended"
        assert time.monotonic() < end, f"the server did not start within {SECONDS} seconds"
        time.sleep(0.1)


@contextmanager
def served(index: Path) -> Iterator[str]:
    """Run the page as `make run` does; the server never outlives the test."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    server = subprocess.Popen(
        command,
        cwd=REPOSITORY,
        env={**os.environ, "DATELINE_INDEX": str(index)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_up(f"http://localhost:{port}", lambda: server.poll() is not None)
        yield f"http://localhost:{port}"
    finally:
        server.kill()
        server.wait()
