"""The wire itself: nothing but the protocol on it, and no process that outlives its client."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client

from dateline.mcp_server.command import main
from tests.support.commands import QUESTION, REPOSITORY, is_refusal
from tests.support.servers import SECONDS, RunningServer, running_server

# Every library prints as it is imported, and the index's libraries wait until a file is there.
_NOISY = """
import os, pathlib, sys, time

GATE = pathlib.Path(__file__).with_name("gate")

def noisy(event, details):
    if event == "import" and details[0] in ("mcp", "faiss", "tantivy", "onnxruntime"):
        print("noise of", details[0], flush=True)
        os.write(1, b"noise of a library in C\\n")
        while details[0] == "faiss" and not GATE.exists():
            time.sleep(0.01)

sys.addaudithook(noisy)
"""
_CLIENT = {"name": "test", "version": "1"}


class Wire:
    """Raw messages to a server over its standard input and output."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self._number = 0

    def send(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def request(self, method: str, **parameters: object) -> int:
        self._number += 1
        asked = {"jsonrpc": "2.0", "id": self._number, "method": method, "params": parameters}
        self.send(json.dumps(asked))
        return self._number

    def receive(self) -> Any:  # noqa: ANN401 - any message
        assert self.process.stdout is not None
        message = json.loads(self.process.stdout.readline())
        assert message["jsonrpc"] == "2.0"
        return message

    def initialize(self, version: str = "2025-06-18") -> Any:  # noqa: ANN401 - any message
        self.request("initialize", protocolVersion=version, capabilities={}, clientInfo=_CLIENT)
        reply = self.receive()
        self.send(json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}))
        return reply

    def end(self) -> tuple[int, str, str]:
        """Close standard input; return exit code, what is left of stdout, and stderr."""
        out, errors = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, out, errors


@contextmanager
def wired(index: Path, *options: str, **environment: str) -> Iterator[Wire]:
    command = [sys.executable, "-m", "dateline.mcp_server", "--index", str(index), *options]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, **environment},
        # Where the tests run in the background, Ctrl-C is ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        try:
            yield Wire(process)
        finally:
            process.kill()


@pytest.mark.parametrize("version", ["2024-11-05", "2025-06-18"])
def test_only_the_protocol_is_on_stdout_and_initialize_waits_for_no_model(
    seeds_index: Path, tmp_path: Path, version: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(_NOISY, encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    with wired(seeds_index, PYTHONPATH=path) as wire:
        assert wire.initialize(version)["result"]["protocolVersion"] == version
        listed = wire.request("tools/list")
        assert (wire.receive()["id"], listed) == (listed, 2)
        wire.request("tools/call", name="ask", arguments={"question": QUESTION})
        wire.send("this is no JSON")
        pinged = wire.request("ping")
        while (reply := wire.receive()).get("id") != pinged:
            assert "error" in reply  # of the line that is no JSON
        (tmp_path / "gate").touch()
        answer = wire.receive()["result"]["structuredContent"]
        assert answer["state"] == "answered"
        code, out, errors = wire.end()
    assert (code, out) == (0, "")
    for library in ("mcp", "faiss", "tantivy", "onnxruntime"):
        assert f"noise of {library}\n" in errors
    assert "Traceback" not in errors


def test_a_client_that_never_sends_a_request_is_not_waited_for(seeds_index: Path) -> None:
    with wired(seeds_index, "--patience", "1") as wire:
        assert wire.process.wait(SECONDS) == 2  # its standard input is still open
        assert wire.process.stderr is not None
        assert is_refusal(2, errors := wire.process.stderr.read())
        assert "No client has sent a request within 1 s" in errors


def test_a_client_that_initialised_is_waited_for(seeds_index: Path) -> None:
    with wired(seeds_index, "--patience", "3") as wire:
        wire.initialize()
        time.sleep(4)
        wire.request("ping")
        assert wire.receive()["result"] == {}
        assert wire.end()[0] == 0


def test_the_process_ends_with_its_client(seeds_index: Path) -> None:
    with wired(seeds_index) as wire:
        assert wire.end()[:2] == (0, "")  # before anything was sent
    with wired(seeds_index) as wire:
        wire.initialize()
        wire.request("tools/call", name="ask", arguments={"question": QUESTION})
        assert wire.process.stdin is not None
        assert wire.process.stdout is not None
        wire.process.stdout.close()  # a client that was killed reads nothing any more
        wire.process.stdin.close()
        assert wire.process.wait(SECONDS) == 0
        assert wire.process.stderr is not None
        assert "Traceback" not in wire.process.stderr.read()


@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, -15), (signal.SIGINT, 130)])
def test_a_signal_ends_it_at_once(seeds_index: Path, how: signal.Signals, code: int) -> None:
    with wired(seeds_index) as wire:
        wire.initialize()
        wire.process.send_signal(how)
        assert wire.process.wait(SECONDS) == code


@pytest.fixture(scope="module")
def http(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    log = tmp_path_factory.mktemp("mcp") / "log"
    with running_server("dateline.mcp_server", seeds_index, log, "--http") as server:
        yield server


@pytest.mark.parametrize(("mode", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
def test_the_tools_are_served_over_http_too(http: RunningServer, mode: str, version: str) -> None:
    async def session() -> None:
        async with Client(f"http://127.0.0.1:{http.port}/mcp", mode=mode) as client:
            assert client.protocol_version == version
            result = await client.call_tool("ask", {"question": QUESTION})
            assert result.structured_content["state"] == "answered"

    anyio.run(session)


POST = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
INITIALIZE = json.dumps(
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": _CLIENT},
    }
).encode()


def test_other_hosts_websites_and_large_bodies_are_refused(http: RunningServer) -> None:
    def status(body: bytes = INITIALIZE, **headers: str) -> int:
        return http.send("POST", "/mcp", body, POST | headers).status

    assert status() == status(Host="localhost") == 200
    assert status(Host="rebound.example") == 403
    assert status(Host="localhost", Origin="https://rebound.example") == 403
    assert status(b" " * 64_001) == 413
    assert status(b"no JSON") == 400
    assert http.send("GET", "/mcp", headers=POST).status == 405  # no stream that waits for nothing


def test_without_a_key_other_machines_are_not_served(
    seeds_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anywhere = ("--http", "--host", "0.0.0.0")  # noqa: S104 - that is the test
    code = main(["--index", str(seeds_index), *anywhere])
    assert is_refusal(code, refused := capsys.readouterr().err)
    assert "an API key is required" in refused
    key = {"DATELINE_API_KEY": "0123456789abcdef"}
    with running_server(
        "dateline.mcp_server", seeds_index, tmp_path / "log", *anywhere, environment=key
    ) as server:
        assert server.send("POST", "/mcp", INITIALIZE, POST).status == 401
        headers = POST | {"Authorization": f"Bearer {key['DATELINE_API_KEY']}"}
        assert server.send("POST", "/mcp", INITIALIZE, headers).status == 200
        assert server.stop() == 0
