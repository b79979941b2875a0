"""The client of a language model, against a scripted server over real HTTP."""

import json
import re
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from indexer.errors import SummaryError, UsageError
from retrieval.summary.client import LanguageModel
from tests.support.language_model import (
    Script,
    Scripted,
    event,
    scripted_server,
    send,
    sending,
    start,
    streaming,
)

MESSAGES = [{"role": "user", "content": "Write."}]


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted_server() as running:
        yield running


def _ask(server: Scripted, script: Script, seconds: float = 5) -> str:
    server.script = script
    return LanguageModel(server.url, "tiny", seconds=seconds).reply(MESSAGES)


def test_a_streamed_reply_is_joined(server: Scripted) -> None:
    assert _ask(server, streaming("The ferry sank [1].")) == "The ferry sank [1]. "
    (asked,) = server.requests
    assert (asked["model"], asked["messages"], asked["stream"]) == ("tiny", MESSAGES, True)
    assert server.paths == ["/v1/chat/completions"]
    assert "Authorization" not in server.headers[0]


def test_a_reply_in_one_object_is_read(server: Scripted) -> None:
    whole = {"choices": [{"message": {"role": "assistant", "content": "Sank [1]."}}], "error": None}
    assert _ask(server, sending(json.dumps(whole).encode())) == "Sank [1]."


def test_comments_carriage_returns_and_counts_in_a_stream_are_no_text(server: Scripted) -> None:
    stream = b": waiting\r\n\r\n" + event("Sank").replace(b"\n", b"\r\n")
    stream += b'data: {"choices": [], "usage": {"total_tokens": 3}}\n\ndata:[DONE]\n\n'
    assert _ask(server, sending(stream, "text/event-stream; charset=utf-8")) == "Sank"


@pytest.mark.parametrize("end", ["", "/", "/v1", "/v1/", "/v1/chat/completions"])
def test_an_address_may_end_before_the_path(server: Scripted, end: str) -> None:
    server.script = streaming("Yes")
    url = server.url.removesuffix("/v1") + end
    LanguageModel(url, "tiny", seconds=5).reply(MESSAGES)
    assert server.paths == ["/v1/chat/completions"]


def test_the_key_of_the_environment_is_sent_and_never_shown(
    server: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_LLM_KEY", " secret-key\n")
    model = LanguageModel.named(server.url, "tiny")
    server.script = streaming("Yes")
    model.reply(MESSAGES)
    assert server.headers[0]["Authorization"] == "Bearer secret-key"
    assert "secret" not in repr(model)


def test_no_proxy_is_asked(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert _ask(server, streaming("Yes")) == "Yes "


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        *[(url, "is no address of a language model") for url in ("localhost:11434", "", "http://")],
        ("ftp://localhost/v1", "Give one such as http://localhost:11434/v1"),
        ("http://localhost:99999", "Port out of range"),
        ("http://[::1", "Invalid IPv6 URL"),
        ("http://me:secret@localhost/v1", "is no address"),
        ("http://localhost/v1?key=1", "is no address"),
        ("http://localhost/v 1", "is no address"),
        ("http://localhost/v1\r\nX: y", "is no address"),
        ("http://löcalhost/v1", "is no address"),
    ],
)
def test_a_wrong_address_is_told_at_once(url: str, problem: str) -> None:
    with pytest.raises(UsageError, match=re.escape(problem)):
        LanguageModel(url, "tiny")


def test_a_key_goes_unencrypted_to_this_machine_only() -> None:
    with pytest.raises(UsageError, match=r"would go to 192\.0\.2\.1 without encryption"):
        LanguageModel("http://192.0.2.1:8000", "tiny", "secret")
    with pytest.raises(UsageError, match="must be printable ASCII"):
        LanguageModel("http://localhost", "tiny", "a\r\nb: c")
    for url in ("https://192.0.2.1", "http://127.0.0.7", "http://[::1]:80", "http://localhost"):
        assert LanguageModel(url, "tiny", "secret").key == "secret"


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (sending(b"", status=500), "answered 500 Internal Server Error"),
        (
            sending(b'{"error": {"message": "model \'tiny\' not found"}}', status=404),
            "answered 404 Not Found: model 'tiny' not found",
        ),
        (sending(b'{"error": "busy"}', status=503), "answered 503 Service Unavailable: busy"),
        (sending(b"<html>", "text/html", 401), "answered 401 Unauthorized. Set DATELINE_LLM_KEY"),
        (sending(b"[" * 5000, status=400), "answered 400 Bad Request"),
        (sending(b"<html>", "text/html"), "sent what is no JSON. Is this the address of its API?"),
        (sending(b"[" * 100_000), "sent what is no JSON"),
        (sending(b"\xff\xfe"), "sent what is no JSON"),
        (sending(b"[]"), "sent JSON that is no reply"),
        (sending(b"{}"), "sent JSON that is no reply"),
        (sending(b'{"choices": [1]}'), "sent JSON that is no reply"),
        (sending(b'{"choices": [{"message": [1]}]}'), "sent JSON that is no reply"),
        (sending(b'{"choices": [{"message": {"content": 5}}]}'), "sent JSON that is no reply"),
        (sending(b'{"choices": []}'), "wrote nothing"),
        (sending(b'{"choices": [{"message": {"content": " \\n"}}]}'), "wrote nothing"),
        (sending(b" " * 10_000_000), "sent more than 4,000,000 bytes"),
        (sending(b"data: {oops\n\n", "text/event-stream"), "sent what is no JSON"),
        (sending(b'data: {"choices": 3}\n\n', "text/event-stream"), "sent JSON that is no reply"),
        (
            sending(b'data: {"error": {"message": "out of\x20memory"}}\n\n', "text/event-stream"),
            "failed: out of memory",
        ),
        (sending(b"", "text/event-stream"), "broke off in the middle of its reply"),
        (sending(event("The"), "text/event-stream"), "broke off in the middle of its reply"),
        (sending(event(None, "stop"), "text/event-stream"), "wrote nothing"),
        (sending(b"x" * 10_000_000, "text/event-stream"), "sent more than 4,000,000 bytes"),
        (sending(event("") * 60_000, "text/event-stream"), "sent more than 4,000,000 bytes"),
        (
            sending(event("w" * 10_000) * 10, "text/event-stream"),
            "wrote more than 50,000 characters",
        ),
    ],
)
def test_what_is_no_reply_is_one_clear_line(server: Scripted, script: Script, problem: str) -> None:
    with pytest.raises(SummaryError) as failed:
        _ask(server, script)
    message = str(failed.value)
    assert message.startswith(f"The model tiny at {server.url} {problem}")
    assert "\n" not in message
    assert len(message) < 400


def test_a_redirect_is_not_followed(server: Scripted) -> None:
    def elsewhere(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", f"{server.url}/other")
        handler.end_headers()

    with pytest.raises(SummaryError, match="answered 307 Temporary Redirect: redirects are not"):
        _ask(server, elsewhere)
    assert len(server.requests) == 1


def test_a_server_that_is_not_there_is_told() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    with pytest.raises(SummaryError, match="cannot be reached: Connection refused"):
        LanguageModel(url, "tiny").reply(MESSAGES)
    with pytest.raises(SummaryError, match=r"at http://a\.\.b cannot be reached"):
        LanguageModel("http://a..b", "tiny").reply(MESSAGES)


def test_plain_http_on_the_address_of_another_protocol_is_told(server: Scripted) -> None:
    with pytest.raises(SummaryError, match="cannot be reached: "):
        LanguageModel(server.url.replace("http:", "https:"), "tiny", seconds=5).reply(MESSAGES)


def _silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(2)
    start(handler)


def _endless_words(handler: BaseHTTPRequestHandler) -> None:
    start(handler)
    while True:
        send(handler, event("x"))
        time.sleep(0.02)


def _endless_line(handler: BaseHTTPRequestHandler) -> None:
    start(handler)
    while True:
        send(handler, b" ")
        time.sleep(0.02)


def _endless_head(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _endless_line(handler)


@pytest.mark.parametrize("script", [_silent, _endless_words, _endless_line, _endless_head])
def test_a_model_that_never_stops_is_left_in_time(server: Scripted, script: Script) -> None:
    begun = time.monotonic()
    with pytest.raises(SummaryError, match=r"did not finish within 0\.3 s"):
        _ask(server, script, seconds=0.3)
    assert time.monotonic() - begun < 1.5


def test_a_connection_that_is_cut_is_told(server: Scripted) -> None:
    with pytest.raises(SummaryError, match="broke off: Remote end closed connection"):
        _ask(server, lambda handler: None)
    headers = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    with pytest.raises(SummaryError, match=r"broke off|sent what is no JSON"):
        _ask(server, lambda handler: send(handler, headers))
