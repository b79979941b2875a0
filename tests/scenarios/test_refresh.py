"""`SearchEngine.refresh`: which generation answers, what is kept, and when files are closed.

Every article of an index says which edition it is, and the edition is the number of the generation,
so that an answer which mixes two of them would be seen.
"""

import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.errors import IndexFormatError, IndexNotFoundError
from indexer.storage.manifest import MANIFEST_FILE, read_manifest, write_manifest
from retrieval import SearchEngine
from tests.support.commands import REPOSITORY

QUESTION = "which harbour was closed after the storm?"
LAST = 5

# Writes edition after edition and builds each, in a process of its own.
_BUILD_EDITIONS = """
import sys
from pathlib import Path
from indexer.build.pipeline import IndexConfig, build
from tests.scenarios.test_refresh import write_edition

folder, index, last = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
for edition in range(2, last + 1):
    write_edition(folder, edition)
    assert build(folder, index, IndexConfig(threads=1, replace=True)).manifest.generation == edition
"""


def write_edition(folder: Path, edition: int) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"Eastport{edition - 1}.txt").unlink(missing_ok=True)
    for harbour in ("Northport", "Southport", f"Eastport{edition}"):
        text = (
            f"Harbour of {harbour} closed, edition {edition}\n\n"
            f"The harbour of {harbour} was closed after a storm, says edition {edition}.\n"
        )
        (folder / f"{harbour}.txt").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the first edition."""
    folder = tmp_path_factory.mktemp("editions")
    write_edition(folder / "articles", 1)
    build(folder / "articles", folder / "index", IndexConfig(threads=2))
    return folder


@pytest.fixture
def articles(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first / "articles", tmp_path / "articles"))


@pytest.fixture
def index(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first / "index", tmp_path / "index"))


def update(articles: Path, index: Path, edition: int) -> None:
    write_edition(articles, edition)
    config = IndexConfig(threads=2, replace=True)  # the index was built from the original
    assert build(articles, index, config).manifest.generation == edition


def check_one_generation(engine: SearchEngine) -> int:
    """Ask, and compare every passage and quote with the generation that the answer names."""
    with engine.pinned() as pinned:
        answer = pinned.answer(QUESTION)
        edition = f"edition {answer.index.generation}"
        assert answer.quotes
        for hit in answer.hits:
            passage = hit.found.passage
            assert edition in hit.found.text
            assert (
                pinned.document(passage.doc_id).text[passage.start : passage.end] in hit.found.text
            )
        for quote in answer.quotes:
            cited = quote.citation
            assert edition in cited.quote
            text = pinned.document(cited.doc_id).text
            assert text[cited.start : cited.end] == cited.quote
    answer = engine.answer(QUESTION)
    assert {f"edition {answer.index.generation}" in hit.found.text for hit in answer.hits} == {True}
    return answer.index.generation


def opened_files(index: Path) -> set[str]:
    """The generations of which this process has files open or mapped."""
    links = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(link.readlink()))
        except OSError:
            continue  # the folder's own
    links += Path("/proc/self/maps").read_text().splitlines()
    return {
        name.name
        for name in index.iterdir()
        if name.is_dir() and any(f"{name}/" in link for link in links)
    }


def test_an_engine_answers_from_its_generation_until_it_is_refreshed(
    articles: Path, index: Path
) -> None:
    with SearchEngine.open(index) as engine:
        assert (engine.is_outdated(), engine.refresh()) == (False, False)
        with engine._current.held() as snapshot:
            models = (snapshot.encoder, snapshot.reader)
        update(articles, index, 2)
        assert engine.is_outdated()
        assert check_one_generation(engine) == 1
        assert engine.refresh()
        assert (engine.is_outdated(), engine.refresh()) == (False, False)
        assert check_one_generation(engine) == 2
        assert (engine.info.generation, engine.manifest.generation) == (2, 2)
        with engine._current.held() as snapshot:
            assert (snapshot.encoder, snapshot.reader) == models


def test_threads_see_one_generation_each_while_another_process_builds(
    articles: Path, index: Path
) -> None:
    command = [sys.executable, "-c", _BUILD_EDITIONS, str(articles), str(index), str(LAST)]
    with SearchEngine.open(index, threads=1) as engine, ThreadPoolExecutor(4) as pool:
        building = subprocess.Popen(command, cwd=REPOSITORY)
        done = threading.Event()

        def ask() -> list[int]:
            seen = [1]
            while not done.is_set():
                seen.append(check_one_generation(engine))
            return seen

        def refresh() -> int:
            changes = 0
            while not done.is_set():
                changes += engine.is_outdated() and engine.refresh()
            return changes

        asking = [pool.submit(ask) for _ in range(3)]
        refreshing = pool.submit(refresh)
        assert building.wait(timeout=300) == 0
        done.set()
        engine.refresh()
        assert refreshing.result() >= 2
        for found in asking:
            seen = found.result()
            assert seen == sorted(seen)
            assert len(set(seen)) > 2
        assert check_one_generation(engine) == LAST


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="open files are listed in /proc")
def test_files_are_closed_behind_the_last_who_uses_them(articles: Path, index: Path) -> None:
    with SearchEngine.open(index) as engine:
        pinned = engine.pinned()
        update(articles, index, 2)
        assert engine.refresh()
        assert opened_files(index) == {"000001", "000002"}
        assert check_one_generation(pinned) == 1
        pinned.close()
        assert opened_files(index) == {"000002"}
        assert check_one_generation(engine) == 2
    assert opened_files(index) == set()


def test_a_generation_that_cannot_be_opened_leaves_the_one_before_answering(
    articles: Path, index: Path
) -> None:
    with SearchEngine.open(index) as engine:
        update(articles, index, 2)
        vectors = index / "000002/vectors.faiss"
        os.truncate(vectors, 100)
        with pytest.raises(IndexFormatError, match="has 100 bytes"):
            engine.refresh()
        assert check_one_generation(engine) == 1
        update(articles, index, 3)
        assert engine.refresh()
        assert check_one_generation(engine) == 3
        shutil.rmtree(index)
        assert not engine.is_outdated()
        with pytest.raises(IndexNotFoundError, match="No index found at"):
            engine.refresh()
        assert check_one_generation(engine) == 3


def test_a_clock_that_jumps_back_does_not_hide_a_new_generation(
    articles: Path, index: Path
) -> None:
    with SearchEngine.open(index) as engine:
        update(articles, index, 2)
        os.utime(index / MANIFEST_FILE, (0, 0))
        assert engine.is_outdated()
        assert engine.refresh()
        write_manifest(index, read_manifest(index))  # the same, written again
        assert engine.is_outdated()
        assert (engine.refresh(), engine.is_outdated()) == (False, False)


def test_an_index_that_was_made_anew_is_another_one_although_its_number_is_the_same(
    articles: Path, index: Path
) -> None:
    with SearchEngine.open(index) as engine:
        shutil.rmtree(index)
        write_edition(articles, 2)
        build(articles, index, IndexConfig(threads=2))
        assert engine.refresh()
        assert engine.info.generation == 1
        assert "edition 2" in engine.search(QUESTION).hits[0].found.text


def test_a_corpus_that_has_moved_is_looked_for_where_it_was_said_to_be(
    articles: Path, index: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    with SearchEngine.open(index, corpus=moved) as engine:
        update(articles, index, 2)
        articles.rename(moved)
        assert engine.refresh()
        assert not engine.refresh()
        states = {quote.citation.source_state for quote in engine.answer(QUESTION).quotes}
        assert states == {"same"}


def test_a_closed_engine_refuses_and_one_that_it_pinned_goes_on(index: Path) -> None:
    engine = SearchEngine.open(index)
    pinned = engine.pinned()
    engine.close()
    engine.close()
    for use in (engine.refresh, engine.pinned, engine.is_outdated, lambda: engine.info):
        with pytest.raises(ValueError, match=r"This engine is closed\. Open another"):
            use()
    with pinned:
        assert check_one_generation(pinned) == 1
