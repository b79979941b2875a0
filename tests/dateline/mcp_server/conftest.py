"""Sessions of the SDK's own client with the server in a process of its own."""

import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from tests.support.commands import REPOSITORY

Connect = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture
def connect(tmp_path: Path) -> Connect:
    """Open a session over standard input and output; what the server tells goes to a file."""

    @asynccontextmanager
    async def session(index: Path, mode: str = "auto", *options: str) -> AsyncIterator[Client]:
        command = ["-m", "dateline.mcp_server", "--index", str(index), *options]
        parameters = StdioServerParameters(
            command=sys.executable, args=command, env=dict(os.environ), cwd=REPOSITORY
        )
        with (tmp_path / "log").open("w", encoding="utf-8") as log:
            async with Client(stdio_client(parameters, log), mode=mode) as client:
                yield client

    return session
