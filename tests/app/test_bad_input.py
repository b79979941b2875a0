"""Bad links, drafts, and an index that changes under the page: told in words, never a traceback."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from indexer.build.pipeline import IndexConfig, build
from indexer.storage.manifest import read_manifest, write_manifest
from retrieval.cli.main import main
from tests.support.document_files import docx, word
from tests.support.page_states import Page, click, corpus_of, labels, shown

ASKED = "when did the ferry strike begin?"
LOAD = "Load the updated index"


def test_of_3000_bad_parameters_eight_are_told_and_the_rest_counted(open_page: Page) -> None:
    wrong = {f"name{number}": "x" for number in range(900)}  # Streamlit reads 1,000
    names = ";".join(f"newspeak{number}" for number in range(2099))
    page = open_page(q="What did the US ask Iran?", lang=names, k="0", **wrong)
    assert shown(page).count('role="alert"') == 9
    assert "2,992 more parts of the link were ignored." in shown(page)
    assert " quotes from " in shown(page)


def test_an_index_that_vanishes_goes_on_answering_whoever_has_it_open(
    open_page: Page, ferry: tuple[Path, Path]
) -> None:
    page = open_page(index=ferry[1], q=ASKED)
    shutil.rmtree(ferry[1])
    assert "strike began on" in shown(page.run())
    page.text_input(key="q").set_value("what did the captain say?")
    assert "ferry" in shown(click(page, "Ask"))
    assert "There is no index yet" in shown(open_page(index=ferry[1]))


def test_an_index_that_is_replaced_by_another_is_offered(
    open_page: Page, ferry: tuple[Path, Path], tmp_path: Path
) -> None:
    page = open_page(index=ferry[1], q=ASKED)
    texts = {"one": "Bridge\n\nThe bridge closed.\n", "two": "Mill\n\nThe mill opened.\n"}
    build(corpus_of(tmp_path / "others", **texts), tmp_path / "new", IndexConfig(threads=2))
    shutil.rmtree(ferry[1])
    (tmp_path / "new").rename(ferry[1])
    page.run()
    assert "A newer index is available: 2 articles (you are using 1)." in shown(page)
    assert "strike began on" in shown(page)
    page = click(page, LOAD)
    assert LOAD not in labels(page)
    assert "strike began on" not in shown(page)
    assert "2 articles" in shown(open_page(index=ferry[1]))


def test_an_index_of_an_older_version_is_told_beside_the_button_that_updates_it(
    open_page: Page, ferry: tuple[Path, Path]
) -> None:
    manifest = read_manifest(ferry[1])
    versions = replace(manifest.versions, analyzer=manifest.versions.analyzer - 1)
    write_manifest(ferry[1], replace(manifest, versions=versions))
    told = f"Index {ferry[1]} was made by an older version of Dateline"
    for parameters in ({}, {"q": ASKED}, {"view": "draft"}):
        page = open_page(index=ferry[1], **parameters)
        assert shown(page).count(told) == 1
        assert "Update the index" in labels(page)


def test_the_command_line_tells_of_an_older_index_too(
    ferry: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = read_manifest(ferry[1])
    versions = replace(manifest.versions, analyzer=manifest.versions.analyzer - 1)
    write_manifest(ferry[1], replace(manifest, versions=versions))
    (tmp_path / "draft.md").write_text("“The ferry strike began on Monday”", "utf-8")
    for command in (["ask", ASKED], ["search", "ferry"], ["check", str(tmp_path / "draft.md")]):
        main([*command, "--index", str(ferry[1])])
        told = "".join(capsys.readouterr()).replace("\n", " ")
        assert told.count("was made by an older version of Dateline") == 1
        assert f"python -m indexer update --index {ferry[1]}" in told


def checked(page: AppTest, text: str) -> AppTest:
    page.text_area[0].set_value(text)
    return click(page, "Check the quotations")


def uploaded(page: AppTest, name: str, content: bytes) -> AppTest:
    page.file_uploader[0].set_value((name, content, "application/octet-stream"))
    return click(page, "Check the quotations")


def test_a_draft_of_5_megabytes_is_checked_and_a_larger_one_is_not(open_page: Page) -> None:
    paragraph = "The council met on Monday and went home without a word about the harbour.\n\n"
    text = paragraph * (4_900_000 // len(paragraph))
    page = checked(
        open_page(view="draft"), f"{text}“Nobody in this archive ever said it”, he said."
    )
    assert "1 quotation in 5 articles: 1 not in this archive." in shown(page)
    page = checked(page, text + paragraph * 2000)
    assert "the page takes 5,000,000" in shown(page)
    assert "python -m retrieval check FILE" in shown(page)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 99, "is protected by a password"),
        ("a.docx", b"PK\x03\x04 and no more", "couldn&#x27;t be read: damaged file"),
        ("a.docm", docx(word("“Nobody in this archive said it”")), "1 quotation in 5 articles"),
        ("a.txt", "“Nobody in this archive said it\n\nMore.".encode(), "1 quotation in 5 articles"),
        ("a.txt", b"\x00\x01\x02" * 2000, "This draft could not be checked"),
    ],
    ids=["password", "damaged", "macros", "unclosed", "binary"],
)
def test_a_file_that_is_uploaded_is_checked_or_told(
    open_page: Page, name: str, content: bytes, told: str
) -> None:
    assert told in shown(uploaded(open_page(view="draft"), name, content))
