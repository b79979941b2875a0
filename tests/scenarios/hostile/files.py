"""Hostile files of every format, made here: bombs, depths, lies about sizes, damage, odd names."""

import gzip
import io
import json
import lzma
import os
import random
import socket
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from tests.support.document_files import FIRST, HEADLINE, SECOND, docx, epub, mail, page, pdf, word
from tests.support.document_files import zipped as zip_of

Makers = dict[str, Callable[[], bytes]]

_ROWS = [{"title": HEADLINE, "text": FIRST}, {"title": HEADLINE, "text": SECOND}]
_LINES = "\n".join(map(json.dumps, _ROWS)).encode()
_HTML = page(HEADLINE, FIRST, SECOND).encode()
_PAGE = b"<!doctype html><html><head><title>Ferry</title></head><body>"
_RSS = (
    f"<rss><channel><title>Post</title><item><title>{HEADLINE}</title>"
    f"<description>{FIRST}</description></item></channel></rss>"
).encode()
_LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha ha ">' for n in range(10)
)
_FILE = '<!ENTITY l9 SYSTEM "file:///etc/passwd">'
_SHELL = '<!DOCTYPE d SYSTEM "http://192.0.2.1/a.dtd">'


def good_files() -> dict[str, bytes]:
    """Return one good file of each format, which damage is done to."""
    return {
        "jsonl": _LINES,
        "json": json.dumps(_ROWS).encode(),
        "csv": f'title,text\n"{HEADLINE}","{FIRST}"\n'.encode(),
        "parquet": _parquet([FIRST, SECOND]),
        "html": _HTML,
        "pdf": pdf([[HEADLINE, FIRST], [SECOND]]),
        "docx": docx(word(HEADLINE) + word(FIRST)),
        "epub": epub({"one.xhtml": page(HEADLINE, FIRST), "two.xhtml": page("Two", SECOND)}),
        "eml": mail(FIRST, html=f"<p>{SECOND}</p>", Subject=HEADLINE, From="a@planet.example"),
        "rss": _RSS,
        "warc": _warc(b"Content-Length: 100"),
        "zip": zip_of({"a.txt": FIRST, "b.jsonl": _LINES}),
        "tar": _tar([_member("a.txt", FIRST.encode())]),
        "tar.gz": gzip.compress(_tar([_member("a.txt", FIRST.encode())])),
        "jsonl.xz": lzma.compress(_LINES),
        "mhtml": mail(html=_HTML.decode(), Subject=HEADLINE),
        "txt": FIRST.encode(),
    }


def damaged() -> Makers:
    """Return good files that are cut off, have flipped bits, or stand twice in one file."""
    chance = random.Random(7)  # noqa: S311 - not for secrets

    def flipped(content: bytes, share: float) -> bytes:
        found = bytearray(content)
        for _ in range(max(1, int(len(found) * share))):
            found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
        return bytes(found)

    makers: Makers = {}
    for ending, content in good_files().items():
        makers[f"cut.{ending}"] = partial(bytes, content[: len(content) * 2 // 3])
        makers[f"flipped.{ending}"] = partial(flipped, content, 0.01)
        makers[f"torn.{ending}"] = partial(flipped, content, 0.2)
    makers["twice.pdf"] = lambda: pdf([[FIRST]]) * 2
    makers["other.docx"] = lambda: pdf([[FIRST]])
    makers["other.pdf"] = lambda: zip_of({"a": "b"})
    return makers


def deep() -> Makers:
    """Return files whose parts are nested within each other thousands of times."""
    return {
        "lists.json": lambda: b"[" * 200_000 + b"]" * 200_000,
        "objects.json": lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "lists.jsonl": lambda: b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n",
        "divs.html": lambda: _PAGE + b"<div>" * 50_000 + FIRST.encode(),
        "mixed.html": lambda: _PAGE + b"<b><i><table><tr><td><ul><li><p>" * 5_000 + FIRST.encode(),
        "quotes.html": lambda: _PAGE + b"<blockquote><article>" * 20_000 + _HTML,
        "items.rss": lambda: b"<rss><channel>" + b"<item>" * 50_000,
        "runs.docx": lambda: docx("<w:p><w:r>" * 20_000 + "</w:r></w:p>" * 20_000),
        "tables.docx": lambda: docx("<w:tbl><w:tr><w:tc>" * 10_000),
        "spans.epub": lambda: epub({"a.xhtml": "<html><body>" + "<span>" * 50_000}),
        "navigation.epub": lambda: epub({"a.xhtml": "<html><body>" + "<ol><li>" * 20_000}),
        "parts.eml": _nested_parts,
        "messages.eml": lambda: b"Content-Type: message/rfc822\n\n" * 2_000 + b"hello",
        "arrays.pdf": lambda: pdf([[FIRST]]).replace(b"/Lang (en-GB)", b"/Lang " + b"[" * 20_000),
        "pages.pdf": lambda: pdf([[FIRST]]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"),
        "archives.zip": lambda: _nested(lambda inner: zip_of({"a.zip": inner}), 12),
        "archives.tar": lambda: _nested(lambda inner: _tar([_member("a.tar", inner)]), 12),
        "streams.txt.gz": lambda: _nested(gzip.compress, 12),
    }


def bombs() -> Makers:
    """Return small files that unpack, expand or multiply to much more."""
    zeros = bytes(30_000_000)
    return {
        "zeros.txt.gz": lambda: gzip.compress(zeros),
        "zeros.txt.xz": lambda: lzma.compress(zeros, preset=0),
        "zeros.tar.gz": lambda: gzip.compress(_tar([_member("a.txt", zeros)])),
        "zeros.zip": lambda: zip_of({"a.txt": zeros}),
        "zeros.docx": lambda: zip_of({"word/document.xml": zeros}),
        "zeros.epub": lambda: epub({"a.xhtml": zeros}),
        "rows.jsonl.xz": lambda: lzma.compress(b'{"text": "a"}\n' * 1_000_000, preset=0),
        "rows.csv.gz": lambda: gzip.compress(b"text\n" + b"a\n" * 2_000_000),
        "members.zip": lambda: zip_of({f"{n}.txt": b"" for n in range(30_000)}),
        "overlap.zip": _overlapping,
        "laughs.rss": lambda: f"<!DOCTYPE r [{_LAUGHS}]>".encode() + b"<rss>&l9;</rss>",
        "laughs.docx": lambda: _doctype_docx(_LAUGHS),
        "laughs.epub": lambda: epub({"a.xhtml": f"<!DOCTYPE h [{_LAUGHS}]><p>&l9;</p>"}),
        "laughs.html": lambda: f"<!DOCTYPE h [{_LAUGHS}]><p>&l9;</p>".encode(),
        "blowup.rss": lambda: _blowup().encode(),
        "file.rss": lambda: f"<!DOCTYPE r [{_FILE}]>".encode() + _RSS.replace(b"Post", b"&l9;"),
        "file.docx": lambda: _doctype_docx(_FILE),
        "file.epub": lambda: epub({"a.xhtml": f"<!DOCTYPE h [{_FILE}]><p>{FIRST} &l9;</p>"}),
        "dtd.rss": lambda: _SHELL.encode() + _RSS,
        "stream.pdf": _pdf_bomb,
        "chapters.epub": lambda: _repeated_chapter(),
        "cells.parquet": lambda: _parquet(["a" * 30_000] * 10_000),
    }


def liars() -> Makers:
    """Return files whose headers name absurd sizes and counts."""
    return {
        "exabytes.tar": lambda: _huge_member(),
        "negative.tar": lambda: _tar([_member("a.txt", b"a")]).replace(b"0000001\0", b"-000001\0"),
        "pax.tar": lambda: _pax_header(),
        "sparse.tar": lambda: _tar([_member("a.txt", b"a")]).replace(b"ustar", b"uSTAR"),
        "sizes.zip": lambda: _with_size(zip_of({"a.txt": FIRST})),
        "comment.zip": lambda: zip_of({"a.txt": FIRST})[:-2] + b"\xff\xff",
        "encrypted.zip": lambda: _encrypted(zip_of({"a.txt": FIRST})),
        "encrypted.docx": lambda: _encrypted(docx(word(FIRST))),
        "length.warc": lambda: _warc(b"Content-Length: 999999999999999999999"),
        "negative.warc": lambda: _warc(b"Content-Length: -5"),
        "none.warc": lambda: _warc(b"X: y"),
        "count.pdf": lambda: pdf([[FIRST]]).replace(b"/Count 1", b"/Count 999999999"),
        "length.pdf": lambda: pdf([[FIRST]]).replace(b"/Length ", b"/Length 99999999"),
        "size.pdf": lambda: pdf([[FIRST]]).replace(b"/Size 7", b"/Size 2147483647"),
        "footer.parquet": lambda: _parquet([FIRST])[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1",
        "encoding.html": lambda: b'<meta charset="idna">' + _HTML,
        "encoding.eml": lambda: (
            b"Content-Type: text/plain; charset=zlib_codec\n\n" + FIRST.encode()
        ),
        "encoding.xml": lambda: b'<?xml version="1.0" encoding="undefined"?>' + _RSS,
        "boundary.eml": lambda: b"Content-Type: multipart/mixed\n\n--\n\nhello",
        "base64.eml": lambda: b"Content-Transfer-Encoding: base64\n\n" + b"=" * 200_000,
        "words.eml": lambda: b"Subject:" + b" =?utf-8?b?YQ==?=" * 30_000 + b"\n\nhello",
        "parameters.eml": lambda: b"Content-Type: text/plain;" + b" a*0*=b;" * 30_000 + b"\n\nx",
        "headers.eml": lambda: b"X: y\n" * 100_000 + b"\nhello",
        "addresses.eml": lambda: b"From: " + b"a@b.example, (" * 20_000 + b"\n\nhello",
    }


def wide() -> Makers:
    """Return files with very many or very long lines, columns, attributes and marks."""
    return {
        "columns.csv": lambda: _columns(100_000),
        "columns.tsv": lambda: _columns(100_000).replace(b",", b"\t"),
        "field.csv": lambda: b'title,text\na,"' + b"a" * 5_000_000 + b'"\n',
        "quote.csv": lambda: b"title,text\n" + b'"a,b\n' * 20_000,
        "nul.csv": lambda: b"title,text\na\0b,c\0d\n" * 1_000,
        "keys.json": lambda: json.dumps({f"k{n}": n for n in range(200_000)}).encode(),
        "number.json": lambda: b'[{"text": ' + b"9" * 1_000_000 + b"}]",
        "surrogates.jsonl": lambda: b'{"text": "' + b"\\ud800" * 10_000 + b'"}\n',
        "nan.jsonl": lambda: b'{"text": NaN, "date": 1e999, "title": [[]]}\n' * 1_000,
        "line.txt": lambda: b"a" * 5_000_000,
        "digits.txt": lambda: b"3" * 1_000_000,
        "quotes.txt": lambda: "\u201c".encode() * 300_000,
        "chinese.txt": lambda: "渡轮沉没。".encode() * 50_000,
        "spaces.txt": lambda: b" " * 5_000_000,
        "lines.txt": lambda: b"Sports\n" * 100_000,
        "nul.txt": lambda: bytes(1_000_000),
        "mark.txt": lambda: b"\xef\xbb\xbf",
        "half.txt": lambda: b"\xff\xfe" + FIRST.encode("utf-16-le") + b"\x00",
        "latin.txt": lambda: bytes(range(128, 256)) * 5_000,
        "escapes.txt": lambda: b"\x1b[2J\x1b]0;title\x07\x9b31m" * 5_000,
        "directions.txt": lambda: "\u202e\u2066".encode() * 100_000,
        "attributes.html": lambda: _PAGE + b"<p " + b"a=b " * 200_000 + b">" + FIRST.encode(),
        "brackets.html": lambda: _PAGE + b"<" * 1_000_000,
        "comment.html": lambda: _PAGE + b"<!--" * 200_000 + _HTML,
        "entities.html": lambda: _PAGE + b"&#x110000;&bogus" * 100_000,
        "table.html": lambda: _PAGE + b"<table>" + b"<tr><td>a<td>b" * 50_000,
        "links.html": lambda: _PAGE + b'<a href="//x">Home</a>' * 50_000,
        "script.html": lambda: _PAGE + b"<script>" + b"if(a<b){" * 100_000,
        "dates.html": lambda: _PAGE + b"<p>Published: 3 March 2021</p>" * 20_000,
        "ld.html": lambda: _PAGE + b'<script type="application/ld+json">' + b"[" * 100_000 + _HTML,
        "runs.docx": lambda: docx(word("a") * 100_000),
    }


def named(folder: Path) -> list[str]:
    """Write files with odd names; return them."""
    names = (
        *("a\nb.txt", "\x1b[31mred.txt", "x" * 250 + ".txt", " .txt ", "#1.jsonl", "..txt"),
        *("\u202etxt.exe.txt", "%2e%2e%2fa.txt", "a'; DROP TABLE files;--.txt", "-rf.txt"),
    )
    for name in names:
        (folder / name).write_bytes(FIRST.encode())
    with open(os.fsencode(folder) + b"/\xff\xfe.txt", "wb") as stream:  # noqa: PTH123 - no text
        stream.write(FIRST.encode())
    return [*names, "\udcff\udcfe.txt"]


def archives_with_odd_names() -> Makers:
    """Return archives whose members would be written outside of them, or are no files."""
    paths = ("../../up.txt", "/etc/cron.d/a.txt", "C:\\a.txt", "a\0.txt", "x/" * 2_000 + "a.txt")
    return {
        "paths.zip": lambda: zip_of(dict.fromkeys(paths, FIRST)),
        "paths.tar": lambda: _tar([_member(path, FIRST.encode()) for path in paths]),
        "same.zip": _same_names,
        "special.tar": lambda: _tar(list(_special_members())),
        "paths.epub": lambda: epub({"../../../../etc/passwd": page(HEADLINE, FIRST)}),
    }


def special(folder: Path) -> list[str]:
    """Make what is no regular file; return the names."""
    outside = folder.parent / "outside.txt"
    outside.write_text(f"Secret\n\n{SECOND}")
    (folder / "outside.txt").symlink_to(outside)
    (folder / "passwd.txt").symlink_to("/etc/passwd")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "up").symlink_to("..")
    (folder / "folder.txt").mkdir()
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(folder / "socket.txt"))  # its path has a limit
    made = ["outside.txt", "passwd.txt", "loop.txt", "up", "folder.txt", "pipe.txt", "socket.txt"]
    if os.geteuid() == 0:
        try:
            os.mknod(folder / "zero.txt", 0o20666, os.makedev(1, 5))
        except OSError:
            return made
        made.append("zero.txt")
    return made


KINDS: dict[str, Callable[[], Makers]] = {
    "damaged": damaged,
    "deep": deep,
    "bombs": bombs,
    "liars": liars,
    "wide": wide,
    "archives": archives_with_odd_names,
}


def _member(name: str, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    return info, content


def _tar(members: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as made:
        for info, content in members:
            made.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def _special_members() -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE)):
        info = tarfile.TarInfo(f"{number}.txt")
        info.type, info.linkname, info.devmajor, info.devminor = kind, "/etc/passwd", 1, 5
        yield info, b""
    fifo = tarfile.TarInfo("fifo.txt")
    fifo.type = tarfile.FIFOTYPE
    yield fifo, b""
    yield _member("good.txt", FIRST.encode())


def _huge_member() -> bytes:
    info = tarfile.TarInfo("a.txt")
    info.size = 4 * 10**18
    return info.tobuf(tarfile.GNU_FORMAT) + FIRST.encode()


def _pax_header() -> bytes:
    info = tarfile.TarInfo("a.txt")
    info.pax_headers = {"comment": "a" * 2_000_000, "size": "-1"}
    return info.tobuf(tarfile.PAX_FORMAT) + bytes(1024)


def _with_size(content: bytes) -> bytes:
    """Return a zip archive whose directory says that its member has four gigabytes."""
    at = content.index(b"PK\x01\x02")
    return content[: at + 24] + b"\xfe\xff\xff\xff" + content[at + 28 :]


def _encrypted(content: bytes) -> bytes:
    """Return a zip archive whose members say that they are encrypted."""
    found = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            found[at + offset] |= 1
            at = content.find(mark, at + 1)
    return bytes(found)


def _overlapping() -> bytes:
    """Return a zip archive whose 2,000 directory entries are one and the same member."""
    one = zip_of({"a.txt": bytes(1_000_000)})
    start = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    entries = one[start:end] * 2_000
    counts = struct.pack("<HHIIH", 2_000, 2_000, len(entries), start, 0)
    return one[:start] + entries + b"PK\x05\x06\0\0\0\0" + counts


def _same_names() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        first, second = (zipfile.ZipInfo("a.txt") for _ in range(2))
        archive.writestr(first, FIRST)
        archive.NameToInfo.clear()  # it would warn of what is wanted here
        archive.writestr(second, SECOND)
    return stream.getvalue()


def _nested(pack: Callable[[bytes], bytes], depth: int) -> bytes:
    content = FIRST.encode()
    for _ in range(depth):
        content = pack(content)
    return content


def _nested_parts() -> bytes:
    content = b"\n\nhello"
    for number in range(1_000):
        head = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number)
        content = head + content
    return content


def _doctype_docx(entities: str) -> bytes:
    body = f"<!DOCTYPE w [{entities}]><w:document xmlns:w='x'><w:body>&l9;</w:body></w:document>"
    return zip_of({"word/document.xml": body})


def _blowup() -> str:
    entity = f'<!ENTITY a "{"a" * 100_000}">'
    return f"<!DOCTYPE r [{entity}]><rss>{'&a;' * 20_000}</rss>"


def _repeated_chapter() -> bytes:
    made = zipfile.ZipFile(io.BytesIO(epub({"a.xhtml": page(HEADLINE, FIRST)})))
    parts = {name: made.read(name) for name in made.namelist()}
    again = b'<itemref idref="c0"/>' * 50_000
    parts["OPS/book.opf"] = parts["OPS/book.opf"].replace(b'<itemref idref="c0"/>', again)
    return zip_of(parts)


def _pdf_bomb() -> bytes:
    packed = zlib.compress(zlib.compress(bytes(100_000_000), 1))
    made = pdf([[FIRST]])
    at = made.index(b"<< /Length")
    end = made.index(b"endstream", at)
    filters = b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n" % len(packed)
    return made[:at] + filters + packed + b"\n" + made[end:]


def _columns(count: int) -> bytes:
    head = ",".join(f"c{n}" for n in range(count))
    return f"text,{head}\n{FIRST},{'a,' * count}\n".encode()


def _parquet(texts: list[str]) -> bytes:
    stream = io.BytesIO()
    pyarrow.parquet.write_table(pa.table({"text": texts}), stream, compression="zstd")
    return stream.getvalue()


def _warc(length: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + _HTML
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://planet.example/a\r\n"
    return head + length + b"\r\n\r\n" + http + b"\r\n\r\n"
