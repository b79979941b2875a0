"""Which article is in this .docx file? Its paragraphs as they read with all changes accepted.

Read from the XML itself: python-docx leaves out what was inserted while changes were tracked, and
a lost sentence is worse than one too many.
"""

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from indexer.corpus.scan import NO_TEXT, SkippedFileError
from indexer.documents import Metadata
from indexer.loaders.formats.zipped_xml import Parts, parts_of
from indexer.loaders.protocol import LoadedArticle, Reading
from indexer.metadata.values import confirmed, language_finding

_BODY, _PROPERTIES = "word/document.xml", "docProps/core.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PARAGRAPH, _TEXT = f"{_W}p", f"{_W}t"
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
# Text that was deleted or moved away, and second versions of drawings for older programs.
_LEFT_OUT = frozenset(
    {
        f"{_W}del",
        f"{_W}moveFrom",
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)


class DocxLoader:
    """Reads the body of a Word document, tables and text boxes included; no notes, no comments."""

    suffixes = frozenset({".docx"})
    streams = True

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[LoadedArticle]:
        """Yield the document as one article.

        Raises:
            SkippedFileError: when it is no such document, damaged, or without text.
        """
        with parts_of(stream, reading) as parts:
            text = "\n\n".join(_paragraphs(parts.xml(_BODY)))
            if not text.strip():
                raise SkippedFileError(NO_TEXT)
            yield LoadedArticle(text, "utf-8", "", _given(parts, text))


def _paragraphs(root: Element) -> Iterator[str]:
    """Yield the text of each paragraph that has any, in order; one in a box follows its own."""
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
    """Return the text of a paragraph, and the paragraphs that stand in a box within it."""
    parts: list[str] = []
    boxed: list[Element] = []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag == _PARAGRAPH:
            boxed.append(element)
        elif element.tag == _TEXT:
            parts.append(element.text or "")
        elif element.tag in _SIGNS:
            parts.append(_SIGNS[element.tag])
        elif element.tag not in _LEFT_OUT:
            waiting += reversed(element)
    return "".join(parts), boxed


def _given(parts: Parts, text: str) -> Metadata:
    """Return what the document says of itself; its title and author only when its text agrees."""
    if _PROPERTIES not in parts.names:
        return Metadata()
    said = parts.xml(_PROPERTIES)
    author = confirmed(said.findtext(f"{_DC}creator"), "document author", text)
    return Metadata(
        title=confirmed(said.findtext(f"{_DC}title"), "document title", text),
        authors=(author,) if author else (),
        language=language_finding(said.findtext(f"{_DC}language"), "document language"),
    )
