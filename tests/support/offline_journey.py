"""Program: build, ask, update, look at the page and ask the servers, in processes of their own.

python tests/support/offline_journey.py FOLDER [--empty-network]
"""

import fcntl
import http.client
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SEEDS = REPOSITORY / "seeds"
QUESTION = "what did the US ask Iran?"

# Telemetry is sent some seconds after a library was loaded.
LIFETIME = 15
_PAGE = f"""
import importlib, time
begun = time.monotonic()
for name in ("torch", "onnx", "faiss", "tantivy", "pyarrow", "lxml.etree", "rensa"):
    importlib.import_module(name)
from streamlit.testing.v1 import AppTest
page = AppTest.from_file("app.py", default_timeout=600)
page.query_params["q"] = {QUESTION!r}
page.run()
assert not page.exception, page.exception
assert "Open quote 1 in its article" in [button.label for button in page.button]
time.sleep(max(0.0, {LIFETIME} - (time.monotonic() - begun)))
"""
_CALL = json.dumps(
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": {"question": QUESTION}},
    }
)
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
_SIOCSIFFLAGS, _UP_AND_RUNNING = 0x8914, 0x41


def main(folder: Path, *, in_empty_network: bool) -> None:
    """Do what a user does, in a folder; every command must succeed."""
    if in_empty_network:
        start_loopback()
    articles, index = folder / "articles", folder / "index"
    shutil.copytree(SEEDS, articles)
    run("-m", "indexer", "build", articles, "--index", index, "--quiet")
    run("-m", "retrieval", "ask", QUESTION, "--index", index, "--quiet")
    (articles / "new.txt").write_text("Ferry sinks\n\nThe harbour ferry sank on Monday.\n")
    run("-m", "indexer", "update", "--index", index, "--quiet")
    environment = {"DATELINE_INDEX": str(index)}
    page, answers, agents = (free_port() for _ in range(3))
    commands = (
        ("streamlit", "run", "app.py", f"--server.port={page}"),
        ("dateline.serve", "--port", str(answers)),
        ("dateline.mcp_server", "--http", "--port", str(agents)),
    )
    servers = [
        subprocess.Popen(
            [sys.executable, "-m", *command], cwd=REPOSITORY, env=with_own(environment)
        )
        for command in commands
    ]
    try:
        run("-c", _PAGE, environment=environment)
        assert status(page, "GET", "/") == http.HTTPStatus.OK
        assert status(answers, "GET", "/ask?question=Iran") == http.HTTPStatus.OK
        assert status(agents, "POST", "/mcp", _CALL) == http.HTTPStatus.OK
    finally:
        for server in servers:
            server.terminate()
            server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def status(port: int, method: str, path: str, body: str | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": f"localhost:{port}"} | (_HEADERS if body else {})
    connection.request(method, path, body, headers)
    return connection.getresponse().status


def run(*arguments: str | Path, environment: dict[str, str] | None = None) -> None:
    command = [sys.executable, *map(str, arguments)]
    subprocess.run(command, cwd=REPOSITORY, env=with_own(environment or {}), check=True)


def with_own(environment: dict[str, str]) -> dict[str, str]:
    return {**os.environ, **environment}


def start_loopback() -> None:
    """Start the only interface of an empty network."""
    with socket.socket() as any_socket:
        request = struct.pack("16sh", b"lo", _UP_AND_RUNNING)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, request)


if __name__ == "__main__":
    main(Path(sys.argv[1]), in_empty_network="--empty-network" in sys.argv)
