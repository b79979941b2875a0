"""A correction and the article that it corrects: found, ordered, marked and shown everywhere."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from indexer.build.links import corrections_in
from indexer.build.pipeline import IndexConfig, build
from indexer.documents import doc_id_of
from indexer.lexical.schema import Bm25Engine
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.update.update import UpdateConfig, update
from retrieval import Answer, SearchEngine
from retrieval.cli.main import main
from retrieval.evidence.export import FORMATS
from tests.support.browser import chromium, elements, until
from tests.support.page_server import served

ROOT = Path(__file__).resolve().parents[2]
ONE_THREAD = IndexConfig(threads=1)
UPDATED = UpdateConfig(threads=1, allow_deletions=True)
ASKED = "How many people died in the fire at Lorne harbour?"
FIRE, FIX, SHIP = "fire.jsonl#1", "fix.jsonl#1", "ship.jsonl#1"
# The text of the page and of the article beside it.
PAGES = """
const frames = [...document.querySelectorAll("iframe")].map(frame => frame.contentDocument);
return [document, ...frames].filter(Boolean).map(page => page.body.innerText).join(" ");
"""
REMARK = "Corrected on 2023-05-05: Correction: Lorne harbour fire"
ARTICLES = {
    "fire.jsonl": (
        "Twelve die in fire at Lorne harbour",
        "2023-05-03",
        "A fire at a warehouse in Lorne harbour on Tuesday night killed 12 people, the fire "
        "service said. “We found them behind a locked door,” chief fire officer Ana Brandt said.",
    ),
    "fix.jsonl": (
        "Correction: Lorne harbour fire",
        "2023-05-05",
        "An article on May 3 about the fire at Lorne harbour said 12 people had died; in fact 21 "
        "had, according to the fire service.",
    ),
    "ship.jsonl": (
        "Ship runs aground off Lorne",
        "2023-05-04",
        "A ship ran aground off Lorne harbour on Wednesday. Nobody was hurt, the coast guard said.",
    ),
}


def write(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        title, date, text = ARTICLES[name]
        fields = {"title": title, "date": date, "source": "The Lorne Courier", "text": text}
        (folder / name).write_text(f"{json.dumps(fields)}\n", "utf-8")
    return folder


def links(index: Path) -> set[tuple[str, str]]:
    """Return each correction in the live generation, by the paths of both articles."""
    folder = generation_folder(index, read_manifest(index).generation)
    query = (
        "SELECT a.path, b.path FROM corrections c JOIN documents a ON a.doc_id = c.doc_id "
        "JOIN documents b ON b.doc_id = c.corrected"
    )
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as catalog:
        return set(catalog.execute(query))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corrections")
    build(write(folder / "news", *ARTICLES), folder / "index", ONE_THREAD)
    return folder / "index"


@pytest.fixture(scope="module")
def engine(index: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(index) as opened:
        yield opened


@pytest.fixture(scope="module")
def answer(engine: SearchEngine) -> Answer:
    return engine.answer(ASKED)


def test_an_update_finds_the_corrections_of_a_fresh_build_and_forgets_deleted_ones(
    index: Path, tmp_path: Path
) -> None:
    assert links(index) == {(FIX, FIRE)}
    news, updated = tmp_path / "news", tmp_path / "index"
    build(write(news, "fix.jsonl", "ship.jsonl"), updated, ONE_THREAD)
    assert links(updated) == set()
    write(news, "fire.jsonl")
    update(updated, UPDATED)
    assert links(updated) == links(index)
    (news / "fix.jsonl").unlink()
    update(updated, UPDATED)
    assert links(updated) == set()


def test_a_correction_is_forgotten_with_the_corrected_article(index: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(index, tmp_path / "index"))
    news = write(tmp_path / "news", "fix.jsonl", "ship.jsonl")
    update(copied, replace(UPDATED, corpus=(news,)))
    assert links(copied) == set()


@pytest.mark.parametrize("engine", ["tantivy", "rank-bm25"])
def test_both_bm25_engines_find_the_same(index: Path, engine: Bm25Engine) -> None:
    found = corrections_in(generation_folder(index, 1), engine)
    assert found == [(doc_id_of(FIX), doc_id_of(FIRE))]


def test_the_new_value_is_marked_above_the_quotes_of_the_corrected_article(answer: Answer) -> None:
    first, *others = answer.quotes
    assert (first.citation.path, first.citation.highlight) == (FIX, "21")
    assert [each.path for each in first.citation.corrects] == [FIRE]
    assert others
    for each in others:
        assert each.citation.path == FIRE
        assert [found.path for found in each.citation.corrected_by] == [FIX]


def test_the_json_has_the_correction_and_its_first_passage(
    answer: Answer, engine: SearchEngine
) -> None:
    cited = answer.to_dict()["quotes"][1]["citation"]
    assert (cited["corrects"], cited["notice"]) == ([], None)
    (found,) = cited["corrected_by"]
    text = engine.document(doc_id_of(FIX)).text
    assert text[found["start"] : found["end"]] == ARTICLES["fix.jsonl"][2]
    assert (found["doc_id"], found["published"]) == (doc_id_of(FIX), "2023-05-05")


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_every_export_names_the_correction(answer: Answer, ending: str) -> None:
    text = FORMATS[ending](answer, None)
    if ending == ".json":
        citations = [each["citation"] for each in json.loads(text)["quotes"]]
        assert [each["doc_id"] for each in citations[1]["corrected_by"]] == [doc_id_of(FIX)]
    else:
        assert REMARK in text.replace("\\", "")
        assert "Correction of: Twelve die in fire at Lorne harbour" in text.replace("\\", "")


def test_the_terminal_names_the_correction_and_how_to_open_it(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", ASKED, "--index", str(index)]) == 0
    shown = capsys.readouterr().out
    assert REMARK in shown
    assert f"Open the correction: python -m retrieval show {doc_id_of(FIX)} --at 32" in shown
    assert main(["show", doc_id_of(FIRE), "--index", str(index)]) == 0
    assert REMARK in capsys.readouterr().out


def test_a_quotation_that_stands_only_in_a_corrected_article_is_noted(
    engine: SearchEngine,
) -> None:
    draft = (
        "“We found them behind a locked door,” she said. “Nobody was hurt, the coast guard said.”"
    )
    corrected, other = engine.check_draft(draft).quotations
    assert corrected.notes == (f"It stands only in an article that was corrected. {REMARK}.",)
    assert other.notes == ()


def test_the_page_names_the_correction_and_opens_it(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DATELINE_INDEX", str(index))
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    page.query_params["q"] = ASKED
    try:
        page.run()
        html = "\n".join(element.proto.body for element in page.get("html"))
        key, cards = html.partition('class="summary"')[::2]
        assert "<mark>21</mark>" in key
        assert "Correction of: Twelve die in fire at Lorne harbour (2023-05-03)" in key
        assert REMARK in cards
        button = next(each for each in page.button if each.label.startswith("Open the correction"))
        assert button.label == "Open the correction of 2023-05-05 to quote 2"
        button.click().run()
        (frame,) = page.get("iframe")
        assert "in fact <b>21</b> had" in frame.proto.srcdoc
        assert not page.exception
    finally:
        st.cache_resource.clear()


def test_an_index_without_the_table_says_how_to_rebuild_it(index: Path, tmp_path: Path) -> None:
    old = Path(shutil.copytree(index, tmp_path / "index"))
    manifest = json.loads((old / "manifest.json").read_text("utf-8"))
    (old / "manifest.json").write_text(json.dumps(manifest | {"format": 3}), "utf-8")
    with pytest.raises(Exception, match=r"has format 3; this version reads 4\. Rebuild it: "):
        SearchEngine.open(old)


@pytest.mark.browser
def test_the_correction_is_shown_and_opened_in_a_browser(index: Path, tmp_path: Path) -> None:
    with served(index) as page, chromium(tmp_path) as browser:

        def shown() -> str:
            return str(browser.execute_script(PAGES))

        browser.get(f"{page}/?q={quote(ASKED)}")
        until(lambda: REMARK in shown(), "the correction is not shown")
        buttons = elements(browser, "button")
        next(each for each in buttons if "Open the correction" in each.text).click()
        until(lambda: f"open={doc_id_of(FIX)}" in browser.current_url, "it does not open")
        article = "An article on May 3 about the fire at Lorne harbour said 12 people had died"
        until(lambda: article in shown().partition(REMARK)[2], "the correction is not beside it")
