"""`python -m benchmarks.load INDEX`: many clients at once against `python -m dateline.serve`.

Every client asks one question after the other over a connection of its own: one is answered by
`/ask`, the next by `/search`. Prints a table: requests, errors, and quantiles of their time.
"""

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

QUESTIONS = Path(__file__).resolve().parent.parent / "tests/quality/seed_questions.jsonl"

_PATHS = ("/ask", "/search")
_PATIENCE = 120  # seconds to start and stop, and for one answer


@dataclass
class Load:
    """Seconds of each answered request by path, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {path: [] for path in _PATHS})
    errors: list[str] = field(default_factory=list)


@contextmanager
def serving(index: Path, *options: str) -> Iterator[int]:
    """Start a server over an index, and yield its port once it is ready."""
    command = [sys.executable, "-m", "dateline.serve", "--index", str(index), "--port", "0"]
    server = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True)
    try:
        first = server.stderr.readline() if server.stderr else ""
        found = re.search(r":(\d+)\.", first)
        if found is None:
            raise RuntimeError(first)
        port = int(found[1])
        end = time.monotonic() + _PATIENCE
        while _get(http.client.HTTPConnection("127.0.0.1", port), "/ready")[0] != 200:
            if time.monotonic() > end:
                raise RuntimeError("the server was not ready in time")
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(_PATIENCE)


def run_load(port: int, questions: Sequence[str], clients: int, seconds: float) -> Load:
    """Ask with many clients, each as fast as it is answered, for some seconds."""
    load = Load()
    end = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_ask, args=(port, questions, number, end, load))
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return load


def _ask(port: int, questions: Sequence[str], number: int, end: float, load: Load) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    turn = number
    while time.monotonic() < end:
        path = _PATHS[turn % len(_PATHS)]
        question = urlencode({"question": questions[turn % len(questions)]})
        turn += 1
        began = time.monotonic()
        try:
            status, body = _get(connection, f"{path}?{question}")
        except (OSError, http.client.HTTPException) as error:
            load.errors.append(repr(error))
            connection.close()
            continue
        if status == http.HTTPStatus.OK and json.loads(body)["format"] == 1:
            load.seconds[path].append(time.monotonic() - began)
        else:
            load.errors.append(f"{status}: {body[:200]!r}")
    connection.close()


def _get(connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.read()


def table(load: Load, clients: int, seconds: float) -> str:
    """Return the results as a Markdown table."""
    lines = [
        "| | requests | a second | median | 95th percentile | longest |",
        "|---|---|---|---|---|---|",
    ]
    for path, times in load.seconds.items():
        cut = statistics.quantiles(times, n=20) if len(times) > 1 else [0.0] * 19
        shown = [f"{each:.2f} s" for each in (cut[9], cut[-1], max(times, default=0))]
        lines.append(
            f"| `{path}` | {len(times):,} | {len(times) / seconds:.1f} | {' | '.join(shown)} |"
        )
    return "\n".join([*lines, f"\n{clients} clients, {seconds:g} s, {len(load.errors)} errors"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 after any error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="JSON lines")
    parser.add_argument("--at-once", default=str(os.cpu_count()), help="as `dateline serve`")
    parser.add_argument("--threads", default="1", help="as `dateline serve`")
    options = parser.parse_args(arguments)
    lines = options.questions.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line]
    limits = ("--at-once", options.at_once, "--threads", options.threads)
    with serving(options.index, *limits) as port:
        load = run_load(port, questions, options.clients, options.seconds)
    print(table(load, options.clients, options.seconds))
    print("\n".join(sorted(set(load.errors))[:10]))
    return 1 if load.errors else 0


if __name__ == "__main__":
    sys.exit(main())
