"""ASGI middleware that limits who may ask a server, how much they may send, and for how long."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias

from dateline.hosts import is_served

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_MAX_BODY = 64_000  # bytes; questions and tool calls have a few kilobytes
_OPEN_PATHS = frozenset({"/health", "/ready"})  # for whoever watches the process; they tell nothing


@dataclass(frozen=True, slots=True)
class Access:
    """Names under which a server answers, its key if it has one, and the time of a request."""

    hosts: Collection[str]
    key: str | None = None
    seconds: float = 90.0


class Guard:
    """ASGI middleware that answers or refuses each request, in bounded time."""

    def __init__(self, app: App, access: Access) -> None:
        """Wrap an application."""
        self._app = app
        self._access = access

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer or refuse one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await _refuse(send, *refusal)
            return
        exchange = _Exchange(receive, send)
        try:
            async with asyncio.timeout(self._access.seconds) as limit:
                if await exchange.read_body():
                    await exchange.answer(self._app, scope)
                else:
                    what = f"The body is larger than {_MAX_BODY:,} bytes"
                    await _refuse(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, what)
        except TimeoutError:
            if not limit.expired():
                raise
            if not exchange.began:
                what = f"The request took longer than {self._access.seconds:g} s"
                await _refuse(send, HTTPStatus.REQUEST_TIMEOUT, what)

    def _refusal(self, scope: Message) -> tuple[HTTPStatus, str] | None:
        """Return why a request is refused by its headers."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if not is_served(headers.get(b"host"), headers.get(b"origin"), self._access.hosts):
            names = ", ".join(sorted(self._access.hosts))
            what = f"Only requests to {names} are answered, and none of other websites. "
            return HTTPStatus.FORBIDDEN, what + "Start the server with --allow-host to add a name"
        key = self._access.key
        if key is not None and scope["path"] not in _OPEN_PATHS:
            given = headers.get(b"authorization", "").encode("latin-1")
            if not hmac.compare_digest(given, f"Bearer {key}".encode()):
                what = "Send the server's API key as the header Authorization: Bearer KEY"
                return HTTPStatus.UNAUTHORIZED, what
        return None


class _Exchange:
    """One request and its response, which ends early when the client goes away."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._body: list[Message] = []
        self.began = False
        self._ended = False

    async def read_body(self) -> bool:
        """Read the whole body; return whether it is small enough."""
        size = 0
        while True:
            message = await self._receive()
            size += len(message.get("body", b""))
            if size > _MAX_BODY:
                return False
            self._body.append(message)
            if not message.get("more_body", False):
                return True

    async def answer(self, app: App, scope: Message) -> None:
        """Run the application, and cancel it when the client goes away before its answer."""
        running = asyncio.ensure_future(app(scope, self._replay, self._watched_send))
        gone = asyncio.ensure_future(self._client_gone())
        try:
            await asyncio.wait({running, gone}, return_when=asyncio.FIRST_COMPLETED)
            if self._ended or running.done():
                await running
        finally:
            gone.cancel()
            running.cancel()
            await asyncio.wait({running})

    async def _replay(self) -> Message:
        return self._body.pop(0) if self._body else await self._receive()

    async def _watched_send(self, message: Message) -> None:
        self.began = True
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self._ended = True
        await self._send(message)

    async def _client_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def _refuse(send: Send, status: HTTPStatus, what: str) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    if status is HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"detail": what}).encode()})
