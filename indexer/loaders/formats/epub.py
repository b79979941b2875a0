"""Which articles are in this .epub file? Each chapter is one, as in a paper made into a book.

Read from the package itself (the free libraries for it are under a licence that asks the same of
everything that uses them).
"""

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from indexer.corpus.scan import DAMAGED, NO_TEXT, PACKED_TOO_LARGE, SkippedFileError
from indexer.documents import Metadata
from indexer.loaders.formats.text import decode
from indexer.loaders.formats.zipped_xml import Parts, parts_of
from indexer.loaders.protocol import Loaded, Reading, SkippedArticle
from indexer.loaders.rows import headed
from indexer.metadata.values import date_finding, finding, language_finding, name_findings
from indexer.text.markup import first_heading, text_of_markup

_CONTAINER = "META-INF/container.xml"
_OPF, _DC = "{http://www.idpf.org/2007/opf}", "{http://purl.org/dc/elements/1.1/}"
_ROOT_FILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_PAGES = frozenset({"application/xhtml+xml", "text/html"})


class EpubLoader:
    """Reads the chapters of an e-book in their order; its table of contents is none."""

    suffixes = frozenset({".epub"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield each chapter that has text, under the name of its file in the book.

        Raises:
            SkippedFileError: when it is no such book, damaged, or without any text.
        """
        with parts_of(stream, reading) as parts:
            root = parts.xml(_CONTAINER).find(f".//{_ROOT_FILE}")
            package = root.get("full-path", "") if root is not None else ""
            book = parts.xml(package)
            empty = True
            for chapter in _chapters(book, posixpath.dirname(package)):
                for loaded in _chapter(parts, chapter, _given(book)):
                    empty = False
                    yield loaded
            if empty:
                raise SkippedFileError(NO_TEXT, "no chapter has any")


def _chapters(book: Element, folder: str) -> Iterator[str]:
    """Yield the names of the chapters' files, in the order in which they are read."""
    pages = {
        item.get("id"): item.get("href", "")
        for item in book.iter(f"{_OPF}item")
        if item.get("media-type") in _PAGES and "nav" not in item.get("properties", "").split()
    }
    for reference in book.iter(f"{_OPF}itemref"):
        href = pages.get(reference.get("idref"))
        if href:
            yield posixpath.normpath(posixpath.join(folder, unquote(href)))


def _chapter(parts: Parts, name: str, book: Metadata) -> Iterator[Loaded]:
    try:
        decoded = decode(parts.read(name))
    except SkippedFileError as skip:
        if skip.reason == PACKED_TOO_LARGE:
            raise
        yield SkippedArticle(name, skip.reason, skip.detail)
        return
    if "<" not in decoded.text:
        yield SkippedArticle(name, DAMAGED, "it is no page; perhaps the book is encrypted")
        return
    text = text_of_markup(decoded.text)
    if text:
        title = finding(first_heading(decoded.text), "heading of the chapter")
        yield headed(text, decoded.encoding, name, replace(book, title=title))


def _given(book: Element) -> Metadata:
    def said(name: str) -> str | None:
        return book.findtext(f".//{_DC}{name}")

    creators = [creator.text for creator in book.iter(f"{_DC}creator")]
    return Metadata(
        source=finding(said("publisher"), "publisher of the book"),
        published=date_finding(said("date"), "date of the book"),
        authors=name_findings(creators, "author of the book"),
        language=language_finding(said("language"), "language of the book"),
    )
