"""Servers on a free port, as processes or in a thread of the tests, and requests to them."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from dateline.serve.guard import LOOPBACK, Access, App
from dateline.serve.listening import listen, make_server
from tests.support.commands import REPOSITORY

SECONDS = 120


@dataclass(frozen=True)
class Reply:
    """A response, with its body as JSON where it is that."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the server says
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """A server that listens."""

    port: int

    def get(self, path: str, headers: Mapping[str, str] | None = None, /, **asked: object) -> Reply:
        address = f"{path}?{urlencode(asked, doseq=True)}" if asked else path
        return self.send("GET", address, headers=headers)

    def send(
        self,
        method: str,
        address: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request(method, address, body, dict(headers or {}))
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, names, response.read())
        finally:
            connection.close()

    def wait_until_ready(self) -> Self:
        end = time.monotonic() + SECONDS
        while self.get("/ready").status != http.HTTPStatus.OK:
            assert time.monotonic() < end
            time.sleep(0.05)
        return self


@dataclass(frozen=True)
class RunningServer(Served):
    """A process that listens."""

    process: "subprocess.Popen[str]"
    log: Path

    def errors(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(SECONDS)


@contextmanager
def served(app: App, access: Access | None = None) -> Iterator[Served]:
    """Serve an application in a thread."""
    listener = listen("127.0.0.1", 0)
    server = make_server(app, access or Access(LOOPBACK))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield Served(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def running_server(
    program: str | Sequence[str],
    index: Path,
    log: Path,
    *options: str,
    environment: Mapping[str, str] | None = None,
) -> Iterator[RunningServer]:
    """Start a server, a module or a program, on a free port, and stop it if that was not done."""
    started = [sys.executable, "-m", program] if isinstance(program, str) else program
    command = [*started, "--index", str(index), "--port", "0", *options]
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command,
            stderr=errors,
            text=True,
            cwd=REPOSITORY,
            env={**os.environ, **(environment or {})},
        )
    try:
        yield RunningServer(_port(process, log), process, log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def _port(process: "subprocess.Popen[str]", log: Path) -> int:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        found = log.read_text(encoding="utf-8").split(". Press Ctrl-C")
        if len(found) > 1:
            return int(found[0].rpartition(":")[2].split("/")[0])
        time.sleep(0.05)
    raise AssertionError(f"the server did not start: {log.read_text(encoding='utf-8')}")
