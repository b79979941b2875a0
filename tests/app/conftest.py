"""The page on the seeds, and a browser to meet it in."""

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from selenium import webdriver

from indexer.build.pipeline import IndexConfig, build
from tests.support.browser import chromium
from tests.support.commands import REPOSITORY
from tests.support.page_server import served


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the seeds as `make run` does: built by their relative name, which the page shows."""
    index = tmp_path_factory.mktemp("browser") / "index"
    with chdir(REPOSITORY):
        build(Path("seeds"), index, IndexConfig(threads=2))
    with served(index) as found:
        yield found


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path) as chrome:
        yield chrome
