"""Counts of recurring lines by outlet, in 8 bytes a line.

Copies of one article prove nothing, so each line is counted in its distinct contexts, and articles
that consist mostly of recurring sentences are ignored.
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
_Indices = NDArray[np.int64]
_NONE = -1
_PROSE_BIT = 1
_MAX_RECURRING_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class LineCount:
    """Statistics of a recurring line.

    `documents` counts all its articles, the other fields only those that are not copies. `contexts`
    counts the distinct nearest lines above, or below, that do not recur themselves; `head` is the
    fraction of occurrences with only recurring lines (or the headline) above, `tail` the same
    below.
    """

    documents: int
    contexts: int
    head: float
    tail: float
    first_article: int


def fold(line: str) -> str:
    """Return a line in lower case with single spaces."""
    return " ".join(line.split()).casefold()


def line_id(outlet: str, folded: str) -> int:
    """Return the 64-bit id of a folded line of an outlet, which is even."""
    key = f"{outlet}\0{folded}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big") & ~_PROSE_BIT


def line_key(outlet: str, block: Block) -> int:
    """Return the id of a line with its last bit set for running text."""
    # White space in a block is folded already.
    return line_id(outlet, block.text.casefold()) | (_PROSE_BIT if block.is_prose else 0)


def line_keys(outlet: str, blocks: Sequence[Block]) -> bytes:
    """Return the keys of an article's lines in order, each as 8 bytes, little-endian."""
    return pack(f"<{len(blocks)}Q", *(line_key(outlet, block) for block in blocks))


class LineCounts:
    """Line keys of all articles, numbered in the order in which they are added."""

    def __init__(self) -> None:
        self._keys = array("Q")
        self._ends = array("Q")

    def add(self, keys: bytes) -> None:
        """Add the `line_keys` of the next article."""
        self._keys.extend(np.frombuffer(keys, dtype="<u8").tolist())
        self._ends.append(len(self._keys))

    def articles_with(self, ids: Collection[int]) -> dict[int, frozenset[int]]:
        """Map the numbers of articles with any of these lines (see `line_id`) to their ids."""
        keys = np.asarray(self._keys) & ~np.uint64(_PROSE_BIT)
        rows = np.flatnonzero(np.isin(keys, np.array(list(ids), dtype=np.uint64)))
        articles = np.searchsorted(self._ends_array(), rows, side="right").tolist()
        found: dict[int, set[int]] = {}
        for article, key in zip(articles, keys[rows].tolist(), strict=True):
            found.setdefault(article, set()).add(key)
        return {article: frozenset(lines) for article, lines in found.items()}

    def recurring(self, limit: int) -> dict[int, LineCount]:
        """Map the `line_key` of each line in at least `limit` articles to its statistics."""
        keys = np.asarray(self._keys)
        ends = self._ends_array()
        starts = np.concatenate(([0], ends[:-1])) if len(ends) else ends
        articles = np.repeat(np.arange(len(ends)), ends - starts)
        found, documents, first = _frequent(keys, articles, limit)
        if not len(found):
            return {}
        recurs = np.isin(keys, found)
        original = _is_original(keys, articles, recurs, len(ends))
        above, below = _neighbours(recurs, starts[articles], ends[articles])
        rows = np.flatnonzero(recurs & original[articles])
        above, below = above[rows], below[rows]
        lines = np.searchsorted(found, keys[rows])
        size = len(found)
        is_head = above <= starts[articles[rows]]
        is_tail = below == _NONE
        total = np.maximum(np.bincount(lines, minlength=size), 1)
        head = np.bincount(lines[is_head], minlength=size) / total
        tail = np.bincount(lines[is_tail], minlength=size) / total
        over = _count_distinct(lines, above, keys, size)
        under = _count_distinct(lines, below, keys, size)
        contexts = np.where(tail > head, over, under)
        contexts = np.where(np.maximum(head, tail) < 1 / 2, np.minimum(over, under), contexts)
        columns = (column.tolist() for column in (documents, contexts, head, tail, first))
        return dict(zip(found.tolist(), map(LineCount, *columns), strict=True))

    def _ends_array(self) -> _Indices:
        return np.array(self._ends, dtype=np.int64)


def _frequent(keys: _Hashes, articles: _Indices, limit: int) -> tuple[_Hashes, _Indices, _Indices]:
    """Return the keys in at least `limit` articles, their article counts and first articles."""
    order = np.lexsort((articles, keys))
    key, article = keys[order], articles[order]
    is_new = np.ones(len(key), dtype=np.bool_)
    is_new[1:] = (key[1:] != key[:-1]) | (article[1:] != article[:-1])
    key, article = key[is_new], article[is_new]
    found, first, documents = np.unique(key, return_index=True, return_counts=True)
    often = documents >= limit
    return found[often], documents[often], article[first[often]]


def _is_original(
    keys: _Hashes, articles: _Indices, recurs: NDArray[np.bool_], count: int
) -> NDArray[np.bool_]:
    """Return for each article whether most of its sentences do not recur."""
    prose = (keys & np.uint64(_PROSE_BIT)).astype(np.bool_)
    total = np.bincount(articles[prose], minlength=count)
    repeated = np.bincount(articles[prose & recurs], minlength=count)
    return np.asarray(repeated <= _MAX_RECURRING_SHARE * total)


def _neighbours(
    recurs: NDArray[np.bool_], starts: _Indices, ends: _Indices
) -> tuple[_Indices, _Indices]:
    """Return for each row the nearest rows of its article above and below that do not recur."""
    size = len(recurs)
    rows = np.arange(size)
    above = np.maximum.accumulate(np.where(recurs, _NONE, rows))
    below = np.minimum.accumulate(np.where(recurs, size, rows)[::-1])[::-1]
    return np.where(above >= starts, above, _NONE), np.where(below < ends, below, _NONE)


def _count_distinct(lines: _Indices, neighbours: _Indices, keys: _Hashes, size: int) -> _Indices:
    """Return for each line its number of distinct neighbours."""
    known = neighbours != _NONE
    pairs = np.zeros(int(known.sum()), dtype=[("line", np.int64), ("key", np.uint64)])
    pairs["line"], pairs["key"] = lines[known], keys[neighbours[known]]
    return np.bincount(np.unique(pairs)["line"], minlength=size)
