"""A small corpus to spoil, and an index to damage."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.corpus.roots import CorpusRoots
from indexer.storage.manifest import read_manifest, write_manifest

HARBOUR = """Harbour closed after storm

The harbour of Northport was closed on Monday after a storm sank two ferries, the mayor said.

Repairs will take three weeks, according to the port authority.
"""
BRIDGE = """Bridge reopens after repairs

The old bridge over the Tarn reopened on Friday, two months earlier than planned.
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    (folder / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def news_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the two articles; a test that changes it takes `index` instead."""
    folder = tmp_path_factory.mktemp("news")
    articles = folder / "articles"
    articles.mkdir()
    (articles / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    (articles / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    build(articles, folder / "index", IndexConfig(threads=2))
    return folder / "index"


@pytest.fixture
def index(news_index: Path, corpus: Path, tmp_path: Path) -> Path:
    """A copy of that index, to spoil; its articles are those of `corpus`."""
    copy = Path(shutil.copytree(news_index, tmp_path / "index"))
    write_manifest(copy, replace(read_manifest(copy), roots=CorpusRoots.of(corpus)))
    return copy
