"""Which article is in this saved web page? The boundary between formats and `indexer/web_page`.

A page comes as bytes and perhaps an address: from an .html file, an .mhtml file, a WARC record.
Out comes its article with what the page says of it: the one function that all of them call.
"""

import importlib
from datetime import UTC, date, datetime
from importlib.util import find_spec
from typing import Any

from indexer.documents import Finding, Metadata
from indexer.errors import DatelineError
from indexer.loaders.given import finding, language_finding, name_findings, url_finding
from indexer.loaders.protocol import LoadedArticle
from indexer.loaders.rows import headed
from indexer.loaders.skips import NO_TEXT, SkippedFileError

NO_READER = "web page, which this version does not read"
_READER, _DATES = "indexer.web_page", "indexer.page_dates"


def article_of_page(content: bytes, url: str | None, key: str = "") -> LoadedArticle:
    """Return the article of a web page, its title on top.

    Args:
        content: the bytes of the page.
        url: where it was found, if that is known.
        key: which article of its file it is, as in `LoadedArticle`.

    Raises:
        SkippedFileError: when it is no page, or there is no article on it.
    """
    # Pages take a parser of their own, which nothing else waits for.
    if find_spec(_READER) is None:
        raise SkippedFileError(NO_READER)
    try:
        page = importlib.import_module(_READER).read_page(content, url)
        dates = importlib.import_module(_DATES).find_page_dates(content, url, _today())
    except DatelineError as error:
        raise SkippedFileError(NO_TEXT, str(error)) from error
    given = Metadata(
        title=finding(page.title, "page title"),
        source=finding(page.site_name, "page metadata"),
        published=_dated(dates.published),
        authors=name_findings(page.authors, "page metadata"),
        url=url_finding(page.url, "page address"),
        modified=_dated(dates.modified),
        language=language_finding(page.language, "page metadata"),
    )
    return headed(page.text, page.encoding, key, given)


def _dated(found: Any) -> Finding | None:  # noqa: ANN401 - a `PageDate`, whose module is loaded late
    return Finding(found.value, found.found_in) if found is not None else None


def _today() -> date:
    return datetime.now(UTC).date()
