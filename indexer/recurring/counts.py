"""In how many articles of an outlet does each line stand, and between which others?

Holds 8 bytes a line and no text; the next build takes them over. A line in the copies of one
article proves nothing, so what counts is its surroundings: the nearest line above, or below, that
does not recur itself. Articles of which most sentences recur are copies or versions of each other,
and are not counted at all.
"""

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from struct import pack

import numpy as np
from numpy.typing import NDArray

from indexer.text.blocks import Block

_Hashes = NDArray[np.uint64]
_NOTHING = -1
_PROSE_BIT = 1
_STORED = "<u8"
_COPIED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class LineCount:
    """A line that recurs: in how many articles, and the number of the first of them.

    `surroundings` counts how different the places are where it stands; `head` and `tail` are the
    shares of its places with nothing but a headline, and nothing, that does not recur above or
    below them.
    """

    documents: int
    surroundings: int
    head: float
    tail: float
    first_article: int


def fold(line: str) -> str:
    """Return what two lines have in common that differ in case and white space only."""
    return " ".join(line.split()).casefold()


def line_number(outlet: str, folded: str) -> int:
    """Return the even number of a folded line of an outlet."""
    told_apart = f"{outlet}\0{folded}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(told_apart, digest_size=8).digest(), "big") & ~_PROSE_BIT


def line_key(outlet: str, block: Block) -> int:
    """Return the number of a line of an outlet; it is odd for running text."""
    # Its white space is folded already.
    return line_number(outlet, block.text.casefold()) | (_PROSE_BIT if block.is_prose else 0)


def line_keys(outlet: str, blocks: Sequence[Block]) -> bytes:
    """Return the keys of an article's lines, in order, 8 bytes each, the lowest byte first."""
    return pack(f"<{len(blocks)}Q", *(line_key(outlet, block) for block in blocks))


class LineCounts:
    """Counts the lines of articles that are added one after the other."""

    def __init__(self) -> None:
        """Count nothing yet."""
        self._keys = array("Q")
        self._ends = array("Q")

    def add(self, keys: bytes) -> None:
        """Add the lines of the next article, as `line_keys` returns them."""
        self._keys.extend(np.frombuffer(keys, dtype=_STORED).tolist())
        self._ends.append(len(self._keys))

    def standing(self, numbers: Collection[int]) -> dict[int, frozenset[int]]:
        """Return which of some lines stand in the articles, by the number of the article.

        Args:
            numbers: of lines, as `line_number` returns them.
        """
        if not numbers or not self._keys:
            return {}
        sought = np.array(sorted(numbers), dtype=np.uint64)
        keys = np.frombuffer(self._keys, dtype=np.uint64) & ~np.uint64(_PROSE_BIT)
        places = np.flatnonzero(_is_among(keys, sought))
        ends = np.array(self._ends, dtype=np.int64)
        found: dict[int, set[int]] = {}
        articles = np.searchsorted(ends, places, side="right").tolist()
        for article, key in zip(articles, keys[places].tolist(), strict=True):
            found.setdefault(article, set()).add(key)
        return {article: frozenset(lines) for article, lines in found.items()}

    def recurring(self, limit: int) -> dict[int, LineCount]:
        """Return the lines that stand in at least `limit` articles, by `line_key`."""
        keys = np.frombuffer(self._keys, dtype=np.uint64) if self._keys else _no_keys()
        ends = np.array(self._ends, dtype=np.int64)
        starts = np.concatenate(([0], ends[:-1])) if len(ends) else ends
        articles = np.repeat(np.arange(len(ends)), ends - starts)
        found, documents, first = _documents(keys, articles, limit)
        if not len(found):
            return {}
        recurs = _is_among(keys, found)
        counted = _is_evidence(keys, articles, recurs, len(ends))
        above, below = _neighbours(recurs, starts[articles], ends[articles])
        places = np.flatnonzero(recurs & counted[articles])
        lines = np.searchsorted(found, keys[places])
        size = len(found)
        is_head = above[places] <= starts[articles[places]]
        is_tail = below[places] == _NOTHING
        total = np.maximum(np.bincount(lines, minlength=size), 1)
        head = np.bincount(lines[is_head], minlength=size) / total
        tail = np.bincount(lines[is_tail], minlength=size) / total
        over = _distinct(lines, above[places], keys, size)
        under = _distinct(lines, below[places], keys, size)
        around = np.where(tail > head, over, under)
        around = np.where(np.maximum(head, tail) < 1 / 2, np.minimum(over, under), around)
        columns = (documents, around, head, tail, first)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return dict(zip(found.tolist(), (LineCount(*row) for row in rows), strict=True))


def _no_keys() -> _Hashes:
    return np.zeros(0, dtype=np.uint64)


def _documents(
    keys: _Hashes, articles: NDArray[np.int64], limit: int
) -> tuple[_Hashes, NDArray[np.int64], NDArray[np.int64]]:
    """Return the keys of at least `limit` articles, ascending, how many and the first article."""
    order = np.lexsort((articles, keys))
    key, article = keys[order], articles[order]
    is_new = np.ones(len(key), dtype=np.bool_)
    is_new[1:] = (key[1:] != key[:-1]) | (article[1:] != article[:-1])
    key, article = key[is_new], article[is_new]
    found, first, documents = np.unique(key, return_index=True, return_counts=True)
    often = documents >= limit
    return found[often], documents[often], article[first[often]]


def _is_among(keys: _Hashes, found: _Hashes) -> NDArray[np.bool_]:
    nearest = np.minimum(np.searchsorted(found, keys), len(found) - 1)
    return np.asarray(found[nearest] == keys)


def _is_evidence(
    keys: _Hashes, articles: NDArray[np.int64], recurs: NDArray[np.bool_], count: int
) -> NDArray[np.bool_]:
    """Tell of each article whether most of its running text is its own."""
    prose = (keys & np.uint64(_PROSE_BIT)).astype(np.bool_)
    total = np.bincount(articles[prose], minlength=count)
    repeated = np.bincount(articles[prose & recurs], minlength=count)
    return np.asarray(repeated <= _COPIED_SHARE * total)


def _neighbours(
    recurs: NDArray[np.bool_], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the nearest lines above and below stand that do not recur, or `_NOTHING`."""
    size = len(recurs)
    places = np.arange(size)
    above = np.maximum.accumulate(np.where(recurs, _NOTHING, places))
    below = np.minimum.accumulate(np.where(recurs, size, places)[::-1])[::-1]
    return np.where(above >= starts, above, _NOTHING), np.where(below < ends, below, _NOTHING)


def _distinct(
    lines: NDArray[np.int64], neighbours: NDArray[np.int64], keys: _Hashes, size: int
) -> NDArray[np.int64]:
    """Count for each line how many different neighbours it has."""
    known = neighbours != _NOTHING
    pairs = np.zeros(int(known.sum()), dtype=[("line", np.int64), ("key", np.uint64)])
    pairs["line"], pairs["key"] = lines[known], keys[neighbours[known]]
    return np.bincount(np.unique(pairs)["line"], minlength=size)
