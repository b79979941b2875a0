"""Invented news in every format that is read: the same bytes each time.

For comparing two states of the code, so nothing of the project is imported.
"""

import csv
import gzip
import io
import json
import os
import random
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape
from pathlib import Path

ARTICLES = 300
MTIME = 1_700_000_000
"""Time of change of each file, in seconds."""

_OUTLETS = ("Northport Courier", "Larne Gazette", "Vell Observer", "Oster Daily", "Kolm Bote")
_NAMES = "Ann Other|Ivo Marsk|Lena Brandt|Tomas Ohl|Rosa Quill|Pia Sand|Jon Vane|Mia Kerr"
_PLACES = "Northport Larne Tarn Vell Oster Kolm Marsk Ronde Brenna Halden".split()
_THINGS = "bridge harbour budget railway hospital school vaccine treaty election storm".split()
_ROLES = "mayor minister engineer ambassador captain judge".split()
_SENTENCES = (
    "{name}, the {role} of {place}, said on {day} that {n} people had seen the {thing}.",
    'The {role} told reporters: "We asked {place} to pay {n} million euros for the {thing}."',
    "{place} asked {other} to reopen the {thing} before the winter, and {other} refused.",
    "Because of the {thing}, {n} residents of {place} left their homes on {day}.",
    "It was built in {year}, and she has called it a mistake since then.",
    "{name} met the {role} of {other} in {place}; they talked about the {thing} for {n} minutes.",
)
_GERMAN = (
    "{name} sagte am Montag in {place}, dass {n} Menschen die Brücke gesehen hätten.",
    "Der Bürgermeister von {place} bat {other} um {n} Millionen Euro für den neuen Hafen.",
    "Die Schule wurde {year} gebaut und ist seit dem Sturm geschlossen.",
)
_DAYS = "Monday Tuesday Thursday Sunday".split()
_MENU = ("Home", "World", "Politics", "Sport", "Subscribe", "Log in")
_QUESTIONS = (
    "What did {place} ask {other} to reopen?",
    "Who is the {role} of {place}?",
    "How many residents of {place} left their homes because of the {thing}?",
    'what about "{thing}" -{other} source:"{outlet}"',
    "Wer bat {other} um Geld für den Hafen? lang:de",
    "Who met the {role} of {other}? after:2023-03 before:2024",
)


@dataclass(frozen=True, slots=True)
class Story:
    """An invented article."""

    number: int
    outlet: str
    title: str
    author: str
    published: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """Plain text as an outlet prints it, with the lines below that recur."""
        heading = [self.title, f"By {self.author}, {self.published}"] if self.number % 7 else []
        footer = [f"Follow {self.outlet} on the radio every morning.", f"© {self.outlet} 2024"]
        return "\n\n".join([*heading, *self.paragraphs, *footer]) + "\n"

    @property
    def html(self) -> str:
        """Page with a menu, related stories and a footer."""
        menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in _MENU)
        body = "".join(f"<p>{escape(text)}</p>" for text in self.paragraphs)
        return (
            f'<!doctype html><html lang="en"><head><title>{self.title} | {self.outlet}</title>'
            f'<meta property="og:site_name" content="{self.outlet}">'
            f'<meta name="author" content="{self.author}"><meta property='
            f'"article:published_time" content="{self.published}T08:30:00Z"></head><body>'
            f"<nav><ul>{menu}</ul></nav><article><h1>{self.title}</h1>{body}</article>"
            f'<aside><h2>Related stories</h2><a href="/1">Storm in Vell</a></aside>'
            f"<footer>© {self.outlet}. All rights reserved.</footer></body></html>"
        )

    @property
    def row(self) -> dict[str, str]:
        """Fields of an export."""
        return {
            "id": f"n{self.number}",
            "title": self.title,
            "author": self.author,
            "outlet": self.outlet,
            "date": self.published if self.number % 5 else "",
            "url": f"https://news.example/{self.number}",
            "text": "\n\n".join(self.paragraphs),
        }


def invented(count: int = ARTICLES) -> list[Story]:
    """Return the stories; every ninth is a near copy of an earlier one by another outlet."""
    stories: list[Story] = []
    for number in range(count):
        lots = random.Random(f"story {number}")
        outlet = _OUTLETS[number % len(_OUTLETS)]
        german = outlet == _OUTLETS[-1]
        paragraphs = [
            " ".join(_filled(lots.choice(_GERMAN if german else _SENTENCES), lots) for _ in "123")
            for _ in range(lots.randrange(3, 7))
        ]
        if number % 9 == 8:
            paragraphs = [*stories[number - 4].paragraphs, "Our reporters added to this."]
        title = _filled("{place} votes on its {thing} after {n} days", lots)
        day = f"{2022 + number % 3}-{number % 12 + 1:02}-{number % 27 + 1:02}"
        name = _filled("{name}", lots)
        stories.append(Story(number, outlet, title, name, day, tuple(paragraphs)))
    return stories


def questions(count: int) -> list[str]:
    """Return questions about the stories, some with filters in them."""
    lots = random.Random("questions")
    return [_filled(_QUESTIONS[number % len(_QUESTIONS)], lots) for number in range(count)]


def _filled(template: str, lots: random.Random) -> str:
    place, other = lots.sample(_PLACES, 2)
    return template.format(
        name=lots.choice(_NAMES.split("|")),
        role=lots.choice(_ROLES),
        thing=lots.choice(_THINGS),
        day=lots.choice(_DAYS),
        n=lots.randrange(2, 900),
        year=lots.randrange(1950, 2020),
        outlet=lots.choice(_OUTLETS),
        place=place,
        other=other,
    )


def write_corpus(folder: Path) -> None:
    """Write the invented articles in every format, and some files that are skipped."""
    for name, content in (*_files(), *_broken()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (MTIME, MTIME))


def _files() -> Iterator[tuple[str, str | bytes]]:
    stories = iter(invented())

    def take(count: int) -> list[Story]:
        return [next(stories) for _ in range(count)]

    yield from _exports(take(100))
    yield "feeds/news.rss", _rss(take(15))
    yield "feeds/news.atom", _atom(take(10))
    yield "web/pages.warc", b"".join(_records(take(15)))
    packed = [gzip.compress(record, mtime=0) for record in _records(take(5))]
    yield "web/pages.warc.gz", b"".join(packed)
    members = {f"in/{story.number}.html": story.html for story in take(10)}
    inner = _zipped({f"{story.number}.txt": story.text for story in take(5)})
    yield "packed/all.zip", _zipped({**members, "inner.zip": inner, "in/cut.html": ""})
    yield "packed/one.txt.gz", gzip.compress(take(1)[0].text.encode(), mtime=0)
    yield "books/paper.epub", _epub(take(9))
    yield from ((f"office/{story.number}.docx", _docx(story)) for story in take(10))
    yield from ((f"mail/{story.number}.eml", _mail(story)) for story in take(15))
    yield from ((f"web/{story.number}.html", story.html) for story in take(35))
    yield from ((f"notes/{story.number}.md", f"# {story.text}") for story in take(20))
    for story in stories:
        encoding = "utf-16" if story.number % 10 == 0 else "utf-8"
        yield f"{story.outlet.split()[0]}/{story.number}.txt", story.text.encode(encoding)


def _exports(stories: Sequence[Story]) -> Iterator[tuple[str, str | bytes]]:
    rows = [story.row for story in stories]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    again = json.dumps(rows[4] | {"text": "Another text under the same id, of one sentence."})
    wrong = ["{not json", lines[3], again, '{"title": "x"}']
    yield "exports/a.jsonl", "\n".join(lines[:20] + wrong)
    yield "exports/b.jsonl.gz", gzip.compress("\n".join(lines[20:40]).encode(), mtime=0)
    yield "exports/c.json", json.dumps({"articles": rows[40:60]})
    yield "exports/d.csv", _table(rows[60:85], ",")
    yield "exports/e.tsv", _table(rows[85:], "\t")


def _broken() -> Iterator[tuple[str, str | bytes]]:
    yield "broken/empty.txt", ""
    yield "broken/binary.txt", bytes(range(256)) * 8
    yield "broken/cut.docx", _docx(invented(1)[0])[:200]
    yield "broken/cut.jsonl.gz", gzip.compress(b'{"text": "One line."}\n' * 9, mtime=0)[:-20]
    yield "broken/bad.json", '{"articles": [{"text": "no end'
    yield "broken/no-feed.xml", "<a><b></a>"
    yield "broken/picture.png", b"\x89PNG\r\n\x1a\n"


def _table(rows: Sequence[dict[str, str]], delimiter: str) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _rss(stories: Iterable[Story]) -> str:
    items = "".join(
        f"<item><title>{story.title}</title><guid>g{story.number}</guid>"
        f"<link>https://feed.example/{story.number}</link>"
        f"<pubDate>Tue, {story.number % 27 + 1:02} May 2023 10:00:00 GMT</pubDate>"
        f"<description>{escape(story.row['text'])}</description></item>"
        for story in stories
    )
    head = "<title>Oster Feed</title><language>en</language>"
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'


def _atom(stories: Iterable[Story]) -> str:
    entries = "".join(
        f"<entry><title>{story.title}</title><id>urn:a:{story.number}</id>"
        f"<author><name>{story.author}</name></author><published>{story.published}T07:00:00Z"
        f'</published><content type="html">{escape(escape(story.row["text"]))}</content></entry>'
        for story in stories
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Vell Feed</title>{entries}</feed>'


def _records(stories: Iterable[Story]) -> Iterator[bytes]:
    for story in stories:
        status = "404 Not Found" if story.number % 8 == 0 else "200 OK"
        answer = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{story.html}"
        content = answer.encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{story.number}>\r\n"
            f"WARC-Date: {story.published}T00:00:00Z\r\n"
            f"WARC-Target-URI: https://web.example/{story.number}\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        yield head.encode() + content + b"\r\n\r\n"


def _zipped(members: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def _docx(story: Story) -> bytes:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    paragraphs = (story.title, *story.paragraphs)
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs)
    core = f"<dc:creator>{story.author}</dc:creator><dc:title>{story.title}</dc:title>"
    document = f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>'
    properties = f'<p xmlns:dc="http://purl.org/dc/elements/1.1/">{core}</p>'
    return _zipped({"word/document.xml": document, "docProps/core.xml": properties})


def _epub(stories: Sequence[Story]) -> bytes:
    kind = 'media-type="application/xhtml+xml"'
    items = "".join(f'<item id="c{i}" href="{i}.xhtml" {kind}/>' for i in range(len(stories)))
    spine = "".join(f'<itemref idref="c{i}"/>' for i in range(len(stories)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Paper</dc:title>'
        "<dc:date>2024-02-03</dc:date><dc:language>en</dc:language></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
    )
    chapters = {
        f"OPS/{number}.xhtml": f"<html><head><title>t</title></head><body><h1>{story.title}</h1>"
        + "".join(f"<p>{escape(text)}</p>" for text in story.paragraphs)
        + "</body></html>"
        for number, story in enumerate(stories)
    }
    return _zipped({"META-INF/container.xml": container, "OPS/book.opf": package} | chapters)


def _mail(story: Story) -> bytes:
    message = EmailMessage()
    message["Subject"], message["Date"] = story.title, "Mon, 01 May 2023 10:00:00 +0000"
    message["From"] = f"{story.author} <desk@{story.outlet.split()[0].lower()}.example>"
    if story.number % 2:
        message.set_content(story.text)
    else:
        message.set_content(story.html, subtype="html")
    return message.as_bytes()
