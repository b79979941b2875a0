"""The server as a process: who is answered, what it does when busy, and how it starts and ends."""

import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dateline.serve.command import main
from indexer.build.pipeline import IndexConfig, build
from indexer.errors import install_command
from indexer.storage.manifest import MANIFEST_FILE
from tests.support.commands import QUESTION, SEEDS, is_refusal
from tests.support.servers import Reply, RunningServer, Served, running_server

FIRST = "000_ea7539c17dd2a708.txt"
KEY = "0123456789abcdef"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - that is the test
BEARER = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture(scope="module")
def keyed(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with a key and a name of its own, that answers one question at a time."""
    folder = tmp_path_factory.mktemp("keyed")
    (folder / "key").write_text(f"{KEY}\n", encoding="ascii")
    options = (
        *("--key-file", str(folder / "key"), "--allow-host", "news.example"),
        *("--at-once", "1", "--waiting", "2"),
    )
    with running_server("dateline.serve", seeds_index, folder / "log", *options) as server:
        yield server.wait_until_ready()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:80", "[::1]:80", "news.example"])
def test_the_names_of_the_server_are_answered(keyed: RunningServer, host: str) -> None:
    assert keyed.get("/outlets", {**BEARER, "Host": host}).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example"},
        {"Host": "localhost.rebound.example"},
        {"Host": "localhost", "Origin": "https://rebound.example"},
        {"Host": "localhost:1", "Origin": "http://localhost:2"},
        {"Host": "localhost", "Origin": "null"},
        {"Host": "["},
    ],
)
def test_other_names_and_websites_are_refused_even_with_the_key(
    keyed: RunningServer, headers: dict[str, str]
) -> None:
    for path in ("/outlets", "/health"):
        reply = keyed.get(path, {**BEARER, **headers})
        assert reply.status == 403
        assert reply.json["detail"].startswith("Only requests to 127.0.0.1, ::1, localhost, news")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {KEY}0"},
        {"Authorization": f"Bearer {KEY[:-1]}"},
        {"Authorization": f"bearer {KEY}"},
        {"Authorization": f"Bearer {KEY[:-1]}\xe9"},
    ],
)
def test_without_the_key_only_the_state_is_told(
    keyed: RunningServer, headers: dict[str, str]
) -> None:
    reply = keyed.get("/outlets", headers)
    assert (reply.status, reply.headers["www-authenticate"]) == (401, "Bearer")
    assert KEY not in reply.body.decode()
    assert [keyed.get(path, headers).status for path in ("/metrics", "/openapi.json")] == [401, 401]
    assert [keyed.get(path, headers).status for path in ("/health", "/ready")] == [200, 200]


def test_a_busy_server_refuses_at_once_and_says_when_to_come_back(keyed: RunningServer) -> None:
    def ask(_: int) -> tuple[Reply, float]:
        began = time.monotonic()
        return keyed.get("/ask", BEARER, question=QUESTION), time.monotonic() - began

    with ThreadPoolExecutor(12) as clients:
        replies = list(clients.map(ask, range(12)))
    answered = [seconds for reply, seconds in replies if reply.status == 200]
    refused = [(reply, seconds) for reply, seconds in replies if reply.status == 503]
    assert (len(answered) >= 3, len(refused) >= 1) == (True, True)
    assert len(answered) + len(refused) == 12
    for reply, seconds in refused:
        assert (reply.headers["retry-after"], seconds < max(answered)) == ("2", True)
        assert reply.json["detail"] == "3 questions are waiting. Try again later"
    assert keyed.get("/search", BEARER, question="ceasefire").status == 200


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_server_answers_what_it_was_asked_and_ends_with_success(
    seeds_index: Path, tmp_path: Path, how: signal.Signals
) -> None:
    with running_server("dateline.serve", seeds_index, tmp_path / "log") as server:
        server.wait_until_ready()
        with ThreadPoolExecutor(4) as clients:
            asked = [clients.submit(server.get, "/ask", question=QUESTION) for _ in range(4)]
            while b"dateline_questions 0.0" in server.get("/metrics").body:
                time.sleep(0.01)
            assert server.stop(how) == 0
            assert [each.result().status for each in asked] == [200] * 4
        with pytest.raises(ConnectionError):
            server.get("/health")
        assert server.errors().count("\n") == 1


def test_an_index_is_followed_to_its_next_generation_and_survived_when_it_vanishes(
    seeds_index: Path, tmp_path: Path
) -> None:
    articles, index = tmp_path / "articles", tmp_path / "index"
    shutil.copytree(SEEDS, articles)
    shutil.copytree(seeds_index, index)
    with running_server("dateline.serve", index, tmp_path / "log") as server:

        def found() -> tuple[int, int, bool]:
            """Return what the answering index has, and whether the first article is in it."""
            answer = server.get("/search", question="Senator Murphy met the ambassador").json
            paths = [hit["citation"]["path"] for hit in answer["hits"]]
            return answer["index"]["generation"], answer["index"]["documents"], FIRST in paths

        assert found() == (1, 5, True)
        (articles / FIRST).unlink()  # what is left has its vectors, so this is quick
        build(articles, index, IndexConfig(threads=2, replace=True))
        assert found() == (2, 4, False)

        manifest = (index / MANIFEST_FILE).read_bytes()
        (index / MANIFEST_FILE).write_bytes(b"{}")
        assert found() == (2, 4, False)
        assert "The newer index could not be opened; the earlier one answers: " in server.errors()
        (index / MANIFEST_FILE).write_bytes(manifest)

        shutil.rmtree(index)
        assert found() == (2, 4, False)
        assert server.get("/ask", question=QUESTION).json["state"] == "answered"

        shutil.copytree(seeds_index, index)  # another index at the same place
        end = time.monotonic() + 30  # one that was damaged is tried again only after a while
        while found() != (1, 5, True):
            assert time.monotonic() < end
            time.sleep(0.1)


def test_an_index_that_cannot_be_opened_is_503_until_it_can(
    seeds_index: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    shutil.copytree(seeds_index, index)
    (catalog,) = index.glob("*/catalog.sqlite")
    catalog.rename(tmp_path / "catalog.sqlite")
    with running_server("dateline.serve", index, tmp_path / "log") as server:
        reply = server.get("/search", question="Iran")
        assert (reply.status, reply.headers["retry-after"]) == (503, "2")
        assert "is damaged" in reply.json["detail"]
        ready = server.get("/ready")
        assert (ready.status, ready.json) == (503, {"status": "unreadable"})
        assert server.get("/health").status == 200
        (tmp_path / "catalog.sqlite").rename(catalog)
        assert server.get("/search", question="Iran").status == 200
        assert server.get("/ready").json == {"status": "ready"}


def test_two_servers_answer_the_same_from_one_index(server: Served, keyed: RunningServer) -> None:
    ours = server.get("/search", question="ceasefire").json["hits"]
    assert ours == keyed.get("/search", BEARER, question="ceasefire").json["hits"]


def test_nothing_that_was_asked_is_logged(keyed: RunningServer) -> None:
    assert keyed.get("/search", BEARER, question="a secret question").status == 200
    assert keyed.get("/ask", BEARER, question="a secret question", k="secret").status == 422
    assert "secret" not in keyed.errors()


def test_a_server_that_cannot_start_says_why(
    server: Served,
    seeds_index: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DATELINE_API_KEY", raising=False)
    (tmp_path / "short").write_text("secret", encoding="ascii")
    refused: dict[tuple[str, ...], str] = {
        ("--port", "0"): f"error: No index found at {tmp_path / 'nowhere'}. Build it: ",
        ("--index", str(seeds_index), "--port", str(server.port)): (
            f"error: Cannot listen at 127.0.0.1, port {server.port}: Address already in use."
        ),
        ("--host", EVERYWHERE): (
            f"error: Other machines can reach {EVERYWHERE}, so an API key is required. Write one "
            "to a file and add --key-file FILE, or set DATELINE_API_KEY"
        ),
        ("--key-file", str(tmp_path / "short")): (
            f"error: The API key in {tmp_path / 'short'} must have at least 16 letters, digits or "
            "signs. Make one with: openssl rand -hex 32"
        ),
        ("--key-file", str(tmp_path / "none")): (
            f"error: The API key in {tmp_path / 'none'} cannot be read: "
        ),
    }
    for options, why in refused.items():
        code = main(["--index", str(tmp_path / "nowhere"), *options])
        errors = capsys.readouterr().err
        assert is_refusal(code, errors), errors
        assert errors.startswith(why)


def test_a_missing_library_is_told_with_the_command_that_installs_it(
    seeds_index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "dateline.serve.app", None)
    assert main(["--index", str(seeds_index)]) == 2
    assert capsys.readouterr().err == (
        "error: dateline.serve.app is not installed. Install what is needed: "
        f"{install_command('fastapi', 'uvicorn', 'prometheus-client')}\n"
    )


def test_a_key_of_the_environment_lets_other_machines_ask(
    seeds_index: Path, tmp_path: Path
) -> None:
    with running_server(
        "dateline.serve",
        seeds_index,
        tmp_path / "log",
        *("--host", EVERYWHERE),
        environment={"DATELINE_API_KEY": KEY},
    ) as server:
        assert server.get("/outlets").status == 401
        assert server.get("/outlets", BEARER).status == 200
        with socket.create_connection((socket.gethostname(), server.port), 30):
            pass
