"""JSON-LD objects of a page, although they may be in CDATA or comments, or have commas too many."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import cast

from lxml.html import HtmlElement

Thing = dict[str, object]

_MAX_DEPTH = 40
_REACH = 1000  # for the sign before the white space before a comma
# What these hold is published on its own: the entries of a live blog, other articles, comments.
_OTHER_THINGS = frozenset(
    """
    about citation comment comments haspart isbasedon itemlistelement liveblogupdate mentions
    review reviews video
    """.split()
)
_ARTICLE = re.compile(r"(?:article|blogposting|mediaposting|report)$", re.IGNORECASE)
# A string, a wrapping, a comment, or a run of commas. Each part ends where the text ends, at the
# latest, so that no character is read twice.
_PART = re.compile(
    r'(?P<string>"(?:[^"\\]+|\\.)*+"?)'
    r"|(?:(?://|/\*)[ \t]{0,9})?(?:<!\[CDATA\[|\]\]>|<!--|-->)(?:[ \t]{0,9}\*/)?"
    r"|//[^\r\n]*|/\*(?:.*?\*/|.*)"
    r"|(?P<commas>,[\s,]*)",
    re.DOTALL,
)


def json_ld(root: HtmlElement) -> Iterator[Thing]:
    """Yield the objects of a page, outermost first, but not those of other articles."""
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").casefold():
            yield from _things(_parsed(script.text or ""), _MAX_DEPTH)


def types_of(thing: Thing) -> list[str]:
    """Return the names of an object's types."""
    types = thing.get("@type")
    named: list[object] = types if isinstance(types, list) else [types]
    return [each for each in named if isinstance(each, str)]


def is_article(thing: Thing) -> bool:
    """Tell whether an object is an article, a blog's entry or a live blog."""
    return any(_ARTICLE.search(each) for each in types_of(thing))


def _parsed(text: str) -> object:
    """Return the value in a script, or None when it is broken beyond wrappings and commas."""
    try:
        return cast("object", json.loads(text, strict=False))
    except (ValueError, RecursionError):
        pass
    try:
        return cast("object", json.loads(_mended(text), strict=False))
    except (ValueError, RecursionError):
        return None


def _mended(text: str) -> str:
    """Return a text without wrappings and comments, nor commas that separate nothing."""
    plain = _PART.sub(lambda part: part["string"] or part["commas"] or " ", text)
    plain = plain.strip("\ufeff; \t\r\n")
    return _PART.sub(lambda part: part["string"] or _comma(part), plain)


def _comma(part: re.Match[str]) -> str:
    before = part.string[max(0, part.start() - _REACH) : part.start()].rstrip()[-1:]
    after = part.string[part.end() : part.end() + 1]
    return "" if before in ("", "[", "{") or after in ("", "]", "}") else ","


def _things(data: object, depth: int) -> Iterator[Thing]:
    if depth == 0:
        return
    inner: Iterable[object] = ()
    if isinstance(data, dict):
        yield data
        inner = [value for key, value in data.items() if str(key).casefold() not in _OTHER_THINGS]
    elif isinstance(data, list):
        inner = data
    for value in inner:
        if isinstance(value, dict | list):
            yield from _things(value, depth - 1)
