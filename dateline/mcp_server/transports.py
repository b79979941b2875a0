"""How the server for agents is reached: over standard input and output, or over HTTP."""

from collections.abc import Callable
from typing import Any, TextIO

import anyio
from mcp.server import Server, ServerRequestContext
from mcp.server.context import CallNext, HandlerResult
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import Response

from dateline.serve.guard import App, Message, Receive, Send


def serve_stdio(server: "Server[Any]", stdout: TextIO, begin: Callable[[], None]) -> None:
    """Serve until standard input ends.

    Args:
        server: the server.
        stdout: receives the messages of the protocol.
        begin: called once the first request is answered, since loading models would delay that.
    """
    waiting = [begin]

    async def first(ctx: "ServerRequestContext[Any]", call_next: CallNext) -> HandlerResult:
        result = await call_next(ctx)
        if waiting:
            waiting.pop()()
        return result

    async def serve() -> None:
        async with stdio_server(stdout=anyio.wrap_file(stdout)) as (read, write):
            await server.run(read, write, server.create_initialization_options())

    server.middleware.append(first)
    try:
        anyio.run(serve)
    except* BrokenPipeError:
        pass  # the client has gone


def http_app(server: "Server[Any]", path: str) -> App:
    """Return the application that serves streamable HTTP; its host and origin are not checked."""
    app = server.streamable_http_app(
        streamable_http_path=path,
        json_response=True,
        stateless_http=True,  # questions have no history, and a session that is left costs nothing
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )

    async def without_streams(scope: Message, receive: Receive, send: Send) -> None:
        """Refuse GET: it would wait for messages of the server's own, and there are none."""
        refuse = scope["type"] == "http" and scope["method"] == "GET"
        await (Response(status_code=405, headers={"Allow": "POST"}) if refuse else app)(
            scope, receive, send
        )

    return without_streams
