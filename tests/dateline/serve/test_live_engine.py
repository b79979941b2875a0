"""The engine of a server opens in the background and follows its index whatever happens to it."""

import shutil
import threading
from pathlib import Path

import pytest

from dateline.serve.live_engine import LiveEngine
from indexer.errors import IndexNotFoundError
from indexer.storage.manifest import MANIFEST_FILE
from retrieval import SearchEngine
from tests.support.builders import entry, write_index


def one_article(index: Path) -> Path:
    write_index(index, [entry("a.txt", "The ferry sank on Monday.")])
    return index


def two_articles(index: Path) -> Path:
    articles = [entry("a.txt", "The ferry sank on Monday."), entry("b.txt", "Ships waited.")]
    write_index(index, articles)
    return index


def documents(live: LiveEngine) -> int:
    return live.get().info.documents


def test_the_engine_and_its_models_are_opened_in_the_background(tmp_path: Path) -> None:
    index = one_article(tmp_path / "index")
    live = LiveEngine(lambda: SearchEngine.open(index))
    assert (live.state, live.generation()) == ("opening", 0)
    live.begin().join()
    assert (live.state, live.generation()) == ("ready", 1)
    live.close()
    assert live.generation() == 0


def test_an_index_that_is_missing_is_looked_for_again_at_each_question(tmp_path: Path) -> None:
    live = LiveEngine(lambda: SearchEngine.open(tmp_path / "index"))
    live.begin().join()
    states: list[str] = [live.state]
    with pytest.raises(IndexNotFoundError, match="No index found"):
        live.get()
    one_article(tmp_path / "index")
    assert documents(live) == 1
    assert [*states, live.state] == ["unreadable", "ready"]
    live.close()


def test_a_newer_index_is_taken_and_one_that_is_damaged_tried_again_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    index, newer = one_article(tmp_path / "index"), two_articles(tmp_path / "newer")
    live = LiveEngine(lambda: SearchEngine.open(index))
    assert documents(live) == 1

    (index / MANIFEST_FILE).write_text("{}", encoding="utf-8")
    assert [documents(live) for _ in range(3)] == [1, 1, 1]
    assert caplog.text.count("The newer index could not be opened; the earlier one answers") == 1

    shutil.rmtree(index)
    assert documents(live) == 1  # its files are still open
    newer.rename(index)
    assert documents(live) == 1  # the time to try again has not come
    live._next_refresh = 0.0  # another clock would stop the loop of a server in this process
    assert documents(live) == 2
    live.close()


def test_an_engine_that_was_still_opening_when_the_server_stopped_is_closed(
    tmp_path: Path,
) -> None:
    index, opens, stopped = one_article(tmp_path / "index"), threading.Event(), threading.Event()

    def opening() -> SearchEngine:
        opens.set()
        stopped.wait()
        return SearchEngine.open(index)

    live = LiveEngine(opening)
    thread = live.begin()
    opens.wait()
    live.close()
    stopped.set()
    thread.join()
    with pytest.raises(ValueError, match="This engine is closed"):
        live.get()
