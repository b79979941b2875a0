"""Numeric features of the blocks of a page, by themselves and among the others.

Most features hold in any language that is written with spaces.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import log1p

import numpy as np
import numpy.typing as npt

from indexer.cleaning import vocabulary as rules
from indexer.cleaning.footers import footer_score
from indexer.cleaning.header import is_header_line
from indexer.cleaning.page import Page
from indexer.text.blocks import Block

Features = npt.NDArray[np.float32]

FEATURES = (
    "log_words capital lower digit small_words address_words upper commas sentences ends_sentence "
    "is_teaser is_item is_headline heading_mark ends_colon ends_question has_quote has_separator "
    "label share navigation credit form related section comments header footer promotion caption "
    "repeated blanks word_length link clock"
).split()
COLUMN = {name: i for i, name in enumerate(FEATURES)}
FOOTER_MIN_WORDS = 4
"""Shorter blocks, of which pages have hundreds, are not scored as footers."""

_WORD = re.compile(r"\w+")
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
_INNER_END = re.compile(r"[.!?。؟।]\s")
_SEPARATOR = re.compile(r"[|•·»›>→]")
_QUOTE = re.compile('["“”«»„]')
_LINK = re.compile(r"https?:|www\.|@\w|\.com\b")
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_CAPTION_MAX_WORDS = 60
_CLOCK_MAX_WORDS = 20
_MAX_BLANKS = 3
_SMALL_WORDS = frozenset(
    "the a an of to in and that is was for on with as at by it he she they his her their be are "
    "were has have had but from this which who not or its than been will would said about after "
    "when more also into out up there if".split()
)
_ADDRESS_WORDS = frozenset("you your we our us i my me".split())
_PROMOTION = frozenset(
    "newsletter newsletters subscribe subscriber subscribers subscription sign log login follow "
    "click cookie cookies account copyright © rights reserved privacy terms advertisement "
    "advertise download share comment comments email read related sponsored watch image getty "
    "photo credit author posted published updated contact tags topics filed more see latest "
    "popular trending recommended free app".split()
)
_CAPTION = frozenset(
    "photo photos image images credit getty reuters ap picture pictured afp shutterstock file "
    "caption courtesy photographer photograph video".split()
)

_NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
_NEIGHBOUR_COLUMNS = [
    COLUMN[name]
    for name in (
        "log_words capital lower small_words ends_sentence is_item label related section comments "
        "footer promotion clock"
    ).split()
]
_REACHES = (3, 8, 20)
_MAX_PROSE_WORDS = 80
_LONG_PARAGRAPH_WORDS = 20
_SHORT_WORDS = 5
_MAX_DISTANCE = 50
_MAX_INDENT = 20
_STARTS = "related section comments footer share header form heading_mark clock".split()


def page_features(page: Page, core: tuple[int, int]) -> Features:
    """Return one row of features a block.

    Args:
        page: the blocks, with their labels marked.
        core: the range of blocks in which running text dominates.
    """
    own = block_features(page)
    words = np.array([block.words for block in page.blocks], dtype=np.float32)
    is_prose = np.array([block.is_prose for block in page.blocks])
    prose = is_prose * np.minimum(words, _MAX_PROSE_WORDS)
    columns = [
        *_surroundings(own, words, prose),
        *_position(words, prose),
        *_distances(own, prose),
        *_core_position(len(words), core),
        _shared_words(page.blocks, core),
        *_indents(page.blocks, prose),
    ]
    return np.column_stack([own, *_neighbours(own), *columns]).astype(np.float32)


def block_features(page: Page) -> Features:
    """Return the features of each block by itself, shape (blocks, FEATURES)."""
    seen = Counter(block.text for block in page.blocks)
    rows = []
    for block, reason in zip(page.blocks, page.reasons, strict=True):
        folded = _WORD.findall(block.text.casefold())
        shape, verdicts = _shape(block, folded), _verdicts(block, reason)
        rows.append((*shape, *verdicts, *_rest(block, folded, is_repeated=seen[block.text] > 1)))
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(FEATURES))


def _shape(block: Block, folded: Sequence[str]) -> Iterator[float]:
    text = block.text
    words = _WORD.findall(text)
    count = max(1, len(words))
    initials = [word[0] for word in words]
    yield log1p(block.words)
    yield sum(map(str.isupper, initials)) / count
    yield sum(map(str.islower, initials)) / count
    yield sum(map(str.isdigit, initials)) / count
    yield sum(map(_SMALL_WORDS.__contains__, folded)) / count
    yield sum(map(_ADDRESS_WORDS.__contains__, folded)) / count
    yield sum(map(str.isupper, words)) / count
    yield text.count(",") / count
    yield len(_INNER_END.findall(text)) / count
    yield block.ends_sentence
    yield block.is_teaser
    yield block.is_item
    yield block.is_headline_like
    yield text.startswith("#")
    yield text.endswith(":")
    yield text.endswith("?")
    yield bool(_QUOTE.search(text))
    yield bool(_SEPARATOR.search(text, 1))


def _verdicts(block: Block, reason: str) -> Iterator[float]:
    yield bool(reason)
    for known in (rules.SHARE, rules.NAVIGATION, rules.CREDIT, rules.FORM):
        yield reason == known
    label = block.bare if len(block.text) <= rules.LABEL_MAX_CHARS else ""
    yield bool(
        rules.RELATED_OPENER.fullmatch(label)
        or rules.RELATED_HEADING.fullmatch(label)
        or rules.RELATED_LINE.match(label)
    )
    yield bool(rules.SECTION_LABEL.match(block.text))
    yield bool(rules.COMMENT_OPENER.fullmatch(label))
    yield bool(label) and is_header_line(label)
    yield footer_score(block.text) if block.words >= FOOTER_MIN_WORDS else 0.0


def _rest(block: Block, folded: Sequence[str], *, is_repeated: bool) -> Iterator[float]:
    yield sum(map(_PROMOTION.__contains__, folded)) / max(1, len(folded))
    yield len(folded) <= _CAPTION_MAX_WORDS and not _CAPTION.isdisjoint(folded)
    yield is_repeated
    yield min(block.blanks, _MAX_BLANKS)
    yield len(block.text) / max(1, block.words)
    yield bool(_LINK.search(block.text))
    yield block.words <= _CLOCK_MAX_WORDS and bool(_CLOCK.search(block.text))


def _neighbours(own: Features) -> list[Features]:
    told = own[:, _NEIGHBOUR_COLUMNS]
    found = []
    for offset in _NEIGHBOURS:
        shifted = np.zeros_like(told)
        if offset < 0:
            shifted[-offset:] = told[:offset]
        else:
            shifted[:-offset] = told[offset:]
        found.append(shifted)
    return found


def _surroundings(own: Features, words: Features, prose: Features) -> list[Features]:
    """Return sums over the blocks above and over those below, for each reach."""
    short = ((words <= _SHORT_WORDS) & (own[:, COLUMN["ends_sentence"]] == 0)).astype(np.float32)
    lower = own[:, COLUMN["lower"]] * words
    found = []
    for reach in _REACHES:
        for above in (True, False):
            total = np.maximum(1, _sums(words, reach, above=above))
            text = _sums(prose, reach, above=above)
            found += [text / total, np.log1p(text)]
            found.append(_sums(lower, reach, above=above) / total)
            for flags in (short, own[:, COLUMN["label"]], own[:, COLUMN["clock"]]):
                found.append(_sums(flags, reach, above=above) / reach)
    return found


def _sums(values: Features, reach: int, *, above: bool) -> Features:
    """Return for each block the sum over the `reach` blocks above or below it."""
    sums = np.concatenate([[0], np.cumsum(values, dtype=np.float64)])
    i = np.arange(len(values))
    if above:
        return np.asarray(sums[i] - sums[np.maximum(0, i - reach)], dtype=np.float32)
    return np.asarray(sums[np.minimum(len(values), i + reach + 1)] - sums[i + 1], dtype=np.float32)


def _position(words: Features, prose: Features) -> list[Features]:
    count, text, total = len(words), max(1.0, float(prose.sum())), max(1.0, float(words.sum()))
    above = np.cumsum(prose) - prose
    whole = (text, text / total * _MAX_DISTANCE, float(count))
    return [
        above / text,
        np.log1p(above),
        np.log1p(np.maximum(0, text - above - prose)),
        (np.cumsum(words) - words) / total,
        np.arange(count, dtype=np.float32) / max(1, count),
        *(np.full(count, np.log1p(value), dtype=np.float32) for value in whole),
    ]


def _distances(own: Features, prose: Features) -> list[Features]:
    """Return the distances to the next long paragraph and labels above and below."""
    flags = [prose >= _LONG_PARAGRAPH_WORDS, *(own[:, COLUMN[name]] > 0 for name in _STARTS)]
    return [
        distance
        for flag in flags
        for distance in (_blocks_since(flag), _blocks_since(flag[::-1])[::-1])
    ]


def _blocks_since(flags: npt.NDArray[np.bool_]) -> Features:
    """Return the distance to the last flagged block above, at most `_MAX_DISTANCE`."""
    i = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, i, -_MAX_DISTANCE))
    before = np.concatenate([[-_MAX_DISTANCE], last[:-1]])
    return np.asarray(np.minimum(_MAX_DISTANCE, i - before), dtype=np.float32)


def _core_position(count: int, core: tuple[int, int]) -> list[Features]:
    i = np.arange(count, dtype=np.float32)
    first, last = core
    return [
        ((i >= first) & (i < last)).astype(np.float32),
        np.clip(i - first, -_MAX_DISTANCE, _MAX_DISTANCE),
        np.clip(i - last, -_MAX_DISTANCE, _MAX_DISTANCE),
    ]


def _shared_words(blocks: Sequence[Block], core: tuple[int, int]) -> Features:
    """Return the fraction of each block's long words that the core has elsewhere."""
    vocabulary = [set(_LONG_WORD.findall(block.text.casefold())) for block in blocks]
    known = Counter(word for words in vocabulary[slice(*core)] for word in words)
    inside = range(*core)
    shares = [
        sum(known[word] > (i in inside) for word in words) / len(words) if words else -1.0
        for i, words in enumerate(vocabulary)
    ]
    return np.array(shares, dtype=np.float32)


def _indents(blocks: Sequence[Block], prose: Features) -> list[Features]:
    """Return the indents relative to most of the running text, and how much text shares each."""
    text = Counter[int]()
    for block, words in zip(blocks, prose.tolist(), strict=True):
        text[block.indent] += int(words)
    main = max(text, key=lambda indent: (text[indent], -indent))
    total = max(1, text.total())
    indents = np.array([block.indent - main for block in blocks], dtype=np.float32)
    shares = np.array([text[block.indent] / total for block in blocks], dtype=np.float32)
    return [np.clip(indents, -_MAX_INDENT, _MAX_INDENT), shares]
