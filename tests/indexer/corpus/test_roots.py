"""A corpus is a folder, a file or several; the index's paths lead back to the files."""

import os
from pathlib import Path

import pytest

from indexer.corpus.roots import CorpusRoots
from indexer.errors import CorpusError


@pytest.fixture
def places(tmp_path: Path) -> Path:
    for name in ("one/news/a.txt", "two/news/a.txt", "export.jsonl", "news-2/b.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    return tmp_path


def test_the_only_folder_has_no_label_so_that_ids_stay_as_they_were(places: Path) -> None:
    roots = CorpusRoots.of(places / "one")
    assert [root.path_of("news/a.txt") for root in roots.roots] == ["news/a.txt"]
    assert roots.locate("news/a.txt") == places / "one/news/a.txt"


def test_a_file_is_known_by_its_name(places: Path) -> None:
    roots = CorpusRoots.of(places / "export.jsonl")
    assert roots.roots[0].label == "export.jsonl"
    assert roots.locate("export.jsonl") == places / "export.jsonl"
    assert roots.locate("other.jsonl") is None


def test_several_roots_are_told_apart_by_their_names_numbered_when_equal(places: Path) -> None:
    named = ["one/news", "two/news", "export.jsonl", "news-2"]
    roots = CorpusRoots.of([places / name for name in named])
    assert [root.label for root in roots.roots] == ["news", "news-2", "export.jsonl", "news-2-2"]
    assert roots.locate("news/a.txt") == places / "one/news/a.txt"
    assert roots.locate("news-2/a.txt") == places / "two/news/a.txt"
    assert roots.locate("news-2-2/b.txt") == places / "news-2/b.txt"
    assert roots.locate("export.jsonl") == places / "export.jsonl"
    assert roots.locate("elsewhere/a.txt") is None
    assert roots.locate("news") is None


def test_a_place_in_the_file_system_leads_to_the_path_in_the_index(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(places)
    roots = CorpusRoots.of([Path("one/news"), Path("export.jsonl")])
    assert roots.index_path(Path("one/news/a.txt")) == "news/a.txt"
    assert roots.index_path(places / "export.jsonl") == "export.jsonl"
    assert roots.index_path(Path("export.jsonl#17")) == "export.jsonl#17"
    assert roots.index_path(Path("two/news/a.txt")) is None
    assert CorpusRoots.of(Path()).index_path(Path("one/x.txt")) == "one/x.txt"


def test_a_file_that_was_named_by_a_link_is_followed_to_its_target(places: Path) -> None:
    (places / "latest.jsonl").symlink_to(places / "export.jsonl")
    roots = CorpusRoots.of(places / "latest.jsonl")
    assert roots.locate("latest.jsonl") == Path(os.path.realpath(places / "export.jsonl"))


def test_a_moved_corpus_keeps_its_labels(places: Path) -> None:
    roots = CorpusRoots.of([places / "one/news", places / "export.jsonl"])
    moved = roots.moved([Path("/elsewhere/x"), Path("/elsewhere/y")])
    assert moved.locate("news/a.txt") == Path("/elsewhere/x/a.txt")
    assert moved.locate("export.jsonl") == Path("/elsewhere/y")
    with pytest.raises(CorpusError, match=r"built from 2 paths \(.*\), but --corpus gives 1"):
        roots.moved([Path("/elsewhere")])


def test_roots_within_each_other_are_refused(places: Path) -> None:
    with pytest.raises(CorpusError, match=r"news is inside .*one, so its articles would be"):
        CorpusRoots.of([places / "one", places / "one/news"])
    with pytest.raises(CorpusError, match="Give only one of them"):
        CorpusRoots.of([places / "one", places / "two" / ".." / "one"])
    with pytest.raises(CorpusError, match="No articles given"):
        CorpusRoots.of([])


def test_a_corpus_of_two_folders_cannot_move_to_one_place_twice(tmp_path: Path) -> None:
    roots = CorpusRoots.of([tmp_path / "news", tmp_path / "web"])
    with pytest.raises(CorpusError, match="its articles would be indexed twice"):
        roots.moved([tmp_path / "both", tmp_path / "both"])
