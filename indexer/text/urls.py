"""Parser of the outlet and the day in a web address.

An address says who published an article better than its text, which named an outlet in 134 of 1,605
rows of two exports, 21 of them an agency or a syndicate (`evaluation/components/metadata.py`).
"""

import re
from datetime import date
from urllib.parse import urlsplit

from tld import get_fld

from indexer.text.dates import SHORT_MONTHS

IN_URL = 0.95
"""Share of right days in URLs on the odd half of 300 pages (`evaluation/components/dates.py`)."""

_YEAR = r"((?:19|20)\d{2})"
_URL_DATE = re.compile(
    rf"(?<![0-9a-z]){_YEAR}(?:([/_.-])(\d{{1,2}}|[a-z]{{3}})\2(\d{{1,2}})|(\d{{2}})(\d{{2}}))"
    r"(?![0-9a-z])",
    re.IGNORECASE,
)
_URL_DATE_DAY_FIRST = re.compile(rf"(?<![0-9a-z])(\d{{2}})([_.-])(\d{{2}})\2{_YEAR}(?![0-9a-z])")
_HOST = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_ARCHIVED = re.compile(r".*\d{6,14}[a-z_*]*/(?=https?:)", re.DOTALL)

# Sites where anyone publishes; on those of `_HOSTING`, the subdomain is an outlet.
_SHARED = frozenset(
    "archive.is archive.org archive.ph archive.today bsky.app facebook.com google.com "
    "googleusercontent.com instagram.com linkedin.com medium.com reddit.com substack.com t.co t.me "
    "tumblr.com twitter.com wordpress.com x.com youtu.be youtube.com".split()
)
_HOSTING = frozenset("medium.com substack.com tumblr.com wordpress.com".split())


def url_outlet(url: str) -> str | None:
    """Return the registered domain, as the outlet's name; None if it does not name an outlet.

    Neither sites where anyone publishes nor numeric or local addresses do.

    >>> url_outlet("https://edition.example.co.uk:8080/world"), url_outlet("https://10.0.0.1/a")
    ('example.co.uk', None)
    >>> url_outlet("https://a-letter.substack.com/p/1"), url_outlet("https://www.facebook.com/p/1")
    ('a-letter.substack.com', None)
    """
    try:
        host = urlsplit(_ARCHIVED.sub("", url)).hostname or ""
    except ValueError:
        return None
    host = host.removeprefix("www.")
    if not _HOST.fullmatch(host):
        return None
    domain = get_fld(f"https://{host}", fail_silently=True, search_private=True)
    if domain in _SHARED:
        return host if domain in _HOSTING and host != domain else None
    return domain.removeprefix("www.") if domain else None


def url_date(url: str) -> date | None:
    """Return the day in an address, or None; an archive's own timestamp does not count.

    >>> url_date("https://example.org/world/2021/03/05/bridge-closes")
    datetime.date(2021, 3, 5)
    >>> url_date("https://example.org/2021/31/12/") is None
    True
    """
    address = _ARCHIVED.sub("", url)
    for match in _URL_DATE.finditer(address):
        year, _, month, day, compact_month, compact_day = match.groups()
        word = (month or compact_month).lower()
        number = SHORT_MONTHS.index(word) + 1 if word in SHORT_MONTHS else word
        if found := _calendar_day(year, number, day or compact_day):
            return found
    for match in _URL_DATE_DAY_FIRST.finditer(address):
        first, _, second, year = match.groups()
        if int(first) > len(SHORT_MONTHS) and (found := _calendar_day(year, second, first)):
            return found
    return None


def _calendar_day(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
