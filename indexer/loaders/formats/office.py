"""Loaders of documents that are zip archives of XML: Word documents and e-books."""

import posixpath
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import BinaryIO
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError, fromstring

from indexer.corpus.scan import DAMAGED, NO_TEXT, PACKED_TOO_LARGE, SkippedFileError
from indexer.documents import Metadata
from indexer.loaders.formats.archives import open_zip
from indexer.loaders.formats.html import PAGE_TYPES
from indexer.loaders.limits import UNPACKING_ERRORS
from indexer.loaders.press_exports import exported_articles
from indexer.loaders.protocol import Loaded, LoadedArticle, Reading, SkippedArticle, read_whole
from indexer.loaders.rows import headed
from indexer.metadata.values import (
    confirmed,
    date_finding,
    finding,
    language_finding,
    name_findings,
)
from indexer.text.encodings import decode_page
from indexer.text.markup import first_heading, links_of, text_of_markup

_PACKAGE = "_rels/.rels"  # names the main part, which Office 365 calls word/document2.xml
_BODY, _PROPERTIES = "word/document.xml", "docProps/core.xml"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PARAGRAPH, _TEXT = f"{_W}p", f"{_W}t"
_CHARACTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
# Deleted or moved text, and duplicates of drawings for older programs.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = frozenset({f"{_W}del", f"{_W}moveFrom", _FALLBACK})
# Parts of a book that hold no article, by the types of its guide.
_NO_CHAPTERS = frozenset("toc cover title-page copyright-page index loi lot".split())
_MIN_LINKS = 2
_LINKED_SHARE = 0.7
_CONTAINER = "META-INF/container.xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_ROOT_FILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"


class _Parts:
    """Parts of one document, read into memory, each up to the size of an article."""

    def __init__(self, archive: zipfile.ZipFile, reading: Reading) -> None:
        """Read parts of an archive within the limits of a reading."""
        self.archive = archive
        self.reading = reading
        names = archive.namelist()
        self._names = {name.replace("\\", "/"): name for name in names}  # as some programs write

    def read(self, name: str) -> bytes:
        """Return the bytes of a part."""
        self.reading.unpacking.count_member()
        try:
            with self.archive.open(self._names.get(name, name)) as part:
                return read_whole(self.reading.unpacking.guard(part), self.reading)
        except KeyError as error:
            raise SkippedFileError(DAMAGED, f"it has no {name}") from error
        except UNPACKING_ERRORS as error:
            raise SkippedFileError(DAMAGED, f"{name}: {error}") from error

    def holds(self, name: str) -> bool:
        """Tell whether there is such a part."""
        return name in self._names

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

    suffixes = frozenset({".docx", ".docm", ".dotx", ".dotm"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[LoadedArticle]:
        """Yield the document as one article, or those that a press database exported."""
        with open_zip(stream, reading) as archive:
            parts = _Parts(archive, reading)
            targets = _targets(parts)
            main = targets.get("officeDocument", _BODY)
            root = parts.xml(main if parts.holds(main) else _BODY)
            for element in root.iter():  # documents saved as "Strict Open XML"
                element.tag = element.tag.replace(_STRICT, _W)
            text = "\n\n".join(_paragraphs(root))
            if not text.strip():
                raise SkippedFileError(NO_TEXT)
            properties = targets.get("core-properties", _PROPERTIES)
            given = _document_metadata(parts, properties, text)
            exported = exported_articles(text, "utf-8")
            yield from exported or [LoadedArticle(text, "utf-8", "", given)]


def _targets(parts: _Parts) -> dict[str, str]:
    """Return the names of the parts that the package names, by the last word of their types."""
    if not parts.holds(_PACKAGE):
        return {}
    return {
        relation.get("Type", "").rpartition("/")[2]: posixpath.normpath(
            unquote(relation.get("Target", "")).lstrip("/")
        )
        for relation in parts.xml(_PACKAGE).iter(_RELATION)
    }


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


def _document_metadata(parts: _Parts, properties: str, text: str) -> Metadata:
    """Return the document's properties; title and author only when its text confirms them."""
    if not parts.holds(properties):
        return Metadata()
    said = parts.xml(properties)
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
            chapters = _chapters(book, posixpath.dirname(package))
            for chapter in chapters:
                for loaded in _chapter(parts, chapter, chapters, _book_metadata(book)):
                    empty = False
                    yield loaded
            if empty:
                raise SkippedFileError(NO_TEXT, "no chapter has any")


def _chapters(book: Element, folder: str) -> Collection[str]:
    """Return the file names of the chapters, in reading order, each once."""

    def named(href: str) -> str:
        return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))

    pages = {
        item.get("id"): named(item.get("href", ""))
        for item in book.iter(f"{_OPF}item")
        if item.get("media-type") in PAGE_TYPES and "nav" not in item.get("properties", "").split()
    }
    guide = {
        named(reference.get("href", ""))
        for reference in book.iter(f"{_OPF}reference")
        if reference.get("type", "").casefold() in _NO_CHAPTERS
    }
    names = (pages.get(reference.get("idref")) for reference in book.iter(f"{_OPF}itemref"))
    return dict.fromkeys(name for name in names if name and name not in guide)


def _chapter(
    parts: _Parts, name: str, chapters: Collection[str], book: Metadata
) -> Iterator[Loaded]:
    try:
        markup, encoding = decode_page(parts.read(name), told=parts.reading.encoding)
    except SkippedFileError as skip:
        if skip.reason == PACKED_TOO_LARGE:
            raise
        yield SkippedArticle(name, skip.reason, skip.detail)
        return
    if "<" not in markup:
        yield SkippedArticle(name, DAMAGED, "it is no page; perhaps the book is encrypted")
        return
    text = text_of_markup(markup)
    if text and not _is_contents(markup, text, name, chapters):
        title = finding(first_heading(markup), "heading of the chapter")
        yield headed(text, encoding, name, replace(book, title=title))


def _is_contents(markup: str, text: str, name: str, chapters: Collection[str]) -> bool:
    """Tell whether the page consists of links to chapters, its heading aside."""
    if markup.count("href") < _MIN_LINKS:
        return False
    folder, linked = posixpath.dirname(name), 0
    targets: set[str] = set()
    for href, label in links_of(markup):
        target = unquote(href.partition("#")[0])
        target = posixpath.normpath(posixpath.join(folder, target)) if target else name
        if target in chapters or target == name:
            targets.add(href)
            linked += len(label)
    rest = text.removeprefix(first_heading(markup))
    return len(targets) >= _MIN_LINKS and linked >= _LINKED_SHARE * len("".join(rest.split()))


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
