"""Every quote of a pack holds, has moved, has changed or is gone, by real files and indexes."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.corpus.roots import CorpusRoots
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import read_manifest
from retrieval.evidence.pack import Pack, PackedQuote, pack_json, read_pack
from retrieval.evidence.recheck import Checked, FolderArchive, IndexArchive, Place, check_pack
from tests.support.answer_builders import document
from tests.support.builders import entry, write_index
from tests.support.evidence import answer_of, quoting

LEVY = """Council raises the harbour levy

The town council of Arnmouth raised the harbour levy to 40 crowns on Tuesday.

Fishing crews said that they had not been asked.
"""
BRIDGE = """Bridge over the Selle closes

Engineers closed the bridge over the Selle after they had found cracks.

The mayor of Selleburg expects repairs to take nine weeks.
"""
NINE = "The mayor of Selleburg expects repairs to take nine weeks."
SAID = "The town council of Arnmouth raised the harbour levy to 40 crowns on Tuesday."

Compare = Callable[[Pack], list[Checked]]


ROWS = "The ferry to Holm sails again from Monday on."


def packed(path: str, text: str, said: str) -> PackedQuote:
    quote = quoting(said, source=document(path, text))
    (found,) = read_pack(pack_json(answer_of(quote))).quotes
    return found


PACK = Pack("?", "now", (packed("levy.txt", LEVY, SAID), packed("bridge.txt", BRIDGE, NINE)))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "levy.txt").write_text(LEVY, encoding="utf-8")
    (folder / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    return folder


def with_index(corpus: Path, index: Path) -> None:
    """Write an index of a corpus of text files."""
    files = sorted(corpus.glob("*.txt"))
    write_index(index, [entry(file.name, file.read_text(encoding="utf-8")) for file in files])


def by_index(pack: Pack, corpus: Path, index: Path) -> list[Checked]:
    """Compare a pack with an index of a corpus."""
    with LocalStore(index, read_manifest(index)) as store:
        return check_pack(pack, IndexArchive(store, CorpusRoots.of(corpus)))


@pytest.fixture(params=["index", "folder"])
def compare(request: pytest.FixtureRequest, corpus: Path, tmp_path: Path) -> Compare:
    """Compare with an index of the corpus as it is now, or with its files."""

    def compared(pack: Pack) -> list[Checked]:
        if request.param == "folder":
            return check_pack(pack, FolderArchive(CorpusRoots.of(corpus)))
        with_index(corpus, tmp_path / "now")
        return by_index(pack, corpus, tmp_path / "now")

    return compared


def test_untouched_articles_hold_every_quote(compare: Compare) -> None:
    checked = compare(PACK)
    assert [each.verdict for each in checked] == ["holds", "holds"]
    assert [each.notes for each in checked] == [(), ()]


def test_a_quote_at_another_offset_has_moved_and_says_that_the_file_differs(
    corpus: Path, compare: Compare
) -> None:
    text = f"Arnmouth, Wednesday\n\n{LEVY}"
    (corpus / "levy.txt").write_text(text, encoding="utf-8")
    moved, held = compare(PACK)
    assert (moved.verdict, held.verdict) == ("moved", "holds")
    assert moved.place is not None
    assert (moved.place.path, moved.place.start) == ("levy.txt", text.index(SAID))
    assert "its file is not the one cited (another SHA-256)" in moved.notes


def test_a_renamed_article_has_moved(corpus: Path, compare: Compare) -> None:
    (corpus / "levy.txt").rename(corpus / "council.txt")
    moved = compare(PACK)[0]
    assert moved.verdict == "moved"
    assert moved.place is not None
    assert (moved.place.path, moved.place.start) == ("council.txt", LEVY.index(SAID))


def test_a_number_that_was_corrected_has_changed(corpus: Path, compare: Compare) -> None:
    (corpus / "levy.txt").write_text(LEVY.replace("40", "45"), encoding="utf-8")
    changed = compare(PACK)[0]
    assert (changed.verdict, changed.place) == ("changed", None)


def test_an_article_that_was_deleted_is_gone(corpus: Path, compare: Compare) -> None:
    (corpus / "levy.txt").unlink()
    gone = compare(PACK)[0]
    assert (gone.verdict, gone.place) == ("gone", None)


def test_a_changed_article_whose_words_stand_elsewhere_says_where(
    corpus: Path, compare: Compare
) -> None:
    (corpus / "levy.txt").write_text(LEVY.replace("40", "45"), encoding="utf-8")
    (corpus / "reprint.txt").write_text(f"From the papers\n\n{SAID}\n", encoding="utf-8")
    changed = compare(PACK)[0]
    assert changed.verdict == "changed"
    assert "it stands in reprint.txt" in changed.notes


def test_a_quote_edited_in_the_pack_has_changed(compare: Compare) -> None:
    edited = replace(PACK.quotes[0], quote=PACK.quotes[0].quote.replace("raised", "lowered"))
    assert compare(replace(PACK, quotes=(edited,)))[0].verdict == "changed"


def test_metadata_edited_in_the_pack_is_told(corpus: Path, tmp_path: Path) -> None:
    with_index(corpus, tmp_path / "now")
    edited = replace(PACK.quotes[0], source="The Great Gazette")
    (checked,) = by_index(replace(PACK, quotes=(edited,)), corpus, tmp_path / "now")
    assert checked.verdict == "holds"
    assert checked.notes == ("the pack says outlet 'The Great Gazette', the article None",)


def test_a_file_that_changed_or_vanished_after_the_build_is_told(
    corpus: Path, tmp_path: Path
) -> None:
    with_index(corpus, tmp_path / "now")
    (corpus / "levy.txt").write_text("Something else\n", encoding="utf-8")
    (corpus / "bridge.txt").unlink()
    levy, bridge = by_index(PACK, corpus, tmp_path / "now")
    assert (levy.verdict, bridge.verdict) == ("holds", "holds")
    assert levy.notes == ("its file has changed since it was indexed; update the index",)
    assert bridge.notes == ("its file is missing, so only the indexed text was compared",)


def test_an_article_of_a_file_of_many_is_found_by_its_key(corpus: Path) -> None:
    lines = [{"id": "r0", "text": "Something else happened."}, {"id": "r1", "text": ROWS}]
    text = "\n".join(map(json.dumps, lines))
    (corpus / "rows.jsonl").write_text(text, encoding="utf-8")
    pack = replace(PACK, quotes=(packed("rows.jsonl#r1", ROWS, ROWS),))
    assert check_pack(pack, FolderArchive(CorpusRoots.of(corpus)))[0].verdict == "holds"
    (corpus / "rows.jsonl").rename(corpus / "other.jsonl")
    (moved,) = check_pack(pack, FolderArchive(CorpusRoots.of(corpus)))
    assert (moved.verdict, moved.place) == ("moved", Place("other.jsonl#r1", 0))
    only = FolderArchive(CorpusRoots.of(corpus / "other.jsonl"))
    assert check_pack(pack, only)[0].place == Place("other.jsonl#r1", 0)


def test_a_link_out_of_the_corpus_is_not_followed(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text(LEVY, encoding="utf-8")
    (corpus / "levy.txt").unlink()
    (corpus / "levy.txt").symlink_to(tmp_path / "outside.txt")
    checked = check_pack(PACK, FolderArchive(CorpusRoots.of(corpus)))
    assert checked[0].verdict == "gone"
