"""The text of the pages in order; what is no PDF is a skip, whatever is wrong with it."""

import io
import random

import pypdf
import pytest

from tests.support.document_files import FIRST, HEADLINE, SECOND, pdf
from tests.support.reading_helpers import read, values

GOOD = pdf([[HEADLINE, "By Ann Other", FIRST], [SECOND]], title=HEADLINE, author="Ann Other")


def test_the_lines_of_all_pages_are_the_text_and_confirmed_claims_are_kept() -> None:
    article = read(GOOD, "x.pdf").only
    assert article.text == f"{HEADLINE}\nBy Ann Other\n{FIRST}\n\n{SECOND}"
    assert article.key == ""
    assert values(article.given) == {
        "title": HEADLINE,
        "authors": ["Ann Other"],
        "language": "en",
    }
    title = article.given.title
    assert title is not None
    assert (title.start, title.end) == (0, len(HEADLINE))


def test_what_the_text_does_not_say_is_not_believed() -> None:
    content = pdf([[FIRST]], title="Microsoft Word - Dokument1", author="jdoe")
    assert values(read(content, "x.pdf").only.given) == {"language": "en"}


def test_a_sentence_that_goes_on_over_a_page_is_not_cut_into_two_paragraphs() -> None:
    content = pdf([["The ferry sank on"], ["monday, the mayor said."]])
    assert read(content, "x.pdf").only.text == "The ferry sank on\nmonday, the mayor said."


def test_pages_without_text_say_so() -> None:
    assert read(pdf([[], []]), "x.pdf").why == (
        "no text in it",
        "2 pages without text, perhaps scanned",
    )


def test_a_password_is_not_guessed_but_an_empty_one_opens() -> None:
    for password, opens in (("secret", False), ("", True)):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(GOOD))
        writer.encrypt(password, "of the owner", algorithm="RC4-128")
        stream = io.BytesIO()
        writer.write(stream)
        found = read(stream.getvalue(), "x.pdf")
        if opens:
            assert found.only.text.startswith(HEADLINE)
        else:
            assert found.why == ("encrypted", "it opens with a password only")


@pytest.mark.parametrize("content", [b"no pdf", b"%PDF-1.4\n", b"%PDF-1.7\n%%EOF", b"\0" * 500])
def test_what_is_no_pdf_is_damaged(content: bytes) -> None:
    assert read(content, "x.pdf").why[0] == "damaged file"
    assert read(b"", "x.pdf").why == ("empty file", "")


def test_any_damage_is_an_article_or_a_skip_and_never_a_crash() -> None:
    chance = random.Random(4)  # noqa: S311 - not for secrets
    for _ in range(150):
        content = bytearray(GOOD)
        for _ in range(chance.randrange(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        del content[chance.randrange(len(content)) :][: chance.choice([0, 0, 300])]
        found = read(bytes(content), "x.pdf")
        assert len(found.articles) == (found.stopped is None)


def test_a_page_tree_that_is_its_own_child_ends() -> None:
    content = GOOD.replace(b"/Kids [4 0 R 6 0 R]", b"/Kids [2 0 R 6 0 R]")
    assert content != GOOD
    found = read(content, "x.pdf")
    assert len(found.articles) == (found.stopped is None)
