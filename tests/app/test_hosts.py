"""The page's server answers only those who opened it as localhost or 127.0.0.1."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dateline.hosts import is_served

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60
PATHS = ("/", "/_stcore/health", "/_stcore/host-config", "/static/index.html")
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        found: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={found}"]
    server = subprocess.Popen(
        command, cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            try:
                if status(found, "/_stcore/health", f"localhost:{found}") == http.HTTPStatus.OK:
                    break
            except OSError:
                time.sleep(0.2)
        else:
            pytest.fail("the server did not start")
        yield found
    finally:
        server.kill()
        server.wait()


def status(port: int, path: str, host: str, **headers: str) -> int:
    """Return the status of a reply; 101 means that a websocket was opened."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.putrequest("GET", path, skip_host=True)
        for name, value in {"Host": host, **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_the_page_is_served_under_both_names_of_this_machine(port: int, name: str) -> None:
    host = f"{name}:{port}"
    assert status(port, "/", host) == http.HTTPStatus.OK
    opened = status(port, "/_stcore/stream", host, Origin=f"http://{host}", **UPGRADE)
    assert opened == http.HTTPStatus.SWITCHING_PROTOCOLS


@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_name_gets_nothing_over_http(port: int, path: str) -> None:
    assert status(port, path, f"evil.example:{port}") == http.HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("evil.example:{port}", "http://evil.example:{port}"),
        ("127.0.0.1:{port}", "http://127.0.0.1:9999"),
        ("localhost:{port}", "null"),
        ("localhost.evil.example", "http://localhost.evil.example"),
    ],
)
def test_a_foreign_name_or_another_port_opens_no_websocket(
    port: int, host: str, origin: str
) -> None:
    opened = status(
        port,
        "/_stcore/stream",
        host.format(port=port),
        Origin=origin.format(port=port),
        **UPGRADE,
    )
    assert opened == http.HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("host", [None, "", "[::1", "localhost@evil.example", "evil.example"])
def test_a_host_that_is_missing_broken_or_foreign_is_not_served(host: str | None) -> None:
    assert not is_served(host, None, ["localhost", "127.0.0.1"])
