"""Loaders of documents that are zip archives of XML: Word documents and e-books."""

import posixpath
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError, fromstring

from indexer.corpus.scan import DAMAGED, NO_TEXT, PACKED_TOO_LARGE, SkippedFileError
from indexer.documents import Metadata
from indexer.loaders.decoding import decode
from indexer.loaders.formats.archives import open_zip
from indexer.loaders.formats.html import PAGE_TYPES
from indexer.loaders.limits import UNPACKING_ERRORS
from indexer.loaders.protocol import Loaded, LoadedArticle, Reading, SkippedArticle, read_whole
from indexer.loaders.rows import headed
from indexer.metadata.values import (
    confirmed,
    date_finding,
    finding,
    language_finding,
    name_findings,
)
from indexer.text.markup import first_heading, text_of_markup

_BODY, _PROPERTIES = "word/document.xml", "docProps/core.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PARAGRAPH, _TEXT = f"{_W}p", f"{_W}t"
_CHARACTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
# Deleted or moved text, and duplicates of drawings for older programs.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = frozenset({f"{_W}del", f"{_W}moveFrom", _FALLBACK})
_CONTAINER = "META-INF/container.xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_ROOT_FILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"


@dataclass(frozen=True, slots=True)
class _Parts:
    """Parts of one document, read into memory, each up to the size of an article."""

    archive: zipfile.ZipFile
    reading: Reading

    def read(self, name: str) -> bytes:
        """Return the bytes of a part."""
        self.reading.unpacking.count_member()
        try:
            with self.archive.open(name) as part:
                return read_whole(self.reading.unpacking.guard(part), self.reading)
        except KeyError as error:
            raise SkippedFileError(DAMAGED, f"it has no {name}") from error
        except UNPACKING_ERRORS as error:
            raise SkippedFileError(DAMAGED, f"{name}: {error}") from error

    def xml(self, name: str) -> Element:
        """Return the root of an XML part; entities are refused, as XML bombs declare them."""
        content = self.read(name)
        if b"<!ENTITY" in content:
            raise SkippedFileError(DAMAGED, f"{name} declares entities, which no document needs")
        try:
            return fromstring(content)  # noqa: S314 - no entities; expat itself limits the others
        except (ParseError, ValueError, LookupError) as error:
            raise SkippedFileError(DAMAGED, f"{name}: {error}") from error


class DocxLoader:
    """Reader of Word documents: body, tables and text boxes with all changes accepted; no notes.

    The XML itself is read: python-docx leaves out what was inserted while changes were tracked, and
    a lost sentence is worse than one too many.
    """

    suffixes = frozenset({".docx"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[LoadedArticle]:
        """Yield the document as one article."""
        with open_zip(stream, reading) as archive:
            parts = _Parts(archive, reading)
            text = "\n\n".join(_paragraphs(parts.xml(_BODY)))
            if not text.strip():
                raise SkippedFileError(NO_TEXT)
            yield LoadedArticle(text, "utf-8", "", _document_metadata(parts, text))


def _paragraphs(root: Element) -> Iterator[str]:
    """Yield the text of each paragraph that has any; one in a text box follows its anchor."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag == _PARAGRAPH:
            text, boxed = _text_of(element)
            if text.strip():
                yield text
            waiting += reversed(boxed)
        elif element.tag not in _LEFT_OUT:
            waiting += reversed(element)


def _text_of(paragraph: Element) -> tuple[str, list[Element]]:
    """Return the text of a paragraph, and the paragraphs of text boxes within it."""
    parts: list[str] = []
    boxed: list[Element] = []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag == _PARAGRAPH:
            boxed.append(element)
        elif element.tag == _TEXT:
            parts.append(element.text or "")
        elif element.tag in _CHARACTERS:
            parts.append(_CHARACTERS[element.tag])
        elif element.tag not in _LEFT_OUT:
            waiting += reversed(element)
    return "".join(parts), boxed


def _document_metadata(parts: _Parts, text: str) -> Metadata:
    """Return the document's properties; title and author only when its text confirms them."""
    if _PROPERTIES not in parts.archive.namelist():
        return Metadata()
    said = parts.xml(_PROPERTIES)
    author = confirmed(said.findtext(f"{_DC}creator"), "document author", text)
    return Metadata(
        title=confirmed(said.findtext(f"{_DC}title"), "document title", text),
        authors=(author,) if author else (),
        language=language_finding(said.findtext(f"{_DC}language"), "document language"),
    )


class EpubLoader:
    """Reader of the chapters of an e-book, without its table of contents.

    The package itself is read, because the free libraries for it have a copyleft licence.
    """

    suffixes = frozenset({".epub"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield each chapter that has text; its key is the name of its file in the book."""
        with open_zip(stream, reading) as archive:
            parts = _Parts(archive, reading)
            root = parts.xml(_CONTAINER).find(f".//{_ROOT_FILE}")
            package = root.get("full-path", "") if root is not None else ""
            book = parts.xml(package)
            empty = True
            for chapter in _chapters(book, posixpath.dirname(package)):
                for loaded in _chapter(parts, chapter, _book_metadata(book)):
                    empty = False
                    yield loaded
            if empty:
                raise SkippedFileError(NO_TEXT, "no chapter has any")


def _chapters(book: Element, folder: str) -> Iterable[str]:
    """Return the file names of the chapters, in reading order, each once."""
    pages = {
        item.get("id"): item.get("href", "")
        for item in book.iter(f"{_OPF}item")
        if item.get("media-type") in PAGE_TYPES and "nav" not in item.get("properties", "").split()
    }
    hrefs = (pages.get(reference.get("idref")) for reference in book.iter(f"{_OPF}itemref"))
    names = (posixpath.normpath(posixpath.join(folder, unquote(href))) for href in hrefs if href)
    return dict.fromkeys(names)


def _chapter(parts: _Parts, name: str, book: Metadata) -> Iterator[Loaded]:
    try:
        markup, encoding = decode(parts.read(name), told=parts.reading.encoding)
    except SkippedFileError as skip:
        if skip.reason == PACKED_TOO_LARGE:
            raise
        yield SkippedArticle(name, skip.reason, skip.detail)
        return
    if "<" not in markup:
        yield SkippedArticle(name, DAMAGED, "it is no page; perhaps the book is encrypted")
        return
    text = text_of_markup(markup)
    if text:
        title = finding(first_heading(markup), "heading of the chapter")
        yield headed(text, encoding, name, replace(book, title=title))


def _book_metadata(book: Element) -> Metadata:
    def said(name: str) -> str | None:
        return book.findtext(f".//{_DC}{name}")

    creators = [creator.text for creator in book.iter(f"{_DC}creator")]
    return Metadata(
        source=finding(said("publisher"), "publisher of the book"),
        published=date_finding(said("date"), "date of the book"),
        authors=name_findings(creators, "author of the book"),
        language=language_finding(said("language"), "language of the book"),
    )
