"""Articles that came, went or were renamed are told apart by path and text."""

from pathlib import Path

from indexer.build.reading import ReadingLog
from indexer.catalog.staging import StagedArticle, Staging
from indexer.corpus.roots import CorpusRoots
from indexer.corpus.scan import Corpus, Skip
from indexer.update.changes import Changes, LostFile, moved_articles
from tests.support.builders import entry, open_catalog

BEFORE = {
    "a.txt": "The ferry sank.",
    "b.txt": "The bridge was closed.",
    "closed/c.txt": "The port reopened.",
    "closed/d.txt": "The school burned.",
    "e.txt": "The mayor resigned.",
}


def changes(folder: Path, now: dict[str, str], *skips: Skip) -> Changes:
    staging_folder = folder / "new"
    staging_folder.mkdir()
    corpus = Corpus(CorpusRoots(()), (), skips)
    with (
        open_catalog(folder, [entry(path, text) for path, text in BEFORE.items()]) as live,
        Staging(staging_folder) as staging,
    ):
        for path, text in now.items():
            assert staging.add(StagedArticle(path, path, "utf-8", text))
        return moved_articles(staging, ReadingLog(), corpus, live)


def test_articles_of_the_same_paths_are_not_compared(tmp_path: Path) -> None:
    assert changes(tmp_path, dict.fromkeys(BEFORE, "Rewritten.")) == Changes(5)


def test_a_text_under_another_path_is_renamed_and_a_second_copy_added(tmp_path: Path) -> None:
    now = {**BEFORE, "new/a.txt": BEFORE["a.txt"], "copy.txt": BEFORE["a.txt"]}
    del now["a.txt"]
    assert changes(tmp_path, now) == Changes(5, added=1, renamed=1)


def test_deleted_articles_are_lost_where_their_file_or_folder_was_skipped(tmp_path: Path) -> None:
    skips = (Skip("closed", "no permission to read"), Skip("a.txt", "reading failed"))
    found = changes(tmp_path, {"b.txt": BEFORE["b.txt"]}, *skips)
    lost = (LostFile("a.txt", "reading failed", 1), LostFile("closed", "no permission to read", 2))
    assert found == Changes(5, deleted=4, lost=lost)
