"""Slow clients, large bodies and clients that go away cost a server little, and not for long."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
import uvicorn

from dateline.serve import listening
from dateline.serve.guard import Access, App, Guard, Message, Receive, Send
from dateline.serve.listening import address_of, listen
from indexer.errors import ServerError

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


async def hello(scope: Message, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def talk(client: Client, app: App = hello, seconds: float = 30.0) -> bytes:
    """Serve an application as the servers do, and return what a client of it received."""

    async def both() -> bytes:
        listener = listen("127.0.0.1", 0)
        config = uvicorn.Config(
            Guard(app, Access(frozenset({"localhost"}), seconds=seconds)),
            http=listening._TimedProtocol,
            lifespan="off",
            log_level="critical",
        )
        server = uvicorn.Server(config)
        serving = asyncio.ensure_future(server.serve([listener]))
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        try:
            return await asyncio.wait_for(client(reader, writer), 20)
        finally:
            writer.close()
            server.should_exit = True
            await serving

    return asyncio.run(both())


async def until_closed(reader: asyncio.StreamReader) -> bytes:
    received = b""
    with suppress(ConnectionError):
        while part := await reader.read(1_000_000):
            received += part
    return received


def test_a_quick_client_is_answered_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "_SLOW_SECONDS", 0.2)

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        received = b""
        for _ in range(3):
            writer.write(HEAD + b"\r\n")
            received += await reader.readuntil(b"hello\r\n0\r\n\r\n")
            await asyncio.sleep(0.3)  # between requests the connection may rest for longer
        return received

    assert talk(ask).count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize("sent", [b"", HEAD])
def test_a_client_that_sends_no_request_is_disconnected(
    monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(listening, "_SLOW_SECONDS", 0.2)

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(sent)
        closed = asyncio.ensure_future(until_closed(reader))
        while not closed.done() and sent:
            with suppress(ConnectionError):
                writer.write(b"a: b\r\n")
            await asyncio.sleep(0.02)
        return await closed

    assert talk(drip) == b""


def test_a_second_request_that_never_ends_is_cut_off_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "_SLOW_SECONDS", 0.2)

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(HEAD + b"\r\n")
        await reader.readuntil(b"hello\r\n0\r\n\r\n")
        writer.write(HEAD)
        return await until_closed(reader)

    assert talk(ask) == b""


def test_a_client_that_does_not_read_is_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "_SLOW_SECONDS", 0.2)
    size = 50_000_000

    async def large(scope: Message, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": bytes(size)})

    async def sleep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(HEAD + b"\r\n")
        await asyncio.sleep(1)
        return await until_closed(reader)

    assert 0 < len(talk(sleep, large)) < size


def test_a_body_that_is_too_large_is_refused_whether_its_size_is_declared_or_not() -> None:
    async def send_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(HEAD + b"Content-Length: 1000000\r\n\r\n" + bytes(100_000))
        return await until_closed(reader)

    async def send_chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(100):
            writer.write(b"400\r\n" + bytes(1024) + b"\r\n")
        return await until_closed(reader)

    for client in (send_all, send_chunks):
        received = talk(client)
        assert received.startswith(b"HTTP/1.1 413 "), received
        assert received.endswith(b'{"detail": "The body is larger than 64,000 bytes"}\r\n0\r\n\r\n')


def test_a_body_that_does_not_end_is_given_up() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(HEAD + b"Content-Length: 1000\r\n\r\nbegun")
        return await until_closed(reader)

    received = talk(drip, seconds=0.2)
    assert received.startswith(b"HTTP/1.1 408 ")
    assert b"The request took longer than 0.2 s" in received


def test_a_question_of_a_client_that_went_away_is_cancelled() -> None:
    events = []

    async def slow(scope: Message, receive: Receive, send: Send) -> None:
        events.append("began")
        try:
            await asyncio.sleep(20)
        except asyncio.CancelledError:
            events.append("cancelled")
            raise

    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(HEAD + b"\r\n")
        while not events:
            await asyncio.sleep(0.01)
        writer.close()
        while len(events) < 2:
            await asyncio.sleep(0.01)
        return b""

    talk(leave, slow)
    assert events == ["began", "cancelled"]


def test_an_error_of_the_application_is_an_internal_error() -> None:
    async def fail(scope: Message, receive: Receive, send: Send) -> None:
        raise TimeoutError("of something else")

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(HEAD + b"\r\n")
        return await until_closed(reader)

    assert talk(ask, fail).startswith(b"HTTP/1.1 500 ")


def test_an_address_is_told_as_a_url_and_a_taken_port_as_an_error() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert address_of(listener) == f"http://127.0.0.1:{port}"
        taken = (
            f"Cannot listen at 127.0.0.1, port {port}: Address already in use. Choose another with "
            "--port, or stop the program that uses it"
        )
        with pytest.raises(ServerError, match=f"^{taken}$"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "port", "why"),
    [
        ("192.0.2.1", 0, "Cannot assign requested address"),
        ("no-such-host.invalid", 0, "Cannot listen at no-such-host.invalid, port 0: "),
        ("127.0.0.1", 99999, "must be 0-65535"),
    ],
)
def test_an_address_that_is_not_ours_is_an_error(host: str, port: int, why: str) -> None:
    with pytest.raises(ServerError, match=why):
        listen(host, port)


def test_an_address_of_version_6_is_written_in_brackets() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6")
    try:
        listener = listen("::1", 0)
    except ServerError:
        pytest.skip("no IPv6 loopback")
    with listener:
        assert address_of(listener) == f"http://[::1]:{listener.getsockname()[1]}"
