"""Parts of a page that are not to be read: hidden, for screen readers alone, or struck out."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from indexer.webpages.tree import blank

_STYLE = re.compile(
    r"(?:^|[;\s{])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|(?:opacity|font-size)\s*:\s*0(?:\.0*)?(?:px|em|rem|pt|%)?\s*(?:!|;|$)"
    r"|(?:left|top|right|text-indent|margin-left|margin-top)\s*:\s*-\d{4,}"
    r"|color\s*:\s*transparent|transform\s*:\s*scale\(0\)|(?:height|width)\s*:\s*[01](?:px)?\s*;"
    r"(?=.*overflow\s*:\s*hidden)|clip\s*:\s*rect\(\s*(?:0|1px)|clip-path\s*:\s*inset\(\s*(?:50|100)%)",
    re.IGNORECASE,
)
_READ_ALOUD = re.compile(
    r"(?<![\w-])(?:sr-only|screen-?reader(?:-(?:text|only))?|(?:u-)?visually-?hidden|visuallyhidden"
    r"|a11y-hidden|element-invisible|assistive-text|hidden-?text)(?![\w-])",
    re.IGNORECASE,
)
_NOT_SHOWN = frozenset({"hidden", "d-none", "is-hidden", "u-hidden", "hide", "invisible"})
_ON_SOME_SCREENS = re.compile(
    r"(?:^|\s)(?:\w{2,3}:|d-\w{2,3}-|visible-)\w*(?:block|flex|grid|inline|visible)?"
)
_RULE = re.compile(r"([^{}]{1,2000})\{([^{}]{0,2000})\}")
_SELECTOR = re.compile(r"(?:p|div|span|section)?([.#])([\w-]+)")
_STYLE_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_BRACE = re.compile(r"[{}]")
_MAX_STYLE_CHARS = 200_000
_MIN_SEEN_CHARS = 250  # of paragraphs; with less, scripts of the page would show what is hidden
_GLUED_MAX_CHARS = 30
_STRUCK = ("del", "s", "strike")
_MAX_STRUCK_SHARE = 1 / 3
_NEVER_HIDDEN = ("html", "body", "head")
_PROSE = ("p", "li", "blockquote", "td")


def remove_hidden(root: HtmlElement) -> None:
    """Remove what is hidden or struck out, unless hardly any paragraph would be left to see."""
    for element in root.iter("template"):
        blank(element)
    _drop_struck(root)
    classes, ids = _hidden_names(root)
    found = [each for each in root.iter(etree.Element) if _is_hidden(each, classes, ids)]
    if not found:
        return
    marked = set(found)
    seen = 0
    inside: set[HtmlElement] = set()
    for element in root.iter():
        if element in marked or element.getparent() in inside:
            inside.add(element)
        elif element.tag in _PROSE:
            seen += len(element.text or "") + sum(len(each.tail or "") for each in element)
    shown_alone = seen >= _MIN_SEEN_CHARS
    for element in found:
        if shown_alone or _is_read_aloud(element):
            blank(element)


def _is_hidden(element: HtmlElement, classes: set[str], ids: set[str]) -> bool:
    given: dict[str, str] = dict(element.items())
    if not given or element.tag in _NEVER_HIDDEN:
        return bool(element.tag == "dialog")
    names = given.get("class", "")
    return (
        given.get("hidden", "until-found").casefold() != "until-found"
        or ("style" in given and bool(_STYLE.search(given["style"])))
        or (given.get("aria-hidden", "").casefold() == "true" and not _is_glued(element))
        or given.get("role") == "tooltip"
        or (element.tag == "dialog" and "open" not in given)
        or given.get("id") in ids
        or (bool(names) and (bool(_READ_ALOUD.search(names)) or _has_class(names, classes)))
    )


def _has_class(names: str, classes: set[str]) -> bool:
    """Tell whether a class hides an element on every screen."""
    given = names.split()
    if not classes.isdisjoint(given):
        return True
    return not _NOT_SHOWN.isdisjoint(given) and not _ON_SOME_SCREENS.search(names)


def _is_read_aloud(element: HtmlElement) -> bool:
    return bool(_READ_ALOUD.search(element.get("class", "")))


def _is_glued(element: HtmlElement) -> bool:
    """Tell whether an element has letters of the word that follows, or of the word before it.

    The first letter of an article is often drawn apart, hidden from screen readers alone.
    """
    text = "".join(element.itertext())
    before, parent = element.getprevious(), element.getparent()
    if parent is None:
        return True
    lead = (before.tail if before is not None else parent.text) or ""
    if before is not None and not lead and isinstance(before.tag, str):
        lead = "".join(before.itertext())
    tail = element.tail or ""
    follows = element.getnext() if not tail else None
    if follows is not None and isinstance(follows.tag, str):
        tail = "".join(follows.itertext())[:1]
    joins_next = text[-1:].isalnum() and tail[:1].isalnum()
    joins_last = text[:1].isalnum() and lead[-1:].isalnum()
    return joins_last or (joins_next and len(text) <= _GLUED_MAX_CHARS)


def _hidden_names(root: HtmlElement) -> tuple[set[str], set[str]]:
    """Return the classes and ids that the page's own style sheets never show."""
    names: dict[str, set[str]] = {".": set(), "#": set()}
    for style in root.iter("style"):
        media = style.get("media", "all").casefold()
        if media.strip() in ("all", "screen", ""):
            sheet = style.text or ""
            for selectors, body in _rules(sheet) if _STYLE.search(sheet) else ():
                if not _STYLE.search(body):
                    continue
                for selector in selectors.split(","):
                    if match := _SELECTOR.fullmatch(selector.strip()):
                        names[match[1]].add(match[2])
    return names["."], names["#"]


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield the selectors and the body of each rule that holds for every screen."""
    text = _STYLE_COMMENT.sub(" ", sheet[:_MAX_STYLE_CHARS])
    depth = start = 0
    for brace in _BRACE.finditer(text):
        if brace.group() == "{":
            depth += 1
            continue
        depth = max(0, depth - 1)
        if depth == 0:
            rule = text[start : brace.end()]
            start = brace.end()
            if match := _RULE.fullmatch(rule.strip()):
                yield match[1], match[2]


def _drop_struck(root: HtmlElement) -> None:
    """Remove what is struck out, unless that is much of the page."""
    struck = list(root.iter(*_STRUCK))
    chars = sum(len("".join(each.itertext())) for each in struck)
    if struck and chars <= _MAX_STRUCK_SHARE * sum(map(len, root.itertext())):
        for each in struck:
            blank(each)
