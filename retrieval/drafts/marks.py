"""Quotation marks of a paragraph: which open, which close, and which are apostrophes or units."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

# What closes a quotation that a mark has opened.
CLOSERS = {
    "“": '”“"',
    "„": '“”"',
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "‘": "’'",
    "‚": "‘’",
    "「": "」",
    "『": "』",
    '"': '"”',
    "”": "”",
    "'": "'",
    "＂": "＂",
}
SINGLE = "‘’'‚‹›"
APOSTROPHES = "’'‘"
_MARK = re.compile(f"[{''.join(CLOSERS)}’」』]")
# These have only one direction; the others open or close by what stands beside them.
_ALWAYS_OPEN, _ALWAYS_CLOSE = "„‚「『", "」』"
_ELIDED = re.compile(
    r"(?:\d{2,4}s?|em|tis|twas|til|till|cause|bout|round|cos|n|ere|neath|tween|fraid|scuse)\b",
    re.IGNORECASE,
)
_OPENS_AFTER = re.compile(r"[\s(\[{—–\-/“„«»‹›‘‚「『\"'*_>…=|]")
_CLOSES_BEFORE = re.compile(r"[\s)\]}—–\-/.,;:!?…”’“»«›‹\"'*_<」』|]")

_MOST_OPEN = 6  # deeper nesting is a sign of unclosed marks
_LOOK_AHEAD = 400  # characters in which a possessive must be followed by the mark that closes


class Marked(NamedTuple):
    """Range between two marks of a text, without them; half-open code points.

    `mark` opens it; one that nothing closes ends at the next, or with its paragraph.
    """

    mark: str
    start: int
    end: int
    closed: bool = True


def pair_marks(text: str, start: int, end: int, ignored: Collection[int] = ()) -> list[Marked]:
    """Return the outermost quotations of one paragraph in order, unclosed ones included.

    Apostrophes, years such as '90s and units such as 6" are no marks.

    Args:
        text: the text.
        start: where the paragraph starts.
        end: where it ends.
        ignored: offsets of marks that count for nothing.

    >>> pair_marks("The ministers' plan: “Don’t go.”", 0, 32)
    [Marked(mark='“', start=22, end=31, closed=True)]
    """
    open_marks: list[Marked] = []
    found: list[Marked] = []
    for at, mark in _marks(text, start, end):
        if at in ignored:
            continue
        closed = _closed_by(open_marks, mark, text, at, end)
        if closed is not None:
            outer = open_marks[closed]
            del open_marks[closed:]
            while found and found[-1].start > outer.start:
                found.pop()
            found.append(outer._replace(end=at, closed=True))
        elif _may_open(text, at, start, end, mark):
            if len(open_marks) == _MOST_OPEN:
                found.append(open_marks.pop(0))
            open_marks.append(Marked(mark, at + 1, end, closed=False))
    found += open_marks
    found.sort(key=lambda each: each.start)
    following = [each.start - 1 for each in found[1:]]
    return [
        each
        if each.closed
        else each._replace(end=following[number] if number < len(following) else end)
        for number, each in enumerate(found)
    ]


def _marks(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    for match in _MARK.finditer(text, start, end):
        if not _is_apostrophe(text, match.start(), match.group()):
            yield match.start(), match.group()


def _is_apostrophe(text: str, at: int, mark: str) -> bool:
    if mark not in APOSTROPHES:
        return False
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if before.isalnum() and after.isalnum():
        return True
    return not before.isalnum() and bool(_ELIDED.match(text, at + 1))


def _closed_by(open_marks: list[Marked], mark: str, text: str, at: int, end: int) -> int | None:
    """Return which of the open marks a mark closes, the innermost that it can."""
    for number in range(len(open_marks) - 1, -1, -1):
        opened = open_marks[number]
        if mark in CLOSERS[opened.mark] and _may_close(text, at, opened, mark, end):
            return number
    return None


def _may_close(text: str, at: int, opened: Marked, mark: str, end: int) -> bool:
    if mark in _ALWAYS_CLOSE:
        return True
    if at == opened.start:
        return False
    after = text[at + 1 : at + 2]
    if after and not _CLOSES_BEFORE.match(after):
        return opened.mark in "„‚" or (mark in "”»" and not text[at - 1].isspace())
    if text[at - 1].isspace() and mark not in "»«›‹":
        return False
    return not (mark in APOSTROPHES and _is_possessive(text, at, end))


def _is_possessive(text: str, at: int, end: int) -> bool:
    """Tell whether `s'` before a word is a possessive, since another mark closes later."""
    if text[at - 1] not in "sSzZxX" or not re.match(r"\s\w", text[at + 1 : at + 3]):
        return False
    for later in re.finditer(r"[’'‘]", text[at + 1 : min(end, at + _LOOK_AHEAD)]):
        place = at + 1 + later.start()
        before, after = text[place - 1], text[place + 1 : place + 2]
        if before.isalnum() and after.isalnum():
            continue
        return not before.isspace()
    return False


def _may_open(text: str, at: int, start: int, end: int, mark: str) -> bool:
    if mark not in CLOSERS:
        return False
    if mark in _ALWAYS_OPEN:
        return True
    if at + 1 >= end:
        return False
    if at > start and not _OPENS_AFTER.match(text[at - 1]):
        return mark == "“" or (mark == "«" and not text[at - 1].isspace())
    # French puts a space inside.
    return mark in "«“" or not text[at + 1].isspace()
