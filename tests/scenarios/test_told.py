"""What a user tells a build: kept by updates, changed without encoding anything again."""

import json
from pathlib import Path

import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.catalog.reader import Catalog
from indexer.documents import Document
from indexer.errors import CorpusError
from indexer.metadata.told import Rule, Told
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.storage.read_settings import ReadSettings
from indexer.update.update import UpdateConfig, update
from tests.support.commands import run_module

HARBOUR = (
    "Harbour stays closed\n\nThe harbour of Saltmere stays closed until Thursday, its master Ole "
    "Hansen said. The storm has torn two of the moorings."
)
BRIDGE = (
    "Bridge opens early\n\nThe bridge over the Elm opens a week early, engineers said. Its three "
    "cracked piers have been renewed."
)
FERRY = "Паром отменён\n\nПаром до острова отменён из-за шторма. Пассажиры ждут в порту."
ROWS = "title,text,source\nMill sold,The old mill at Norwick was sold on Friday.,Coast Wire\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    for name, content in {
        "herald/2023/harbour.txt": HARBOUR.encode(),
        "planet/bridge.txt": BRIDGE.encode(),
        "planet/ferry.txt": FERRY.encode("cp1251"),
        "rows.csv": ROWS.encode(),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def documents(index: Path) -> dict[str, Document]:
    with Catalog(generation_folder(index, read_manifest(index).generation)) as catalog:
        found = [catalog.document(doc_id) for doc_id in catalog.doc_ids()]
    return {document.path: document for document in found}


def outlets(index: Path) -> dict[str, tuple[str, str] | None]:
    found = {path: document.metadata.source for path, document in documents(index).items()}
    return {path: (each.value, each.found_in) if each else None for path, each in found.items()}


def test_an_index_keeps_what_is_told_and_a_change_encodes_nothing(
    corpus: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    settings = ReadSettings(told=Told(outlet_from="folder"))
    build(corpus, index, IndexConfig(threads=1, settings=settings))
    by_folder = "name of the folder, told by --outlet-from"
    assert outlets(index) == {
        "herald/2023/harbour.txt": ("herald", by_folder),
        "planet/bridge.txt": ("planet", by_folder),
        "planet/ferry.txt": ("planet", by_folder),
        "rows.csv#1": ("Coast Wire", "column source"),
    }
    rule = Rule.of("herald/**", "source", "The Herald")
    changed = update(index, UpdateConfig(threads=1, rules=(rule,)))
    assert (changed.changes.changed, changed.build.encoded) == (1, 0)
    assert outlets(index)["herald/2023/harbour.txt"] == ("The Herald", "told by --set")
    assert outlets(index)["planet/bridge.txt"] == ("planet", by_folder)

    again = update(index, UpdateConfig(threads=1, rules=(rule,)))
    assert again.build.unchanged
    (corpus / "herald" / "new.txt").write_text(BRIDGE.replace("Elm", "Ash"), encoding="utf-8")
    update(index, UpdateConfig(threads=1))
    assert outlets(index)["herald/new.txt"] == ("The Herald", "told by --set")


def test_a_list_in_the_corpus_is_no_article_and_is_read_again_by_each_update(
    corpus: Path, tmp_path: Path
) -> None:
    index, listed = tmp_path / "index", corpus / "sources.csv"
    listed.write_text("planet/**,The Planet\nnowhere/**,Nobody\n", encoding="utf-8")
    report = build(corpus, index, IndexConfig(threads=1))
    assert report.manifest.documents == 4
    assert report.skips == ()
    assert report.manifest.notes == ["no article matches nowhere/** source=Nobody (sources.csv)"]
    assert outlets(index)["planet/bridge.txt"] == ("The Planet", "told by sources.csv")
    assert build(corpus, index, IndexConfig(threads=1)).unchanged

    listed.write_text("planet/**,The Daily Planet\n", encoding="utf-8")
    changed = update(index, UpdateConfig(threads=1))
    assert (changed.changes.changed, changed.build.encoded) == (2, 0)
    assert outlets(index)["planet/bridge.txt"] == ("The Daily Planet", "told by sources.csv")
    listed.write_text("planet/**,The Daily Planet\nherald\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"sources\.csv, line 2: 1 fields instead of 2"):
        update(index, UpdateConfig(threads=1))
    assert outlets(index)["planet/bridge.txt"] == ("The Daily Planet", "told by sources.csv")


def test_a_table_of_articles_may_be_called_sources(corpus: Path, tmp_path: Path) -> None:
    (corpus / "rows.csv").rename(corpus / "sources.csv")
    build(corpus, tmp_path / "index", IndexConfig(threads=1))
    assert outlets(tmp_path / "index")["sources.csv#1"] == ("Coast Wire", "column source")


def test_another_encoding_reads_only_the_files_that_declare_none(
    corpus: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    report = build(corpus, index, IndexConfig(threads=1))
    assert report.manifest.guessed_encodings == {"windows-1251": 1}
    assert report.guessed == {"windows-1251": ("planet/ferry.txt",)}
    changed = update(index, UpdateConfig(threads=1, encoding="koi8-r"))
    assert changed.changes.changed == 1
    assert read_manifest(index).guessed_encodings == {}
    ferry = documents(index)["planet/ferry.txt"]
    assert ferry.text == FERRY.encode("cp1251").decode("koi8-r")
    assert ferry.metadata.encoding
    assert ferry.metadata.encoding.found_in == "told by --encoding"


def test_told_by_commands_from_build_to_answer(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    told = ("--set", "herald/**", "source=The Herald", "--set", "gone/**", "language=de")
    built = run_module("indexer", "build", corpus, "--index", index, "--threads", "1", *told)
    assert built.returncode == 0, built.stderr
    assert (
        "1 file read as windows-1251, guessed by its words; --encoding NAME if that is wrong: "
        "planet/ferry.txt"
    ) in built.stdout
    assert "Note: no article matches gone/** language=de (--set)" in built.stdout
    options = ("--set", "planet/**", "outlet=The Planet", "--encoding", "windows-1251", "--json")
    updated = run_module("indexer", "update", "--index", index, "--threads", "1", *options)
    assert updated.returncode == 0, updated.stderr
    told_by = json.loads(updated.stdout)
    assert (told_by["changed"], told_by["encoded"], told_by["guessed_encodings"]) == (2, 0, {})
    asked = run_module(
        *("retrieval", "ask", "when does the harbour of Saltmere open? source:herald"),
        *("--index", index, "--json"),
    )
    answer = json.loads(asked.stdout)
    assert {quote["citation"]["source"] for quote in answer["quotes"]} == {"The Herald"}
    shown = run_module("indexer", "info", "--index", index).stdout
    assert "told         herald/** source=The Herald (--set)" in shown
    assert "told         encoding windows-1251 (--encoding)" in shown
