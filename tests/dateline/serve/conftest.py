"""A server over the five articles, in a thread of the tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dateline.serve.app import make_app
from dateline.serve.desk import Desk
from dateline.serve.live_engine import LiveEngine
from retrieval import SearchEngine
from tests.support.servers import Served, served


@pytest.fixture(scope="module")
def server(seeds_index: Path) -> Iterator[Served]:
    live = LiveEngine(lambda: SearchEngine.open(seeds_index, threads=1))
    answers, lookups = (Desk(at_once=2, waiting=100, seconds=60) for _ in range(2))
    with served(make_app(live, answers, lookups)) as started:
        yield started.wait_until_ready()
