"""Paragraphs of a page as `p` elements that hold whole sentences, whatever markup they are in.

Extraction drops elements by their tags and class names: words that explain themselves, names and
times would be missing inside of sentences, and paragraphs that are no `p` would be lost.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from indexer.text.blocks import block_of
from indexer.webpages.beside import PageParts
from indexer.webpages.tree import blank

BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li
    main menu nav noscript object ol optgroup option p pre script search section select style
    summary table tbody td template textarea tfoot th thead title tr ul video audio canvas svg math
    """.split()
)
_CONTAINERS = (
    *("body", "div", "section", "article", "main", "center", "details", "figure", "td", "th", "li"),
    *("blockquote", "dd"),
)
_SENTENCES = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "figcaption", "summary", "caption")
_RENAMED = ("div", "center")
_WRAPPED = frozenset({"section", "article", "main", "body", "details"})
_KEPT_INLINE = frozenset({"a", "br", "wbr", "img", "input", "picture", "source", "rt", "rp", "rtc"})
_PRESSED = frozenset({"button", "label"})
_MEDIA = ("img", "video", "iframe", "picture", "svg", "object", "embed", "audio", "canvas")
_END = re.compile(r"[.!?…。！？؟۔।॥:;]\W{0,6}$")
_WORD = re.compile(r"\w")
_Kind = tuple[HtmlElement | None, str, str]
_MIN_WORDS, _MIN_SENTENCE_WORDS = 8, 4
_MAX_LINK_SHARE = 0.5
_DROPPED = re.compile(
    r"drop|cap(?![a-z]*tion)|initial|lettrine|first-?(?:letter|char)", re.IGNORECASE
)
_LETTER_TAGS = frozenset({"div", "p", "section", "figure", "h1", "h2", "h3", "h4", "h5", "h6"})
_CELL_BLOCKS = ("p", "div", "ul", "ol", "li", "center", "section")
_MAX_CELL_CHARS = 600
_ONE_LETTER_WORDS = frozenset("aeiouyzwàèéóøåäöüñkvsсвкоуияа")


def whole_sentences(root: HtmlElement) -> None:
    """Rewrite a page so that each paragraph is one element, and its words are in no other."""
    for mend in (_open_figures, _join_first_letters, _flatten_cells):
        mend(root)
    beside = PageParts(root).beside()
    outer = _holding_blocks(root)
    leaves: dict[_Kind, list[tuple[HtmlElement, bool]]] = {}
    for block in list(root.iter(*_CONTAINERS, *_SENTENCES)):
        runs = list(_runs(block, outer))
        for run in runs:
            run.free_words()
        if runs and block.tag not in _SENTENCES and block not in beside:
            _part(block, runs, outer, leaves)
    for members in leaves.values():
        is_text = any(is_prose for _, is_prose in members)
        for block, _ in members if is_text else ():
            block.tag = "p"


def _part(
    block: HtmlElement,
    runs: list["_Run"],
    outer: set[HtmlElement],
    leaves: dict[_Kind, list[tuple[HtmlElement, bool]]],
) -> None:
    """Make paragraphs of what stands beside blocks in a block, or note that it is a paragraph."""
    alone = len(runs) == 1 and not any(_is_outer(each, outer) for each in block)
    if alone and not runs[0].breaks and block.tag not in _WRAPPED:
        is_text = _has_words(runs[0].text) and not runs[0].is_linked
        if block.tag in _RENAMED and is_text:
            kind = (block.getparent(), block.tag, block.get("class", ""))
            leaves.setdefault(kind, []).append((block, runs[0].is_prose))
    elif any(run.is_prose for run in runs):
        _wrap(runs)


def _open_figures(root: HtmlElement) -> None:
    """Turn figures without pictures into boxes, because they hold tables or paragraphs."""
    for figure in root.iter("figure"):
        if next(figure.iter(*_MEDIA), None) is None:
            figure.tag = "div"


@dataclass(slots=True)
class _Run:
    """Text and inline elements that follow each other in a block.

    `before` is the element before the text at its beginning, None at the beginning of the block.
    """

    block: HtmlElement
    before: HtmlElement | None
    lead: str
    inline: list[HtmlElement] = field(default_factory=list)
    breaks: bool = False
    text: str = ""
    linked: int = 0

    @property
    def is_linked(self) -> bool:
        return self.linked > _MAX_LINK_SHARE * len(self.text)

    @property
    def is_prose(self) -> bool:
        read = block_of(self.text, 0, len(self.text))
        return read.words >= _MIN_WORDS and read.ends_sentence and not self.is_linked

    def measure(self) -> None:
        """Collect its text."""
        parts = [self.lead]
        for each in self.inline:
            inner = "".join(each.itertext()) if isinstance(each.tag, str) else ""
            if each.tag == "a":
                self.linked += len(inner)
            elif len(each):
                self.linked += sum(len("".join(a.itertext())) for a in each.iter("a"))
            parts += (inner, each.tail or "")
        self.text = " ".join("".join(parts).split())

    def free_words(self) -> None:
        """Turn the elements inside of its sentences into some that nothing drops."""
        if not self.inline:
            return
        direct = _has_words(self.lead) or any(_has_words(each.tail) for each in self.inline)
        if not direct and not self.is_prose:
            return
        last = _last_words(self.inline)
        before = self.lead
        for i, each in enumerate(self.inline):
            text = "".join(each.itertext()) if isinstance(each.tag, str) else ""
            following = (each.tail or "").lstrip()
            if each.tag in _PRESSED:
                goes_on = bool(following) and not following[0].isupper()
                inside = (_is_open(before) and (goes_on or i < last)) or (
                    goes_on and (_has_words(before) or following[0].isalnum())
                )
            else:
                inside = i < last or _has_words(each.tail) or _is_open(before) or _is_sentence(text)
            if inside:
                _free(each)
            before = each.tail if _has_words(each.tail) else f"{text}{each.tail or ''}" or before


def _runs(block: HtmlElement, outer: set[HtmlElement]) -> Iterator[_Run]:
    """Yield what stands between the blocks in a block, and between two line breaks."""
    run = _Run(block, None, block.text or "")
    for child in block:
        if _is_outer(child, outer) or _is_paragraph_break(child):
            yield from _measured(run)
            run = _Run(block, child, child.tail or "")
        else:
            run.breaks = run.breaks or child.tag == "br"
            run.inline.append(child)
    yield from _measured(run)


def _measured(run: _Run) -> Iterator[_Run]:
    run.measure()
    if run.text:
        yield run


def _is_outer(element: HtmlElement, outer: set[HtmlElement]) -> bool:
    return element.tag in BLOCKS or element in outer


def _is_paragraph_break(element: HtmlElement) -> bool:
    """Tell whether an element is the last line break of several."""
    before = element.getprevious()
    return (
        element.tag == "br"
        and before is not None
        and before.tag == "br"
        and not (before.tail or "").strip()
    )


def _holding_blocks(root: HtmlElement) -> set[HtmlElement]:
    """Return the inline elements that hold blocks."""
    found: set[HtmlElement] = set()
    for block in root.iter(*BLOCKS):
        parent = block.getparent()
        while parent is not None and parent.tag not in BLOCKS and parent not in found:
            found.add(parent)
            parent = parent.getparent()
    return found


def _free(element: HtmlElement) -> None:
    for each in element.iter():
        if isinstance(each.tag, str) and each.tag not in _KEPT_INLINE:
            each.attrib.clear()
            each.tag = "ins"


def _wrap(runs: Iterable[_Run]) -> None:
    """Make a paragraph of each run with words that is not made of links."""
    for run in runs:
        if not _has_words(run.text) or run.is_linked:
            continue
        paragraph = run.block.makeelement("p")
        paragraph.text = run.lead
        if run.before is None:
            run.block.text = None
            run.block.insert(0, paragraph)
        else:
            run.before.tail = None
            run.before.addnext(paragraph)
        for each in run.inline:
            paragraph.append(each)


def _flatten_cells(root: HtmlElement) -> None:
    """Turn the lists and paragraphs in the cells of a table of data into text."""
    for table in root.iter("table"):
        if table.get("role") in ("presentation", "none") or table.find(".//table") is not None:
            continue
        cells = list(table.iter("td", "th"))
        if max((len("".join(each.itertext())) for each in cells), default=0) > _MAX_CELL_CHARS:
            continue
        if not any(len(row) > 1 for row in table.iter("tr")):
            continue
        for cell in cells:
            for block in list(cell.iter(*_CELL_BLOCKS)):
                block.text = f"{' • ' if block.tag == 'li' else ' '}{block.text or ''}"
                block.tail = f" {block.tail or ''}"
                block.attrib.clear()
                block.tag = "ins"


def _join_first_letters(root: HtmlElement) -> None:
    """Join a first letter that stands in an element of its own with the rest of its word."""
    inline = ("span", "b", "strong", "big", "font", "i", "em", "img")
    for element in list(root.iter(*_LETTER_TAGS, *inline)):
        shown = element.get("alt") if element.tag == "img" else element.text
        letter = (shown or "").strip()
        if len(element) or len(letter) not in (1, 2):
            continue
        if not letter[-1].isupper() or (len(letter) > 1 and letter[0].isalnum()):
            continue
        rest = element.tail or ""
        if element.tag in _LETTER_TAGS and not rest.strip():
            _join_with_next(element, letter)
            continue
        bare = rest.lstrip()
        if not bare[:1].islower() or (bare != rest and not _is_dropped(element, letter)):
            continue
        before = element.getprevious()
        closed = element.tag in _LETTER_TAGS and before is not None and before.tag == "p"
        if closed and not "".join(before.itertext()).strip():
            blank(before)  # the parser closed the paragraph at the letter
        element.text, element.tail = None, f"{letter}{bare}"
        element.tag = "ins"


def _join_with_next(element: HtmlElement, letter: str) -> None:
    following = element.getnext()
    if following is None or following.tag not in ("p", "div", "span"):
        return
    rest = (following.text or "").lstrip()
    if rest[:1].islower():
        following.text = letter + rest
        blank(element)


def _is_dropped(element: HtmlElement, letter: str) -> bool:
    """Tell whether white space after a letter is none of the sentence."""
    return letter[-1].casefold() not in _ONE_LETTER_WORDS and bool(
        _DROPPED.search(element.get("class", ""))
    )


def _has_words(text: str | None) -> bool:
    return bool(text) and bool(_WORD.search(text or ""))


def _is_open(text: str) -> bool:
    """Tell whether a text has words and ends inside of a sentence."""
    return _has_words(text) and not _END.search(text.rstrip()[-8:])


def _is_sentence(text: str) -> bool:
    read = block_of(text, 0, len(text))
    return read.ends_sentence and read.words >= _MIN_SENTENCE_WORDS


def _last_words(inline: list[HtmlElement]) -> int:
    """Return the number of the last element with words after it in a text of the block itself."""
    return max((i for i, each in enumerate(inline) if _has_words(each.tail)), default=-1)
