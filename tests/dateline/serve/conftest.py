"""A server over the five articles, started once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import RunningServer, running_server


@pytest.fixture(scope="package")
def server(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    log = tmp_path_factory.mktemp("serve") / "log"
    with running_server("dateline.serve", seeds_index, log) as started:
        yield started.wait_until_ready()
