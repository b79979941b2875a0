"""Which article is in this .html or .mhtml file? That of the one web page in it."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import BinaryIO

from indexer.corpus.scan import DAMAGED, NO_TEXT, SkippedFileError
from indexer.loaders.formats.mail import MAIL_ERRORS, bytes_of
from indexer.loaders.formats.page import article_of_page
from indexer.loaders.formats.text import EMPTY
from indexer.loaders.protocol import LoadedArticle, Reading, read_whole

_PAGES = frozenset({"text/html", "application/xhtml+xml"})


class HtmlLoader:
    """Reads a saved web page."""

    suffixes = frozenset({".html", ".htm", ".xhtml"})
    streams = False

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[LoadedArticle]:
        """Yield the article of the page.

        Raises:
            SkippedFileError: when it is empty, no page, or has no article.
        """
        content = read_whole(stream, reading)
        if not content.strip():
            raise SkippedFileError(EMPTY)
        yield article_of_page(content, None)


class MhtmlLoader:
    """Reads a web page that a browser saved with its images in one file."""

    suffixes = frozenset({".mhtml", ".mht"})
    streams = False

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[LoadedArticle]:
        """Yield the article of the first page in it.

        Raises:
            SkippedFileError: when it is empty, damaged, holds no page, or no article.
        """
        content = read_whole(stream, reading)
        if not content.strip():
            raise SkippedFileError(EMPTY)
        try:
            message = message_from_bytes(content, policy=policy.default)
            pages = (part for part in message.walk() if part.get_content_type() in _PAGES)
            page = next(pages, None)
            markup = bytes_of(page) if page is not None else b""
            location = message["Snapshot-Content-Location"] or (page and page["Content-Location"])
        except MAIL_ERRORS as error:
            raise SkippedFileError(DAMAGED, str(error)) from error
        if page is None:
            raise SkippedFileError(NO_TEXT, "it holds no web page")
        yield article_of_page(markup, str(location) if location else None)
