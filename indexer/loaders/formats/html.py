"""Loaders of saved web pages, and the one function that turns a page into an article."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from indexer.corpus.scan import DAMAGED, NO_TEXT, SkippedFileError
from indexer.documents import Metadata
from indexer.errors import PageError
from indexer.loaders.formats.mail import bytes_of
from indexer.loaders.formats.mail_headers import decoded, parse_message
from indexer.loaders.optional import library
from indexer.loaders.protocol import PARSER_ERRORS, LoadedArticle, Reading, read_content
from indexer.loaders.rows import headed
from indexer.metadata.values import finding, language_finding, name_findings, url_finding
from indexer.text.encodings import decode_page

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


class HtmlLoader:
    """Reader of a saved web page."""

    suffixes = frozenset({".html", ".htm", ".xhtml"})
    streams = False

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[LoadedArticle]:
        """Yield the article of the page."""
        yield article_of_page(read_content(stream, reading), None, told=reading.encoding)


class MhtmlLoader:
    """Reader of a web page that a browser saved with its images in one file."""

    suffixes = frozenset({".mhtml", ".mht"})
    streams = False

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[LoadedArticle]:
        """Yield the article of the first page in it."""
        content = read_content(stream, reading)
        try:
            message = parse_message(content)
            pages = (part for part in message.walk() if part.get_content_type() in PAGE_TYPES)
            page = next(pages, None)
            markup = bytes_of(page) if page is not None else b""
            charset = page.get_content_charset() if page is not None else None
            location = message["Snapshot-Content-Location"] or (page and page["Content-Location"])
        except PARSER_ERRORS as error:
            raise SkippedFileError(DAMAGED, str(error)) from error
        if page is None:
            raise SkippedFileError(NO_TEXT, "it holds no web page")
        url = decoded(location) or None
        yield article_of_page(markup, url, charset=charset, told=reading.encoding)


def article_of_page(
    content: bytes, url: str | None, key: str = "", charset: str | None = None, told: str = ""
) -> LoadedArticle:
    """Return the article of a web page, its title on top.

    Args:
        content: the bytes of the page.
        url: its address, if known.
        key: as in `LoadedArticle`.
        charset: the encoding that its HTTP header names.
        told: the encoding when nothing else tells it; empty guesses.

    Raises:
        SkippedFileError: when it is no page or holds no article, or the library is missing.
    """
    library("trafilatura")
    # Importing what reads pages takes 0.3 s, for which no question and no other format waits.
    from indexer.webpages.extract import read_tree  # noqa: PLC0415 - see above
    from indexer.webpages.page_authors import page_authors  # noqa: PLC0415 - see above
    from indexer.webpages.page_dates import dates_of  # noqa: PLC0415 - see above
    from indexer.webpages.page_title import page_title  # noqa: PLC0415 - see above
    from indexer.webpages.tree import parse_page  # noqa: PLC0415 - see above

    text, encoding = decode_page(content, charset, told)
    content = text.encode()
    try:
        tree = parse_page(content)
        page = read_tree(tree, url)
    except PageError as error:
        raise SkippedFileError(NO_TEXT, str(error)) from error
    root = tree.root
    dates = dates_of(root, url, datetime.now(UTC).date())
    authors = page_authors(root, page.authors, page.site_name)
    given = Metadata(
        title=finding(page_title(root, page.title, page.site_name), "page title"),
        source=finding(page.site_name, "page metadata"),
        published=dates.published,
        authors=name_findings(authors, "page metadata"),
        url=url_finding(page.url, "page address"),
        modified=dates.modified,
        language=language_finding(page.language, "page metadata"),
    )
    text = f"{page.lead}\n\n{page.text}" if page.lead else page.text
    return headed(text, encoding, key, given)
