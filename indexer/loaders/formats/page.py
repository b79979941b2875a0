"""Which article is in this saved web page? The boundary between formats and `indexer/web_page`.

A page comes as bytes and perhaps an address: from an .html file, an .mhtml file, a WARC record.
Out comes its article with what the page says of it: the one function that all of them call.
"""

from datetime import UTC, datetime

from indexer.corpus.scan import NO_TEXT, SkippedFileError
from indexer.documents import Finding, Metadata
from indexer.errors import PageError
from indexer.loaders.optional import library
from indexer.loaders.protocol import LoadedArticle
from indexer.loaders.rows import headed
from indexer.metadata.values import finding, language_finding, name_findings, url_finding


def article_of_page(content: bytes, url: str | None, key: str = "") -> LoadedArticle:
    """Return the article of a web page, its title on top.

    Args:
        content: the bytes of the page.
        url: where it was found, if that is known.
        key: which article of its file it is, as in `LoadedArticle`.

    Raises:
        SkippedFileError: when it is no page, there is no article on it, or the library that
            reads pages is not installed.
    """
    library("trafilatura")
    # Importing what reads pages takes 0.3 s, for which no question and no other format waits.
    from indexer.webpages.extract import read_page  # noqa: PLC0415 - see above
    from indexer.webpages.page_dates import find_page_dates  # noqa: PLC0415 - see above

    try:
        page = read_page(content, url)
        dates = find_page_dates(content, url, datetime.now(UTC).date())
    except PageError as error:
        raise SkippedFileError(NO_TEXT, str(error)) from error
    published, modified = (
        Finding(found.value, found.found_in, confidence=found.confidence) if found else None
        for found in (dates.published, dates.modified)
    )
    given = Metadata(
        title=finding(page.title, "page title"),
        source=finding(page.site_name, "page metadata"),
        published=published,
        authors=name_findings(page.authors, "page metadata"),
        url=url_finding(page.url, "page address"),
        modified=modified,
        language=language_finding(page.language, "page metadata"),
    )
    return headed(page.text, page.encoding, key, given)
