"""Where a server listens, and how it runs until it is stopped: uvicorn with limits of its own."""

import argparse
import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from dateline.serve.guard import LOOPBACK, Access, App, Guard
from indexer.errors import ServerError

KEY_VARIABLE = "DATELINE_API_KEY"

_SHORTEST_KEY = 16  # characters
_LONGEST_HEAD = 64_000  # bytes: a question of 2,000 characters has 24,000 in an address
_MOST_CONNECTIONS = 1_000
_SLOW_SECONDS = 15.0  # for the head of a request, and for reading part of a response
_STOP_SECONDS = 10


def add_listening(parser: argparse.ArgumentParser, port: int) -> None:
    """Add the options that say where a server listens, and to whom."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen at (default: 127.0.0.1)"
    )
    parser.add_argument(
        "--port", type=int, default=port, help=f"port; 0 takes any that is free (default: {port})"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="also answer requests to this name (repeat for several)",
    )
    parser.add_argument(
        "--key-file",
        type=Path,
        metavar="FILE",
        help=f"file with the API key that requests must send (or {KEY_VARIABLE}); required unless "
        "the host is this machine only",
    )


def access_of(options: argparse.Namespace, seconds: float) -> Access:
    """Return who may ask, as the options say.

    Args:
        options: with those of `add_listening`.
        seconds: time of one request.

    Raises:
        ServerError: when a key is missing, too short or unreadable.
    """
    key = _key(options.key_file)
    if key is None and options.host not in LOOPBACK:
        raise ServerError(
            f"Other machines can reach {options.host}, so an API key is required. Write one to a "
            f"file and add --key-file FILE, or set {KEY_VARIABLE}"
        )
    return Access(frozenset({options.host, *LOOPBACK, *options.allow_host}), key, seconds)


def _key(file: Path | None) -> str | None:
    if file is None:
        key, place = os.environ.get(KEY_VARIABLE), KEY_VARIABLE
    else:
        try:
            key, place = file.read_text(encoding="ascii").strip(), str(file)
        except (OSError, UnicodeDecodeError) as error:
            raise ServerError(f"The API key in {file} cannot be read: {error}") from error
    if key is None:
        return None
    if len(key) < _SHORTEST_KEY or not (key.isascii() and key.isprintable() and " " not in key):
        raise ServerError(
            f"The API key in {place} must have at least {_SHORTEST_KEY} letters, digits or signs. "
            "Make one with: openssl rand -hex 32"
        )
    return key


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to an address.

    Raises:
        ServerError: when the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ServerError(
            f"Cannot listen at {host}, port {port}: {why}. Choose another with --port, or stop the "
            "program that uses it"
        ) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address of a bound socket as a URL."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run_server(app: App, access: Access, listener: socket.socket) -> None:
    """Answer requests until SIGTERM or Ctrl-C; those in progress are answered first."""
    config = uvicorn.Config(
        Guard(app, access),
        http=_TimedProtocol,
        ws="none",
        loop="asyncio",
        log_level="warning",
        access_log=False,  # questions are nobody's business
        server_header=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_STOP_SECONDS,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
    )
    with _stopping_is_success():
        uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def _stopping_is_success() -> Iterator[None]:
    """Ignore the signal that stopped the server, which uvicorn raises again when it is done."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, lambda *_: None) for each in signals]
    try:
        yield
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)


class _TimedProtocol(H11Protocol):
    """HTTP connection that is closed when its client sends a request, or reads, too slowly."""

    _too_late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:  # the head of the request is complete
            self._stop()
        elif self._too_late is None:
            self._start()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._start()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _start(self) -> None:
        self._stop()
        self._too_late = self.loop.call_later(_SLOW_SECONDS, self.transport.abort)

    def _stop(self) -> None:
        if self._too_late is not None:
            self._too_late.cancel()
            self._too_late = None
