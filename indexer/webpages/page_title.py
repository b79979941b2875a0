"""Title of a page, also where the first heading is a logo, a greeting or a section."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from indexer.webpages.json_ld import is_article, json_ld, types_of

_SEPARATOR = re.compile(r"\s[|»›«‹–—·•-]\s|\s?::\s?|\s/\s|:\s|\s\|")
_MAX_PARTS, _MAX_HEADINGS = 8, 60
_MAX_CHARS = 300
_TITLE_METAS = frozenset({"og:title", "twitter:title", "title", "dc.title", "citation_title"})
_NAME_METAS = frozenset({"og:site_name", "application-name"})
_SITES = re.compile(r"organi[sz]ation|website", re.IGNORECASE)


def page_title(root: HtmlElement, given: str | None, site_name: str | None) -> str | None:
    """Return the title that a heading and the head of the page agree on, else the given one.

    Args:
        root: the element tree of the page.
        given: title that was found by the page's markup.
        site_name: the outlet, if known.
    """
    sites = {_key(name) for name in (site_name, *_site_names(root)) if name}
    declared = [title for title in _declared(root) if _key(title) not in sites]
    key = _key(given or "")
    if key and key in {_key(title) for title in declared}:
        return given
    headings = [text for text in _headings(root) if _key(text) and _key(text) not in sites]
    runs = _runs(_folded(root.findtext(".//title")))
    stated = {*map(_key, declared), *runs}
    agreed = [text for text in headings if _key(text) in stated]
    if agreed:
        return max(agreed, key=len)
    if key and key not in sites and (key in runs or key in map(_key, headings)):
        return given
    parts = [part for part in runs.values() if _key(part) not in sites]
    return next(iter((*declared, *headings, *parts)), given)


def _folded(text: str | None) -> str:
    return " ".join((text or "").split())


def _key(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))


def _runs(title: str) -> dict[str, str]:
    """Return the parts of a title, and what several neighbours say, by their keys."""
    cuts = [match.span() for match in _SEPARATOR.finditer(title)][:_MAX_PARTS]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(title)]
    texts = (title[start:end].strip() for start in starts for end in ends if start < end)
    return {_key(text): text for text in texts if _key(text)}


def _declared(root: HtmlElement) -> Iterator[str]:
    """Yield what the head calls the title, and the headline of the outermost article."""
    for name, content in _metas(root):
        if name in _TITLE_METAS:
            yield content
    for thing in json_ld(root):
        if is_article(thing) and isinstance(headline := thing.get("headline"), str) and headline:
            yield _folded(headline)
            break


def _site_names(root: HtmlElement) -> Iterator[str]:
    for name, content in _metas(root):
        if name in _NAME_METAS:
            yield content
    for thing in json_ld(root):
        named = thing.get("name")
        if isinstance(named, str) and any(map(_SITES.search, types_of(thing))):
            yield named
    for link in root.iter("a"):
        if _is_home(link.get("href")):
            yield _folded(link.text_content()[:_MAX_CHARS])


def _metas(root: HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or ""
        if content := _folded(meta.get("content")):
            yield name.strip().casefold(), content


def _headings(root: HtmlElement) -> Iterator[str]:
    """Yield the first headings that lead nowhere else, in page order."""
    count = 0
    for element in root.iter():
        if element.tag not in ("h1", "h2", "h3") and element.get("itemprop") != "headline":
            continue
        count += 1
        if count > _MAX_HEADINGS:
            return
        text = _folded(element.text_content())
        homes = (_is_home(link.get("href")) for link in (*element.iter("a"), *_outer(element)))
        if text and len(text) <= _MAX_CHARS and not any(homes):
            yield text


def _outer(element: HtmlElement) -> Iterator[HtmlElement]:
    parent = element.getparent()
    if parent is not None and parent.tag == "a":
        yield parent


def _is_home(address: str | None) -> bool:
    """Tell whether an address is that of the site's first page."""
    if address is None:
        return False
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    if parts.query or parts.fragment:
        return False
    local = parts.path in ("/", "./", "../", "/index.html", "index.html", "/index.php")
    return local or (bool(parts.netloc) and not parts.path)
