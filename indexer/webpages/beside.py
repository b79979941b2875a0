"""Parts of a page beside its story: requests for consent or money, galleries, streams of teasers.

What is removed here would else be taken for the story, because it is longer or stands in it. Other
parts are only told apart, so that none of their lines is added to the story.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from indexer.text.blocks import block_of
from indexer.text.notices import is_consent_notice, is_paywall_notice, touches_consent
from indexer.webpages.tree import blank

_TAGS = frozenset(
    """
    aside nav footer form dialog figcaption menu noscript template script style select textarea
    button label option iframe object
    """.split()
)
_NAMES = re.compile(
    r"(?<![a-z])(?:captions?|credits?|copyright|disclaimer|legal|news-?letter|(?:email-?)?sign-?up"
    r"|subscri\w*|promo\w*|advert\w*|ads?|sponsor\w*|shar(?:e|es|ing)|social|follow|related|recommend\w*"
    r"|teasers?|popular|most-?(?:read|popular|viewed)|trending|latest|more-?(?:stories|news|on|from)"
    r"|read-?(?:next|also)|see-?also|comments?|disqus|respond|authors?|byline|bio|meta|tags?|topics"
    r"|bread-?crumbs?|menu|nav|navigation|footer|side-?bar|login|cookies?|consent|gdpr|paywall|donat\w*"
    r"|poll|quiz|d-print|print-only|thumb\w*|tumb|galler(?:y|ies)|slide-?show|carousel|player|videos?"
    r"|images?|photos?|media|tool-?(?:bar|tip)|pull-?quote|cta|pagination|pager)(?![a-z])"
)
_CONSENT_NAMES = re.compile(
    r"(?<![a-z])(?:cookies?|consent|gdpr|ccpa|onetrust|didomi|usercentrics|cookiebot|borlabs|cmp\w*"
    r"|truste|privacy)(?![a-z])"
)
_PAYWALL_NAMES = re.compile(
    r"(?<![a-z])(?:pay-?wall|reg-?wall|meter\w*|barrier|subscri\w*|piano|tp|gate|abo|premium|offer\w*)"
    r"(?![a-z])"
)
_GALLERY_NAMES = re.compile(
    r"(?<![a-z])(?:galler(?:y|ies)|slide-?show|carousel|slider|slick|swiper|photo-?(?:strip|essay)"
    r"|teasers?|related|most-?(?:read|popular|viewed)|popular|trending|recommend\w*|latest|recirc\w*"
    r"|more-?(?:stories|news|from|on|articles)|read-?(?:next|also)|also-?read|outbrain|taboola)"
    r"(?![a-z])"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BOXES = ("div", "section", "aside", "ul", "ol", "article", "form", "dialog", "p", "table")
_LISTS = ("div", "section", "ul", "ol", "aside")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MAX_SHARE = 0.6
_MIN_SHARE = 0.6
_MIN_STORY_CHARS = 250
_MIN_PARAGRAPHS = 2
_MIN_PARAGRAPH_WORDS = 12
_MIN_TEASERS = 3
_MAX_TEASER_CHARS = 600
_MAX_PAYWALL_CHARS = 900


class PageParts:
    """Sizes of the elements of a page, and which of them are beside its story."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.chars = _sizes(root)
        self._whole = self.chars.get(root, 0)
        self.titled = around(root.iter("h1"))

    def beside(self) -> set[HtmlElement]:
        """Return the elements in parts beside the story, by the tags and names around them."""
        found: set[HtmlElement] = set()
        for element in self.root.iter():
            if element.getparent() in found or (
                (element.tag in _TAGS or (element.attrib and _NAMES.search(name_of(element))))
                and not self.may_hold_story(element)
            ):
                found.add(element)
        return found

    def may_hold_story(self, element: HtmlElement) -> bool:
        """Tell whether an element has the title, or most of the text of the page."""
        return element in self.titled or self.chars.get(element, 0) > _MAX_SHARE * self._whole


def name_of(element: HtmlElement) -> str:
    """Return the id and classes of an element in lower case, words apart."""
    given = f"{element.get('id', '')} {element.get('class', '')}"
    return _CAMEL.sub("-", given).lower().replace("_", "-")


def remove_beside(root: HtmlElement) -> None:
    """Remove notices, galleries and teasers, unless too little would be left for a story."""
    parts = PageParts(root)
    notices = set(_notices(parts))
    for element in notices:
        blank(element)
    streams = set(_streams(parts)) - notices
    if streams and _has_story(root, streams):
        for element in streams:
            blank(element)


def _sizes(root: HtmlElement) -> dict[HtmlElement, int]:
    """Return the number of characters in each element."""
    chars: dict[HtmlElement, int] = {}
    for element in reversed(list(root.iter())):
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        own = chars[element] = chars.get(element, 0) + len(element.text or "")
        parent = element.getparent()
        if parent is not None:
            chars[parent] = chars.get(parent, 0) + own + len(element.tail or "")
    return chars


def around(elements: Iterable[HtmlElement]) -> set[HtmlElement]:
    """Return some elements and all that hold them."""
    found: set[HtmlElement] = set()
    for each in elements:
        element: HtmlElement | None = each
        while element is not None and element not in found:
            found.add(element)
            element = element.getparent()
    return found


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _paragraphs(root: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Yield the elements that directly hold text, with it."""
    boxes = around(root.iter(*_BOXES))
    for element in root.iter("p", "li", "div", "span", *_HEADINGS):
        if any(each in boxes for each in element):
            continue
        parent = element.getparent()
        if element.tag == "span" and (parent is None or parent.tag != "div"):
            continue
        text = _text(element)
        if text:
            yield element, text


def _notices(parts: PageParts) -> Iterator[HtmlElement]:
    """Yield the boxes of requests for consent, and for money."""
    texts = list(_paragraphs(parts.root))
    asking = [(element, text) for element, text in texts if touches_consent(text)]
    chars = _chars_around(asking)
    for element, text in asking:
        if is_consent_notice(text):
            yield _widest(parts, element, chars, _CONSENT_NAMES)
    inviting = [(element, text) for element, text in texts if is_paywall_notice(text)]
    chars = _chars_around(inviting)
    for element, _ in inviting:
        widest = _widest(parts, element, chars, _PAYWALL_NAMES)
        if parts.chars.get(widest, 0) <= _MAX_PAYWALL_CHARS:
            yield widest


def _chars_around(paragraphs: Iterable[tuple[HtmlElement, str]]) -> Counter[HtmlElement]:
    """Count the characters of paragraphs in each box that holds some."""
    chars: Counter[HtmlElement] = Counter()
    for element, text in paragraphs:
        for outer in (element, *element.iterancestors(*_BOXES)):
            chars[outer] += len(text)
    return chars


def _widest(
    parts: PageParts, element: HtmlElement, chars: Counter[HtmlElement], names: re.Pattern[str]
) -> HtmlElement:
    """Return the outermost box around a notice that holds little else, or is named as one."""
    widest = element
    for outer in element.iterancestors():
        size = parts.chars.get(outer, 0)
        if outer.tag not in _BOXES or parts.may_hold_story(outer):
            break
        if chars[outer] >= _MIN_SHARE * size or (
            names.search(name_of(outer)) and size <= _MAX_PAYWALL_CHARS
        ):
            widest = outer
    return widest


def _streams(parts: PageParts) -> Iterator[HtmlElement]:
    """Yield galleries by their names, and lists of linked headlines with a text each."""
    linked = around(_linked_headings(parts.root))
    for element in parts.root.iter(*_LISTS):
        if element in parts.titled:
            continue
        if _lists_teasers(parts, element, linked) or (
            element.attrib
            and _GALLERY_NAMES.search(name_of(element))
            and next(element.iter("a", "img", "li"), None) is not None
        ):
            yield element


def _linked_headings(root: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the headings that lead to other pages."""
    for heading in root.iter(*_HEADINGS):
        links = (*heading.iter("a"), *heading.iterancestors("a"))
        if any((link.get("href") or "#")[0] != "#" for link in links):
            yield heading


def _lists_teasers(parts: PageParts, element: HtmlElement, linked: set[HtmlElement]) -> bool:
    if element not in linked or len(element) < _MIN_TEASERS:
        return False
    kinds = Counter(
        (child.tag, child.get("class", ""))
        for child in element
        if child in linked and 0 < parts.chars.get(child, 0) <= _MAX_TEASER_CHARS
    )
    most = max(kinds.values(), default=0)
    return most >= _MIN_TEASERS and most > len(element) / 2


def _has_story(root: HtmlElement, without: set[HtmlElement]) -> bool:
    chars = count = 0
    inside: set[HtmlElement] = set()
    for element in root.iter():
        if element in without or element.getparent() in inside:
            inside.add(element)
        elif element.tag in ("p", "div", "blockquote", "section", "td"):
            own = [element.text or "", *(each.tail or "" for each in element)]
            text = _text(element) if element.tag == "p" else " ".join(own)
            if block_of(text, 0, len(text)).words >= _MIN_PARAGRAPH_WORDS:
                chars += len(text)
                count += 1
    return chars >= _MIN_STORY_CHARS and count >= _MIN_PARAGRAPHS
