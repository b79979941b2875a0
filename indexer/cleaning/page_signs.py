"""What does a block of a page look like among the others, in numbers?

The signs of the block and of its neighbours, what stands above and below it, and where it stands
to the stretch in which running text outweighs everything else most.
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indexer.cleaning.features import SIGN, block_signs
from indexer.cleaning.page import Page
from indexer.text.blocks import Block

Signs = npt.NDArray[np.float32]

_NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
_TOLD_OF_NEIGHBOURS = [
    SIGN[name]
    for name in (
        "log_words capital lower small_words ends_sentence is_item label related section comments "
        "footer promotion clock"
    ).split()
]
_REACHES = (3, 8, 20)
_PROSE_CAP = 80
_BIG = 20
_SHORT = 5
_FAR = 50
_INDENT_REACH = 20
_STARTS = "related section comments footer share header form heading_mark clock".split()
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")


def page_signs(page: Page, core: tuple[int, int]) -> Signs:
    """Return the signs of each block among the others, one row a block.

    Args:
        page: the blocks, with their labels marked.
        core: the stretch in which running text outweighs everything else most.
    """
    own = block_signs(page)
    words = np.array([block.words for block in page.blocks], dtype=np.float32)
    prose = np.array([block.is_prose for block in page.blocks]) * np.minimum(words, _PROSE_CAP)
    columns = [
        *_around(own, words, prose),
        *_position(words, prose),
        *_distances(own, prose),
        *_to_core(len(words), core),
        _shared_words(page.blocks, core),
        *_indents(page.blocks, prose),
    ]
    return np.column_stack([own, *_neighbours(own), *columns]).astype(np.float32)


def _neighbours(own: Signs) -> list[Signs]:
    told = own[:, _TOLD_OF_NEIGHBOURS]
    found = []
    for offset in _NEIGHBOURS:
        shifted = np.zeros_like(told)
        if offset < 0:
            shifted[-offset:] = told[:offset]
        else:
            shifted[:-offset] = told[offset:]
        found.append(shifted)
    return found


def _around(own: Signs, words: Signs, prose: Signs) -> list[Signs]:
    """Return sums over the blocks above, and over those below."""
    short = ((words <= _SHORT) & (own[:, SIGN["ends_sentence"]] == 0)).astype(np.float32)
    lower = own[:, SIGN["lower"]] * words
    found = []
    for reach in _REACHES:
        for above in (True, False):
            total = np.maximum(1, _sums(words, reach, above=above))
            text = _sums(prose, reach, above=above)
            found += [text / total, np.log1p(text)]
            found.append(_sums(lower, reach, above=above) / total)
            for flags in (short, own[:, SIGN["label"]], own[:, SIGN["clock"]]):
                found.append(_sums(flags, reach, above=above) / reach)
    return found


def _sums(values: Signs, reach: int, *, above: bool) -> Signs:
    """Return, for each block, the sum over the `reach` blocks above it, or below it."""
    sums = np.concatenate([[0], np.cumsum(values, dtype=np.float64)])
    i = np.arange(len(values))
    if above:
        return np.asarray(sums[i] - sums[np.maximum(0, i - reach)], dtype=np.float32)
    return np.asarray(sums[np.minimum(len(values), i + reach + 1)] - sums[i + 1], dtype=np.float32)


def _position(words: Signs, prose: Signs) -> list[Signs]:
    count, text, total = len(words), max(1.0, float(prose.sum())), max(1.0, float(words.sum()))
    above = np.cumsum(prose) - prose
    whole = (text, text / total * _FAR, float(count))
    return [
        above / text,
        np.log1p(above),
        np.log1p(np.maximum(0, text - above - prose)),
        (np.cumsum(words) - words) / total,
        np.arange(count, dtype=np.float32) / max(1, count),
        *(np.full(count, np.log1p(value), dtype=np.float32) for value in whole),
    ]


def _distances(own: Signs, prose: Signs) -> list[Signs]:
    """Return how far above and below the next long paragraph and the next labels are."""
    flags = [prose >= _BIG, *(own[:, SIGN[name]] > 0 for name in _STARTS)]
    return [
        distance
        for flag in flags
        for distance in (_blocks_since(flag), _blocks_since(flag[::-1])[::-1])
    ]


def _blocks_since(flags: npt.NDArray[np.bool_]) -> Signs:
    """Return how many blocks above the last flagged one is, `_FAR` at most."""
    i = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, i, -_FAR))
    before = np.concatenate([[-_FAR], last[:-1]])
    return np.asarray(np.minimum(_FAR, i - before), dtype=np.float32)


def _to_core(count: int, core: tuple[int, int]) -> list[Signs]:
    i = np.arange(count, dtype=np.float32)
    first, last = core
    return [
        ((i >= first) & (i < last)).astype(np.float32),
        np.clip(i - first, -_FAR, _FAR),
        np.clip(i - last, -_FAR, _FAR),
    ]


def _shared_words(blocks: Sequence[Block], core: tuple[int, int]) -> Signs:
    """Return which share of a block's long words the core has elsewhere."""
    vocabulary = [set(_LONG_WORD.findall(block.text.casefold())) for block in blocks]
    known = Counter(word for words in vocabulary[slice(*core)] for word in words)
    inside = range(*core)
    shares = [
        sum(known[word] > (i in inside) for word in words) / len(words) if words else -1.0
        for i, words in enumerate(vocabulary)
    ]
    return np.array(shares, dtype=np.float32)


def _indents(blocks: Sequence[Block], prose: Signs) -> list[Signs]:
    """Return how far a block is indented beside most of the running text."""
    text = Counter[int]()
    for block, words in zip(blocks, prose.tolist(), strict=True):
        text[block.indent] += int(words)
    main = max(text, key=lambda indent: (text[indent], -indent))
    total = max(1, text.total())
    return [
        np.array(
            [min(_INDENT_REACH, max(-_INDENT_REACH, b.indent - main)) for b in blocks],
            dtype=np.float32,
        ),
        np.array([text[block.indent] / total for block in blocks], dtype=np.float32),
    ]
