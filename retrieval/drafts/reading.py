"""Text of a draft's file: Markdown, plain text, Word or HTML, with its block quotes marked."""

import html
import re
from io import BytesIO
from pathlib import Path, PurePath
from typing import BinaryIO

from indexer.corpus.scan import SkippedFileError
from indexer.errors import DraftError
from indexer.loaders.formats.registry import load
from indexer.loaders.protocol import LoadedArticle, Reading
from indexer.text.encodings import decode_page
from indexer.text.markup import text_of_markup
from indexer.text.printable import printable_line
from retrieval.drafts.quotations import BLOCK_CLOSE, BLOCK_OPEN

_MARKDOWN, _TEXT, _WORD, _HTML = ".md", ".txt", ".docx", ".html"
_FORMATS = {
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".txt": _TEXT,
    ".docx": _WORD,
    ".docm": _WORD,  # its macros are another part, which is never read
    ".html": _HTML,
    ".htm": _HTML,
    ".xhtml": _HTML,
}
SUFFIXES = tuple(_FORMATS)

# Word puts encrypted documents, and its old .doc, into this container.
_PROTECTED = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = b"PK\x03\x04"
_PAGE = re.compile(rb"\s*(?:<!doctype html|<html)\b", re.IGNORECASE)
# Controls that no text has; a few may be left over from a conversion.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_MOST_CONTROLS = 0.01

_QUOTED_LINES = re.compile(r"(?:^[ ]{0,3}>[^\n]*(?:\n|\Z))+", re.MULTILINE)
_QUOTE_SIGN = re.compile(r"^[ ]{0,3}(?:>[ ]?)+", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\](?:\([^()\n]{0,2000}\)|\[[^\[\]\n]{0,100}\])")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\n]{1,100}\]")
_ESCAPED = re.compile(r"\\(?=[\"'\[\]().*_`>~-])")
_TAGS = (
    (re.compile(r"<blockquote\b[^<>]*>", re.IGNORECASE), rf"\g<0>{BLOCK_OPEN}"),
    (re.compile(r"</blockquote\s*>", re.IGNORECASE), rf"{BLOCK_CLOSE}\g<0>"),
    (re.compile(r"<q\b[^<>]*>", re.IGNORECASE), "“"),
    (re.compile(r"</q\s*>", re.IGNORECASE), "”"),
)


def read_draft(path: Path) -> str:
    """Return the text of a draft's file, by the ending of its name.

    Raises:
        DraftError: if it is missing, in another format, protected or damaged, or holds no text.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        what = error.strerror or "it cannot be read"
        raise DraftError(f"Draft {path} couldn't be read: {what}") from error
    return draft_text(content, path.name)


def read_stream(stream: BinaryIO) -> str:
    """Return the text of a draft from a pipe: Word or HTML if it looks like it, else Markdown.

    Raises:
        DraftError: as `read_draft`.
    """
    content = stream.read()
    if content.startswith((_ZIP, _PROTECTED)):
        return draft_text(content, f"draft{_WORD}")
    return draft_text(content, f"draft{_HTML if _PAGE.match(content) else _MARKDOWN}")


def draft_text(content: bytes, name: str) -> str:
    """Return the text of a draft, given the bytes and the name of its file.

    Raises:
        DraftError: as `read_draft`.
    """
    shown = printable_line(name)
    kind = _FORMATS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise DraftError(f"Unsupported draft: {shown}. Supported: {', '.join(SUFFIXES)}")
    if content.startswith(_PROTECTED):
        raise DraftError(
            f"Draft {shown} is protected by a password, or in an old Word format. Save it as .docx "
            "without a password"
        )
    text = _page_text(content) if kind == _HTML else _loaded_text(content, shown, kind)
    if len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise DraftError(f"Draft {shown} is not text. Supported: {', '.join(SUFFIXES)}")
    if not text.strip():
        raise DraftError(f"Draft {shown} holds no text")
    return text


def _page_text(content: bytes) -> str:
    markup = _unmarked(decode_page(content)[0])
    for pattern, marked in _TAGS:
        markup = pattern.sub(marked, markup)
    return text_of_markup(markup)


def _loaded_text(content: bytes, shown: str, kind: str) -> str:
    try:
        articles = list(load(BytesIO(content), f"draft{kind}", Reading()))
    except SkippedFileError as skip:
        detail = f" ({skip.detail})" if skip.detail else ""
        raise DraftError(f"Draft {shown} couldn't be read: {skip.reason}{detail}") from skip
    text = _unmarked("\n\n".join(each.text for each in articles if isinstance(each, LoadedArticle)))
    if kind == _WORD:
        return text
    text = _QUOTED_LINES.sub(_marked_block, text.replace("\r\n", "\n"))
    return _plain_markdown(text) if kind == _MARKDOWN else text


def _unmarked(text: str) -> str:
    return text.replace(BLOCK_OPEN, "[[").replace(BLOCK_CLOSE, "]]")


def _marked_block(lines: re.Match[str]) -> str:
    text = lines.group()
    ending = "\n" if text.endswith("\n") else ""
    return f"{BLOCK_OPEN}{_QUOTE_SIGN.sub('', text).rstrip()}{BLOCK_CLOSE}{ending}"


def _plain_markdown(text: str) -> str:
    """Return Markdown without links, footnotes and escapes; lines stay where they are."""
    return html.unescape(_ESCAPED.sub("", _FOOTNOTE.sub("", _LINK.sub(r"\1", text))))
