"""Training examples of the block model: pages as text with the share of gold words per block.

From the article extraction benchmark (its building half, gold bodies), the date benchmark (bodies
by trafilatura), and clean news articles.
"""

import json
import lzma
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evaluation.components.dates import dated_pages
from evaluation.components.extraction import article_of
from evaluation.components.shingles import gold_pages, in_half, page_bytes, tool_texts
from indexer.cleaning.block_model import LINES, PIECES
from indexer.cleaning.features import page_features
from indexer.cleaning.menus import prose_core
from indexer.cleaning.page import Page
from indexer.cleaning.sections import mark_labels
from indexer.cleaning.single_line import Line, is_one_line, page_of
from indexer.errors import PageError
from indexer.text.blocks import Block, split_blocks
from indexer.webpages.tree import parse_page
from training.blocks.page_texts import KINDS, page_text

TOOLS = ("html2text", "inscriptis", "beautifulsoup")

_MIN_BODY, _MAX_PAGE = 400, 150_000
_MIN_RUN = 3
_MIN_BLOCKS = 4
# evaluation.components.cleaning uses every 20th article from the first on.
_NEWS_FIRST, _NEWS_STEP, _NEWS_COUNT = 7, 20, 150
_WORD = re.compile(r"\w+")


class Example(NamedTuple):
    """Page as text with its article body and the features of its blocks."""

    origin: str
    page_id: str
    kind: str
    text: str
    body: str
    blocks: list[Block]
    features: npt.NDArray[np.float32]
    share: npt.NDArray[np.float64]
    """Share of each block's words in the body."""


def examples(data: Path) -> Iterator[Example]:
    """Yield all examples; `origin` is a tool, 'own', 'silver' or 'news'."""
    texts = {tool: tool_texts(data / "extraction", tool) for tool in TOOLS}
    for page in gold_pages(data / "extraction"):
        if in_half(page.page_id, "made on"):
            for tool in TOOLS:
                yield from _example(tool, page.page_id, texts[tool][page.page_id], page.body)
            content = page_bytes(data / "extraction", page.page_id)
            yield from _rendered("own", page.page_id, content, page.body)
    for dated in dated_pages(data / "dates"):
        article = article_of(dated.content, dated.url)
        if len(article.text) >= _MIN_BODY:
            yield from _rendered("silver", dated.url, dated.content, article.text)
    for name in ("realtimeqa", "allsides"):
        with lzma.open(
            data / "news" / f"{name}_articles.jsonl.xz", "rt", encoding="utf-8"
        ) as lines:
            last = _NEWS_FIRST + _NEWS_COUNT * _NEWS_STEP
            for line in islice(lines, _NEWS_FIRST, last, _NEWS_STEP):
                text = json.loads(line)["text"]
                yield from _example("news", name, text, text)
                joined = " ".join(text.split())
                yield from _example("news", name, joined, joined)


def _rendered(origin: str, page_id: str, content: bytes, body: str) -> Iterator[Example]:
    try:
        root = parse_page(content).root
    except PageError:
        return
    for kind in KINDS:
        text = page_text(root, kind)
        if len(text) <= _MAX_PAGE:
            yield from _example(origin, page_id, text, body)


def _example(origin: str, page_id: str, text: str, body: str) -> Iterator[Example]:
    blocks = split_blocks(text)
    if is_one_line(text, blocks):
        pieces = [piece for block in blocks for piece in Line(text, block).pieces()]
        kind, (page, core) = PIECES, page_of(text, pieces)
    else:
        kind, page = LINES, Page(blocks)
        mark_labels(page)
        core = prose_core(page)
    if len(page.blocks) >= _MIN_BLOCKS:
        share = _shares(text, body, page.blocks)
        rows = page_features(page, core)
        yield Example(origin, page_id, kind, text, body, list(page.blocks), rows, share)


def _shares(text: str, body: str, blocks: Sequence[Block]) -> npt.NDArray[np.float64]:
    """Return the share of each block's words in the body, by alignment."""
    found = list(_WORD.finditer(text))
    wanted = _WORD.findall(body)
    words = [match.group() for match in found]
    inside = np.zeros(len(words) + 1)
    if text == body:
        inside[:-1] = 1
    else:
        matcher = SequenceMatcher(None, wanted, words, autojunk=False)
        for match in matcher.get_matching_blocks():
            if match.size >= min(_MIN_RUN, len(wanted)):
                inside[match.b : match.b + match.size] = 1
    starts = np.array([match.start() for match in found] or [0])
    sums = np.concatenate([[0], np.cumsum(inside)])
    first = np.searchsorted(starts, [block.start for block in blocks])
    last = np.searchsorted(starts, [block.end for block in blocks])
    return np.asarray((sums[last] - sums[first]) / np.maximum(1, last - first))
