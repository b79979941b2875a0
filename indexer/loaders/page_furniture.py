"""Running heads, running feet and page numbers, which are no text of the article."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from indexer.text.blocks import block_of

_REACH = 4  # lines at the top and at the bottom of a page, where furniture stands
_MIN_PAGES = 2
_SHARE = 0.4  # even and odd pages may have heads of their own, and the first page none
_LONGEST = 200
_FULL = 0.8  # of the longest line: a line of text that is not the last of its paragraph
_DIGITS = re.compile(r"\d+")
_PRINTED = re.compile(r"https?:|www\.|\d[:/]\d\d")  # addresses and times that browsers print
_PAGE_WORD = r"(?:page|pg?\.?|seite|s\.|página|pagina|pág\.|pag\.|side|sida|strona|стр\.?|第)"
_PAGE_NUMBER = re.compile(
    rf"\W*(?:{_PAGE_WORD}\s*)?(?P<number>\d{{1,4}})\s*[页頁]?"
    r"(?:\s*(?:/|\||of|von|de|di|sur|av|af|z|из|共)\s*(?P<total>\d{1,4})\s*[页頁]?)?\W*",
    re.IGNORECASE,
)


def without_furniture(pages: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the text of each page without furniture, and the different lines of furniture.

    A head or foot recurs at the same place of pages, its numbers aside. A number is that of a page
    if it rises with the pages, or the line tells how many there are.
    """
    split = [[line.strip() for line in page.split("\n") if line.strip()] for page in pages]
    heads = _furniture([_outer(lines, 1) for lines in split])
    feet = _furniture([_outer(lines, -1) for lines in split])
    kept: list[str] = []
    removed: dict[str, None] = {}
    for lines, head, foot in zip(split, heads, feet, strict=True):
        first = head
        if not kept and head and not _has_headline(lines[head:]):
            first -= _is_title(lines[head - 1])
        last = max(first, len(lines) - foot)
        removed.update(dict.fromkeys(lines[:first] + lines[last:]))
        kept.append("\n".join(lines[first:last]))
    return (kept, list(removed)) if any(kept) else (list(pages), [])


def _outer(lines: Sequence[str], step: int) -> list[str]:
    """Return the outermost lines of a page, up to the first that is part of a sentence.

    `step` is 1 from the top, -1 from the bottom.
    """
    full = _FULL * max(map(len, lines), default=0)
    after = [*lines, ""][1:]
    pairs = list(zip(lines, after, strict=True))[::step][:_REACH]
    return [line for line, _ in takewhile(lambda pair: not _is_text(*pair, full), pairs)]


def _furniture(edges: Sequence[Sequence[str]]) -> list[int]:
    """Return how many lines at each edge, counted from outside, are furniture."""
    needed = max(_MIN_PAGES, _SHARE * len(edges))
    numbers: Counter[int] = Counter()
    shapes: Counter[tuple[int, str]] = Counter()
    for page, lines in enumerate(edges):
        found = [_PAGE_NUMBER.fullmatch(line) for line in lines]
        numbers.update({int(each["number"]) - page for each in found if each})
        shapes.update((depth, _shape(line)) for depth, line in enumerate(lines))

    def is_furniture(page: int, depth: int, line: str) -> bool:
        found = _PAGE_NUMBER.fullmatch(line)
        if found is None:
            return shapes[depth, _shape(line)] >= needed
        first = int(found["number"]) - page
        return numbers[first] >= needed or (first == 1 and found["total"] == str(len(edges)))

    known = (
        [is_furniture(page, *each) for each in enumerate(lines)] for page, lines in enumerate(edges)
    )
    return [[*each, False].index(False) for each in known]


def _is_text(line: str, following: str, full: float) -> bool:
    """Tell whether a line is part of a sentence: it is one, or wrapped before or after."""
    if len(line) > _LONGEST or block_of(line, 0, len(line)).is_prose:
        return True
    goes_on = len(line) >= full and following[:1].islower()
    return (line[:1].islower() or goes_on) and not _PRINTED.search(line)


def _has_headline(lines: Sequence[str]) -> bool:
    """Tell whether the first line of a page is shorter than a line of text."""
    first = "".join(lines[:1])
    fills = len(first) >= _FULL * max(map(len, lines), default=0)
    return not fills and block_of(first, 0, len(first)).is_headline_like


def _is_title(head: str) -> bool:
    """Tell whether a running head may be the title, which stands on the first page itself."""
    return not _DIGITS.search(head) and block_of(head, 0, len(head)).is_headline_like


def _shape(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split())).casefold()
