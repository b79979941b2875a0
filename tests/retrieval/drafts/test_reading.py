"""Drafts read from files and pipes, and what cannot be read."""

import io
import zipfile
from pathlib import Path

import pytest

from indexer.errors import DraftError
from retrieval.drafts.quotations import find_quotations
from retrieval.drafts.reading import draft_text, read_draft, read_stream
from tests.support.document_files import docx, word

SAID = "She said “we go” today."


def _texts(content: bytes, name: str) -> list[str]:
    return [found.text for found in find_quotations(draft_text(content, name))]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.markdown", "A.TXT"])
def test_text_is_read_in_its_encoding(name: str) -> None:
    for content in (SAID.encode(), SAID.encode("utf-8-sig"), SAID.encode("cp1252")):
        assert _texts(content, name) == ["we go"]


def test_markdown_block_quotes_links_and_escapes_are_read() -> None:
    draft = (
        'Intro \\"we go\\" and “[they](http://x.example/a) *stay*[^1]” &ldquo;yes&rdquo;\n\n'
        "> Block quote with “marks”\n> in two lines.\n>\n> — Jane Doe\n\nEnd “here”.\n"
    )
    found = find_quotations(draft_text(draft.encode(), "a.md"))
    assert [each.text for each in found] == [
        *("we go", "they *stay*", "yes"),
        *("Block quote with “marks”\nin two lines.", "here"),
    ]
    assert [each.line for each in found] == [1, 1, 1, 3, 8]
    assert (found[3].is_block, found[3].credit) == (True, "Jane Doe")


def test_html_is_read_with_its_block_quotes_and_q_elements() -> None:
    page = (
        "<html><head><title>“T”</title><script>var a = “no”;</script></head><body><p>“We "
        "<b>go</b>,” and <q>we stop</q></p><blockquote class='x'><p>One day.</p><p>Two "
        "days.</p></blockquote></body></html>"
    )
    found = find_quotations(draft_text(page.encode(), "a.html"))
    assert [each.text for each in found] == ["We go,", "we stop", "One day.\n\nTwo days."]
    assert found[2].is_block


@pytest.mark.parametrize("name", ["a.docx", "a.docm"])
def test_word_is_read_and_its_macros_are_not(name: str) -> None:
    content = io.BytesIO(docx(word(SAID) + word("“Then”")))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("word/vbaProject.bin", "“macro”".encode())
    assert _texts(content.getvalue(), name) == ["we go", "Then"]


def test_a_pipe_may_hold_text_html_or_word() -> None:
    for content in (SAID.encode(), f"<html><p>{SAID}".encode(), docx(word(SAID))):
        assert [found.text for found in find_quotations(read_stream(io.BytesIO(content)))] == [
            "we go"
        ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pdf", b"x", r"Unsupported draft: a\.pdf\. Supported: \.md, \.markdown, \.txt, \.docx"),
        ("a", b"x", "Unsupported draft: a"),
        ("a.docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 99, "protected by a password"),
        ("a.docx", b"no archive", "couldn't be read: damaged file"),
        ("a.txt", b"", "couldn't be read: empty file"),
        ("a.txt", b" \n", "couldn't be read: empty file"),
        ("a.html", b"<p> </p>", "holds no text"),
        ("a.txt", bytes(range(256)) * 40, "is not text|couldn't be read"),
        ("a\x1b[31m.pdf", b"x", r"Unsupported draft: a\\x1b\[31m\.pdf"),
    ],
)
def test_what_cannot_be_read_is_told(name: str, content: bytes, message: str) -> None:
    with pytest.raises(DraftError, match=message):
        draft_text(content, name)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.md", tmp_path):
        with pytest.raises(DraftError, match="couldn't be read: "):
            read_draft(path)
