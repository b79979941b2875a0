"""Sessions of the SDK's own client with the server, in a process of its own or in the test's."""

import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from dateline.mcp_server.tools import make_server
from dateline.serve.desk import Desk
from dateline.serve.live_engine import LiveEngine
from retrieval import SearchEngine
from tests.support.commands import REPOSITORY

Connect = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture
def connect() -> Connect:
    """Open a session with a server in this process."""

    @asynccontextmanager
    async def session(index: Path) -> AsyncIterator[Client]:
        live, desk = (
            LiveEngine(lambda: SearchEngine.open(index)),
            Desk(at_once=1, waiting=5, seconds=60),
        )
        async with Client(make_server(live, desk)) as client:
            yield client
        desk.close()
        live.close()

    return session


@pytest.fixture
def start(tmp_path: Path) -> Connect:
    """Open a session over standard input and output; what the server tells goes to a file."""

    @asynccontextmanager
    async def session(index: Path, mode: str) -> AsyncIterator[Client]:
        command = ["-m", "dateline.mcp_server", "--index", str(index)]
        parameters = StdioServerParameters(
            command=sys.executable, args=command, env=dict(os.environ), cwd=REPOSITORY
        )
        with (tmp_path / "log").open("w", encoding="utf-8") as log:
            async with Client(stdio_client(parameters, log), mode=mode) as client:
                yield client

    return session
