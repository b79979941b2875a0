"""What does a block of a page look like by itself, in numbers?

One row a block: its length, its case and punctuation, the words of promotion and of captions in
it, and what the rules say of it. Most signs hold in any language that is written with spaces.
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
from indexer.cleaning.section_labels import SECTION_LABEL
from indexer.text.blocks import Block

COLUMNS = (
    "log_words capital lower digit small_words address_words upper commas sentences ends_sentence "
    "is_teaser is_item is_headline heading_mark ends_colon ends_question has_quote has_separator "
    "label share navigation credit form related section comments header footer promotion caption "
    "repeated blanks word_length link clock"
).split()
SIGN = {name: i for i, name in enumerate(COLUMNS)}
"""The column of each sign."""

_WORD = re.compile(r"\w+")
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
_INNER_END = re.compile(r"[.!?。؟।]\s")
_SEPARATOR = re.compile(r"[|•·»›>→]")
_QUOTE = re.compile('["“”«»„]')
_LINK = re.compile(r"https?:|www\.|@\w|\.com\b")
FOOTER_MIN_WORDS = 4
"""A shorter block is not asked whether it is a footer: pages have hundreds of them."""
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


def block_signs(page: Page) -> npt.NDArray[np.float32]:
    """Return the signs of each block, shape (blocks, COLUMNS); labels must be marked before."""
    seen = Counter(block.text for block in page.blocks)
    rows = []
    for block, reason in zip(page.blocks, page.reasons, strict=True):
        folded = _WORD.findall(block.text.casefold())
        shape, vocabulary = _shape(block, folded), _vocabulary(folded)
        repeated = seen[block.text] > 1
        rows.append((*shape, *_verdicts(block, reason), *vocabulary, repeated, *_marks(block)))
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(COLUMNS))


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
    yield bool(SECTION_LABEL.match(block.text))
    yield bool(rules.COMMENT_OPENER.fullmatch(label))
    yield bool(label) and is_header_line(label)
    yield footer_score(block.text) if block.words >= FOOTER_MIN_WORDS else 0.0


def _vocabulary(folded: Sequence[str]) -> Iterator[float]:
    yield sum(map(_PROMOTION.__contains__, folded)) / max(1, len(folded))
    yield len(folded) <= _CAPTION_MAX_WORDS and not _CAPTION.isdisjoint(folded)


def _marks(block: Block) -> Iterator[float]:
    yield min(block.blanks, _MAX_BLANKS)
    yield len(block.text) / max(1, block.words)
    yield bool(_LINK.search(block.text))
    yield block.words <= _CLOCK_MAX_WORDS and bool(_CLOCK.search(block.text))
