"""Guard of the page's server: it answers only this machine, and only the page itself.

A website can give its own name the address 127.0.0.1 and read what is served there; a program on
another port of this machine can open the page's websocket. Both show in the headers.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from dateline.hosts import is_served

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_App = Callable[[_Message, _Receive, _Send], Awaitable[None]]

_REFUSAL = b"Only localhost and 127.0.0.1 are served. Open http://localhost with the page's port."


class ServedHosts:
    """ASGI middleware that refuses other hosts and origins with 403, on HTTP and the websocket."""

    def __init__(self, app: _App) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answer or refuse one request."""
        headers = {name: value.decode("latin-1") for name, value in scope.get("headers", ())}
        allowed = st.get_option("server.allowedHosts")
        if scope["type"] == "lifespan" or is_served(
            headers.get(b"host"), headers.get(b"origin"), allowed
        ):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # 403 before it is accepted
        else:
            plain = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 403, "headers": plain})
            await send({"type": "http.response.body", "body": _REFUSAL})


GUARDS = [Middleware(ServedHosts)]
