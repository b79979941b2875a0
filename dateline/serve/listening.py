"""Where a server listens, and how it runs until it is stopped: uvicorn with limits of its own."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from dateline.serve.guard import Access, App, Guard
from indexer.errors import ServerError

_LONGEST_HEAD = 64_000  # bytes: a question of 2,000 characters has 24,000 in an address
_MOST_CONNECTIONS = 1_000
_SLOW_SECONDS = 15.0  # for the head of a request, and for reading part of a response
_STOP_SECONDS = 10


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


def make_server(app: App, access: Access) -> uvicorn.Server:
    """Return a server of an application, with limits on who may ask, how much and how slowly."""
    return uvicorn.Server(
        uvicorn.Config(
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
    )


def run_server(app: App, access: Access, listener: socket.socket) -> None:
    """Answer requests until SIGTERM or Ctrl-C; those in progress are answered first."""
    with _stopping_is_success():
        make_server(app, access).run(sockets=[listener])


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

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # narrower: TCP only
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
