"""The text of an e-mail under its subject; headers say who sent it and when."""

import random
from email.message import EmailMessage

import pytest

from tests.support.document_files import FIRST, HEADLINE, SECOND, mail
from tests.support.reading_helpers import read, values

DATE = "Thu, 26 Oct 2023 20:42:00 +0200"
SENDER = "Ann Other <ann@planet.example>"


def test_the_plain_text_is_read_under_the_subject() -> None:
    content = mail(
        f"{FIRST}\n\n{SECOND}\n", "<p>HTML</p>", Subject=HEADLINE, From=SENDER, Date=DATE
    )
    article = read(content, "x.eml").only
    assert article.text.rstrip() == f"{HEADLINE}\n\n{FIRST}\n\n{SECOND}"
    assert values(article.given) == {
        "title": HEADLINE,
        "authors": ["Ann Other"],
        "published": "2023-10-26T20:42:00+02:00",
    }


def test_html_alone_is_read_without_its_tags_and_a_list_is_a_source() -> None:
    content = mail(
        html=f"<style>p{{}}</style><p>{FIRST}</p><p>Café &amp; more.</p>",
        Subject="=?utf-8?b?Q2Fmw6k=?=",
        From="The Daily Planet <news@planet.example>",
        List_Unsubscribe="<https://planet.example/u>",
    )
    article = read(content, "x.eml").only
    assert article.text == f"Café\n\n{FIRST}\n\nCafé & more."
    assert values(article.given) == {"title": "Café", "source": "The Daily Planet"}


def test_attachments_are_counted_and_not_read() -> None:
    message = EmailMessage()
    message["Subject"] = HEADLINE
    message.set_content(FIRST)
    message.add_attachment(b"Secret.", maintype="text", subtype="plain", filename="a.txt")
    found = read(message.as_bytes(), "x.eml")
    assert found.articles[0].text.rstrip() == f"{HEADLINE}\n\n{FIRST}"
    assert found.reasons == {"a.txt": "attachment of an e-mail"}


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("nonsense", "windows-1252"), ("utf-8", "windows-1252"), ("latin-1", "latin-1")],
)
def test_a_charset_that_is_wrong_or_unknown_is_not_believed(charset: str, encoding: str) -> None:
    head = (
        f"Subject: T\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit"
    )
    article = read(head.encode() + b"\n\nCaf\xe9.\n", "x.eml").only
    assert (article.text, article.encoding) == ("T\n\nCafé.\n", encoding)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", ("empty file", "")),
        (b"Just some words.\n\nMore words.", ("no e-mail", "it has no sender, subject or date")),
        (mail(Subject="Nothing"), ("no text in it", "")),
        (b"Subject: T\nContent-Type: image/png\n\nx", ("no text in it", "")),
    ],
)
def test_what_is_no_message_with_text_says_so(content: bytes, why: tuple[str, str]) -> None:
    assert read(content, "x.eml").why == why


def test_any_damage_is_an_article_or_a_skip_and_never_a_crash() -> None:
    good = mail(FIRST, "<p>HTML</p>", Subject=HEADLINE, From=SENDER, Date=DATE)
    chance = random.Random(4)  # noqa: S311 - not for secrets
    for _ in range(200):
        content = bytearray(good)
        for _ in range(chance.randrange(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        found = read(bytes(content), "x.eml")
        assert len(found.articles) == (found.stopped is None)
