"""Small documents of each format, made here: their text is the project's own."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from urllib.parse import unquote

HEADLINE = "Ferry sinks off Northport"
FIRST = "The ferry sank on Monday, the mayor said."
SECOND = "Nobody was hurt when it went down."

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
)


def pdf(pages: Sequence[Sequence[str]], title: str = "", author: str = "") -> bytes:
    """Return a PDF of pages of lines."""
    objects: list[bytes] = []
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects.append(b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number, lines in enumerate(pages):
        drawn = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
        stream = f"BT /F1 12 Tf 72 720 Td {drawn} ET".encode("latin-1")
        page = (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(page.encode())
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects.append(f"<< /Title ({title}) /Author ({author}) >>".encode("latin-1"))
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (size, len(objects))
    start = b"startxref\n%d\n%%%%EOF\n" % len(content)
    return content + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer + start


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """Return a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def word(text: str) -> str:
    """Return a paragraph of a Word document."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(body: str, properties: str = "") -> bytes:
    """Return a Word document with this XML as its body."""
    members = {"word/document.xml": f"<w:document {_W} {_MC}><w:body>{body}</w:body></w:document>"}
    if properties:
        core = f'<p xmlns:dc="http://purl.org/dc/elements/1.1/">{properties}</p>'
        members["docProps/core.xml"] = core
    return zipped(members)


def page(heading: str, *paragraphs: str) -> str:
    """Return a page of XHTML, which XML escapes are not needed for here."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>t</title></head><body><h1>{heading}</h1>{text}</body></html>"


def epub(chapters: Mapping[str, str | bytes], metadata: str = "", more: str = "") -> bytes:
    """Return an e-book whose chapters are read in the order given."""
    kind = 'media-type="application/xhtml+xml"'
    items = "".join(f'<item id="c{i}" href="{name}" {kind}/>' for i, name in enumerate(chapters))
    spine = "".join(f'<itemref idref="c{i}"/>' for i in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}{more}</manifest>"
        f"<spine>{spine}</spine></package>"
    )
    members = {"META-INF/container.xml": _CONTAINER, "OPS/book.opf": package}
    return zipped(members | {f"OPS/{unquote(name)}": text for name, text in chapters.items()})


def mail(text: str = "", html: str = "", **headers: str) -> bytes:
    """Return an e-mail; underscores in the names of headers are dashes."""
    message = EmailMessage()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    if text:
        message.set_content(text)
    if html and text:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    return message.as_bytes()
