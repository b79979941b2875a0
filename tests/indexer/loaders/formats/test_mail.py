"""The text of an e-mail under its subject; headers say who sent it and when."""

import random
import time
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
    [("nonsense", "windows-1252"), ("utf-8", "windows-1252"), ("latin-1", "cp1252")],
)
def test_a_charset_that_is_wrong_or_unknown_is_not_believed(charset: str, encoding: str) -> None:
    head = (
        f"Subject: T\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit"
    )
    article = read(head.encode() + b"\n\nCaf\xe9.\n", "x.eml").only
    assert (article.text, article.encoding) == ("T\n\nCafé.\n", encoding)


def raw(head: bytes, body: bytes, charset: str = "utf-8") -> bytes:
    kind = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    return head + b"\n" + kind.encode() + body


@pytest.mark.parametrize(
    ("charset", "meant", "text"),
    [
        ("iso-8859-1", "windows-1252", "“It sank” – for €48."),
        ("gb2312", "gb18030", "前总理朱镕基周四表示。"),
        ("shift_jis", "cp932", "①髙橋さんが書いた。"),
        ("euc-kr", "cp949", "똠방각하가 말했다."),
        ("koi8-r", "koi8-r", "Паром затонул."),
        ("iso-8859-1", "utf-8", "“It sank” – for €48."),
    ],
)
def test_text_and_raw_headers_are_in_the_character_set_that_is_meant(
    charset: str, meant: str, text: str
) -> None:
    encoded = text.encode(meant)
    article = read(raw(b"Subject: " + encoded, encoded + b"\n", charset), "x.eml").only
    assert article.text == text + "\n"
    assert values(article.given)["title"] == text


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("=?iso-8859-1?Q?=93It=20sank=94?=", "“It sank”"),
        ("=?utf-8?B?Q2Fmw6k=?= =?utf-8?q?_=26_more?= today", "Café & more today"),
        ("Re: =?utf-8?B?Q2Fmww==?=\n =?utf-8?B?qSBiYXI=?=", "Re: Café bar"),
        ("=?gb2312?B?1uzpRrv5?=", "朱镕基"),
        ("=?nonsense?Q?Sank?= =?utf-8?B?=?= a =? b", "Sank a =? b"),
        ("reporté", "reporté"),
    ],
)
def test_words_of_a_header_are_decoded_also_where_a_character_is_cut_in_two(
    subject: str, title: str
) -> None:
    article = read(raw(f"Subject: {subject}".encode(), b"It sank.\n"), "x.eml").only
    assert values(article.given)["title"] == title


@pytest.mark.parametrize("line", [b"Subject: " + b"=?utf-8?q?x?= " * 30_000, b"X: y"])
@pytest.mark.parametrize("parameters", [b"; a*0*=b" * 30_000, b'; a="\\"' * 30_000])
def test_headers_longer_than_real_ones_cost_next_to_nothing(line: bytes, parameters: bytes) -> None:
    content = line + b"\nContent-Type: text/plain" + parameters + b"\n\nIt sank.\n"
    begun = time.process_time()
    article = read(b"From: a@b.example\n" + content, "x.eml").only
    assert time.process_time() - begun < 2
    assert article.text == "It sank.\n"


def test_a_message_that_is_attached_is_an_article_with_its_own_sender_and_date() -> None:
    first, second = EmailMessage(), EmailMessage()
    first["Subject"], first["From"], first["Date"] = HEADLINE, SENDER, DATE
    first["Message-ID"] = "<7@planet.example>"
    first.set_content(FIRST)
    second["Subject"] = "Second"
    second.set_content(SECOND)
    first.add_attachment(second)
    outer = EmailMessage()
    outer["Subject"] = "Fwd"
    outer.set_content("See below.")
    outer.add_attachment(first)
    found = read(outer.as_bytes(), "x.eml")
    assert {key: text.rstrip() for key, text in found.texts.items()} == {
        "": "Fwd\n\nSee below.",
        "7@planet.example": f"{HEADLINE}\n\n{FIRST}",
        "2": f"Second\n\n{SECOND}",
    }
    given = values(found.articles[1].given)
    assert (given["authors"], given["published"]) == (["Ann Other"], "2023-10-26T20:42:00+02:00")
    assert (found.skips, found.stopped) == ([], None)


def test_html_is_read_where_the_plain_text_only_points_to_it() -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in (FIRST * 4, SECOND * 4))
    stub = "Your mail program shows no HTML. Read on: https://planet.example/n/1234567890"
    article = read(mail(stub, paragraphs, Subject=HEADLINE), "x.eml").only
    assert article.text == f"{HEADLINE}\n\n{FIRST * 4}\n\n{SECOND * 4}"


@pytest.mark.parametrize(
    ("top", "end"),
    [
        (
            "View this email in your browser",
            "You are receiving this because you asked.|Unsubscribe",
        ),
        ("Trouble viewing this? Web version", "Sent by Planet|Manage your preferences|1 Mill St"),
        ("Newsletter im Browser ansehen", "Abmelden"),
    ],
)
def test_what_a_mail_service_prints_around_a_newsletter_is_left_out(top: str, end: str) -> None:
    told = f"{FIRST * 3} She wants to unsubscribe from the plan."
    rows = [top, HEADLINE, told, *end.split("|")]
    html = "<table>" + "".join(f"<tr><td>{row}</td></tr>" for row in rows) + "</table>"
    text = read(mail(html=html, Subject="Briefing"), "x.eml").only.text
    assert text.removesuffix("\n\nSent by Planet") == f"Briefing\n\n{HEADLINE}\n\n{told}"


def test_lines_that_a_reply_quotes_lose_their_marks_and_a_signature_is_left_out() -> None:
    body = "No.\n\nAnn wrote:\n> It sank on\n> Monday.\n>\n>> Who says? 5 > 4.\n\n-- \nBo\nPlanet\n"
    article = read(mail(body, Subject="Re: Ferry"), "x.eml").only
    assert article.text.rstrip() == (
        "Re: Ferry\n\nNo.\n\nAnn wrote:\nIt sank on\nMonday.\n\nWho says? 5 > 4."
    )


@pytest.mark.parametrize(
    ("sender", "given"),
    [
        ("Planet News <newsletter@planet.example>", {"source": "Planet News"}),
        ("The Planet <x@planet.example>", {"source": "The Planet"}),
        ("Ann Other at Planet <x@p.example>", {"source": "Planet", "authors": ["Ann Other"]}),
        ("=?utf-8?q?Ren=C3=A9_Other?= <rene@p.example>", {"authors": ["René Other"]}),
        ("ann@planet.example", {}),
    ],
)
def test_a_desk_is_the_source_and_a_person_the_author(
    sender: str, given: dict[str, object]
) -> None:
    assert values(read(raw(f"From: {sender}".encode(), b"It sank."), "x.eml").only.given) == given


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
