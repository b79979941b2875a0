"""The page on the seeds, and a browser to meet it in."""

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
import streamlit as st
from selenium import webdriver
from streamlit.testing.v1 import AppTest

from indexer.build.pipeline import IndexConfig, build
from tests.support.browser import chromium
from tests.support.commands import REPOSITORY
from tests.support.page_server import served
from tests.support.page_states import SECONDS, Page, corpus_of


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


@pytest.fixture(scope="module", autouse=True)
def _closed_engines() -> Iterator[None]:
    yield
    st.cache_resource.clear()


@pytest.fixture
def open_page(seeds_index: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    """Open the page as an address does; `index` stands for another index than the seeds'."""

    def open_(index: Path = seeds_index, **parameters: str) -> AppTest:
        monkeypatch.chdir(REPOSITORY)
        monkeypatch.setenv("DATELINE_INDEX", str(index))
        page = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=SECONDS)
        for name, value in parameters.items():
            page.query_params[name] = value
        return page.run()

    return open_


@pytest.fixture
def ferry(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A corpus of one article, and its index."""
    text = "Ferry strike\n\nThe ferry strike began on Monday, said the captain of the ferry.\n"
    corpus, index = corpus_of(tmp_path / "corpus", ferry=text), tmp_path / "index"
    build(corpus, index, IndexConfig(threads=2))
    yield corpus, index
    st.cache_resource.clear()
