"""Text overlap and pages of the article extraction benchmark.

The metric of scrapinghub/article-extraction-benchmark (`evaluate.py`): runs of four words with
counts; precision and recall are averaged over pages, and F1 is of these means.
"""

import gzip
import json
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

HALVES = ("made on", "held out", "all")

_NGRAM = 4
_TOKEN = re.compile(r"\w+")


class Overlap(NamedTuple):
    """Runs of words in both texts, only in the prediction, only in the gold text."""

    both: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the prediction that is in the gold text."""
        return _share(self.both, self.extra, self.missed)

    @property
    def recall(self) -> float:
        """Share of the gold text that is in the prediction."""
        return _share(self.both, self.missed, self.extra)


class Quality(NamedTuple):
    """Means over pages; F1 is of the mean precision and recall."""

    f1: float
    precision: float
    recall: float

    def __str__(self) -> str:
        """Return the values with three decimals."""
        return ", ".join(f"{value:.3f}" for value in self)


class GoldPage(NamedTuple):
    """Page of the benchmark with its URL and article body."""

    page_id: str
    url: str
    body: str


def is_held_out(page_id: str) -> bool:
    """Return whether a page is held out: even hash of the id."""
    return int(sha256(page_id.encode()).hexdigest(), 16) % 2 == 0


def in_half(page_id: str, half: str) -> bool:
    """Return whether a page belongs to one of `HALVES`."""
    return half == "all" or is_held_out(page_id) == (half == "held out")


def gold_pages(extraction: Path) -> list[GoldPage]:
    """Return the pages of the folder `extraction` of the evaluation data."""
    gold = json.loads((extraction / "ground-truth.json").read_text("utf-8"))
    return [GoldPage(i, gold[i].get("url", ""), gold[i]["articleBody"]) for i in sorted(gold)]


def page_bytes(extraction: Path, page_id: str) -> bytes:
    """Return the saved bytes of a page of the benchmark."""
    return gzip.decompress((extraction / "html" / f"{page_id}.html.gz").read_bytes())


def tool_texts(extraction: Path, tool: str) -> dict[str, str]:
    """Return a tool's text of each page, by id."""
    raw = json.loads((extraction / "text_mode" / f"{tool}.json").read_text("utf-8"))
    return {page: made["articleBody"] or "" for page, made in raw.get("output", raw).items()}


def overlap(gold: str, predicted: str) -> Overlap:
    """Compare two texts by their runs of four words."""
    wanted, found = _shingles(gold), _shingles(predicted)
    both = (wanted & found).total()
    return Overlap(both, found.total() - both, wanted.total() - both)


def quality(overlaps: Sequence[Overlap]) -> Quality:
    """Average over pages as the benchmark does."""
    precision = statistics.mean(o.precision for o in overlaps if o.both + o.extra)
    recall = statistics.mean(o.recall for o in overlaps if o.both + o.missed)
    both = precision + recall
    return Quality(2 * precision * recall / both if both else 0.0, precision, recall)


def _share(both: int, wrong: int, other: int) -> float:
    if both + wrong == 0:
        return 0.0 if other else 1.0
    return both / (both + wrong)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _TOKEN.findall(text)
    starts = range(max(1, len(words) - _NGRAM + 1)) if words else range(0)
    return Counter(tuple(words[i : i + _NGRAM]) for i in starts)
