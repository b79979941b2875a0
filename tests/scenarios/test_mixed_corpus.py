"""A corpus of folders, exports and archives: built, asked, cited and told of as one."""

import gzip
import json
import os
import shutil
from pathlib import Path

import pytest

import indexer.cli.main
import retrieval.cli.main
from indexer.build.generation import IndexConfig
from indexer.build.pipeline import BuildReport, build
from indexer.catalog.reader import Catalog
from indexer.errors import CorpusError
from indexer.loaders.field_names import Columns
from indexer.storage.read_settings import ReadSettings
from retrieval import SearchEngine
from tests.support.document_files import zipped

FERRY = "The ferry Mara sank off Northport on Monday, and Ada Brandt sold its wreck to Norland."
PORT = "The port of Sel was closed on Friday, since a crane fell on the old quay."
BRIDGE = "The bridge over the Tarn was opened on Sunday by the mayor of Larne, Bo Writer."
QUESTION = "who sold the wreck of the ferry?"
ROWS = (
    {"id": "f1", "title": "Ferry sinks", "text": FERRY, "date": "2023-10-26", "source": "Planet"},
    {"id": "f1", "title": "Port closed", "text": PORT},
    {"id": "f3", "title": "No text"},
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """An export, a folder and an archive."""
    root = tmp_path_factory.mktemp("corpus")
    export, folder, archive = root / "export.jsonl.gz", root / "news", root / "old.zip"
    export.write_bytes(gzip.compress("\n".join(map(json.dumps, ROWS)).encode()))
    folder.mkdir()
    (folder / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    table = "title,text\nCrane fell,A crane fell on the quay of Sel.\n"
    archive.write_bytes(zipped({"week/crane.csv": table, "../out.txt": "Out of the archive."}))
    return [export, folder, archive]


@pytest.fixture(scope="module")
def built(corpus: list[Path]) -> tuple[Path, BuildReport]:
    index = corpus[0].parent / "index"
    return index, build(corpus, index, IndexConfig(threads=2))


def test_every_article_is_there_and_everything_else_is_counted_and_listed(
    built: tuple[Path, BuildReport],
) -> None:
    index, report = built
    with Catalog(index / "000001") as catalog:
        paths = sorted(catalog.document(doc_id).path for doc_id in catalog.doc_ids())
        files = [file.path for file in catalog.files()]
    assert paths == [
        "export.jsonl.gz#f1",
        "export.jsonl.gz#f1#2",
        "news/bridge.txt",
        "old.zip#week/crane.csv#1",
    ]
    assert files == ["export.jsonl.gz", "news/bridge.txt", "old.zip"]
    assert {skip.path: skip.reason for skip in report.skips} == {
        "export.jsonl.gz#f1#2": "id of an earlier article, so kept under its number too",
        "export.jsonl.gz#f3": "row without text",
        "old.zip#../out.txt": "path that leads out of the archive",
    }
    assert sorted(entry.name for entry in (index / "000001").iterdir()) == [
        "bm25",
        "bm25-articles",
        "catalog.sqlite",
        "documents.bin",
        "places.bin",
        "vectors.faiss",
    ]


def test_an_unchanged_corpus_is_not_built_again_and_other_settings_build_it(
    corpus: list[Path], built: tuple[Path, BuildReport], tmp_path: Path
) -> None:
    index = Path(shutil.copytree(built[0], tmp_path / "index"))
    assert build(corpus, index, IndexConfig(threads=2)).unchanged
    limited = IndexConfig(threads=2, settings=ReadSettings(limit=2))
    report = build(corpus, index, limited)
    assert (report.unchanged, report.manifest.documents) == (False, 2)
    assert build(corpus, index, limited).unchanged
    with SearchEngine.open(index) as engine:
        assert engine.info.stale is not None
        assert engine.info.stale.is_current


def test_an_answer_from_an_export_is_cited_with_what_its_columns_say(
    corpus: list[Path], built: tuple[Path, BuildReport]
) -> None:
    with SearchEngine.open(built[0]) as engine:
        cited = engine.answer(QUESTION).quotes[0].citation
        document = engine.document(cited.doc_id)
        assert (cited.path, cited.quote, cited.source_state) == (
            "export.jsonl.gz#f1",
            FERRY,
            "same",
        )
        assert (cited.title, cited.source, cited.published) == (
            "Ferry sinks",
            "Planet",
            "2023-10-26",
        )
        assert document.text == f"Ferry sinks\n\n{FERRY}"
        state = corpus[0].stat()
        os.utime(corpus[0], ns=(1, 1))
        assert engine.source_state(document) == "same"
        content = corpus[0].read_bytes()
        corpus[0].write_bytes(content + b"\n")
        assert engine.answer(QUESTION).quotes[0].citation.source_state == "changed"
        corpus[0].write_bytes(content)
        os.utime(corpus[0], ns=(state.st_atime_ns, state.st_mtime_ns))
        assert engine.answer(QUESTION).quotes[0].citation.source_state == "same"


def test_a_corpus_that_has_moved_is_named_place_by_place(
    corpus: list[Path], built: tuple[Path, BuildReport], tmp_path: Path
) -> None:
    moved = [Path(shutil.move(shutil.copy(corpus[0], tmp_path), tmp_path / "x.gz")), *corpus[1:]]
    with SearchEngine.open(built[0], corpus=moved) as engine:
        assert engine.answer(QUESTION).quotes[0].citation.source_state == "same"
    with pytest.raises(CorpusError, match=r"built from 3 paths .* but --corpus gives 1"):
        SearchEngine.open(built[0], corpus=tmp_path)


def test_the_commands_tell_of_articles_in_files(
    corpus: list[Path], built: tuple[Path, BuildReport], capsys: pytest.CaptureFixture[str]
) -> None:
    index = ["--index", str(built[0])]
    assert retrieval.cli.main.main(["show", f"{corpus[0]}#f1", *index]) == 0
    assert FERRY in capsys.readouterr().out.replace("\n", " ")
    assert indexer.cli.main.main(["info", *index]) == 0
    told = capsys.readouterr().out
    assert f"articles of  {', '.join(map(str, corpus))}: up to date" in told
    assert "articles     4 in 3 files" in told
    assert indexer.cli.main.main(["verify", *index]) == 0
    capsys.readouterr()
    assert indexer.cli.main.main(["clean", f"{corpus[0]}#f1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["regions"][0]["start"] == 0
    assert indexer.cli.main.main(["clean", str(corpus[0])]) == 0
    told, note = capsys.readouterr()
    assert told.count("=== export.jsonl.gz#f1\n") == 2
    assert note == "Note: skipped export.jsonl.gz#f3: row without text (it has id, title)\n"
    assert indexer.cli.main.main(["clean", f"{corpus[0]}#none"]) == 2
    assert "no such article in the file (#none)" in capsys.readouterr().err


def test_a_limit_a_map_and_strictness_are_options_of_the_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "x.csv"
    table.write_text(f"dag,inhoud\n2021-05-01,{BRIDGE}\n2021-05-02,\n", encoding="utf-8")
    command = ["build", str(table), "--index", str(tmp_path / "index"), "--threads=2"]
    assert indexer.cli.main.main(command) == 2
    assert "(1 no column for the text)" in capsys.readouterr().err
    mapped = [*command, "--map", "text=inhoud,published=dag"]
    assert indexer.cli.main.main([*mapped, "--strict"]) == 1
    assert "x.csv#2: row without text" in capsys.readouterr().out
    assert indexer.cli.main.main([*mapped, "--strict", "--limit", "1"]) == 0
    with pytest.raises(SystemExit, match="2"):
        indexer.cli.main.main([*command, "--map", "colour=inhoud"])
    assert "expected FIELD=COLUMN, each field once, of text, title" in capsys.readouterr().err


def test_the_mapping_of_columns_is_part_of_what_an_index_was_made_from() -> None:
    one, other = (ReadSettings(Columns.parse(text)) for text in ("text=a", "text=b"))
    assert one != other
