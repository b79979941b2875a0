"""How much of a web page's article does cleaning keep, and how much of the rest does it remove?

Metric of the article extraction benchmark: precision, recall and F1 over runs of four words,
averaged over pages. Rules are made on one half of the pages (`made on`) and reported on the other
(`held out`). A second table counts what is removed from news articles that are already clean.
"""

import argparse
import json
import lzma
import os
import re
import statistics
import sys
from collections import Counter
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from indexer.cleaning import clean

DATA_VARIABLE = "DATELINE_EVAL_DATA"
DEFAULT_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TOOLS = ("html2text", "inscriptis", "beautifulsoup", "trafilatura")
NEWS = ("realtimeqa", "allsides")
NGRAM = 4
ARTICLE_STEP = 20
_TOKEN = re.compile(r"\w+")


class Overlap(NamedTuple):
    """Runs of words in both texts, only in the prediction, and only in the gold text."""

    both: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        """How much of the prediction is in the gold text."""
        return _share(self.both, self.extra, self.missed)

    @property
    def recall(self) -> float:
        """How much of the gold text is in the prediction."""
        return _share(self.both, self.missed, self.extra)


class Quality(NamedTuple):
    """Means over pages; F1 is that of the mean precision and the mean recall."""

    f1: float
    precision: float
    recall: float


def _share(both: int, wrong: int, other: int) -> float:
    if both + wrong == 0:
        return 0.0 if other else 1.0
    return both / (both + wrong)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _TOKEN.findall(text)
    starts = range(max(1, len(words) - NGRAM + 1)) if words else range(0)
    return Counter(tuple(words[i : i + NGRAM]) for i in starts)


def overlap(gold: str, predicted: str) -> Overlap:
    """Compare two texts by their runs of four words."""
    wanted, found = _shingles(gold), _shingles(predicted)
    both = (wanted & found).total()
    return Overlap(both, found.total() - both, wanted.total() - both)


def quality(overlaps: list[Overlap]) -> Quality:
    """Average over pages as the benchmark does."""
    precision = statistics.mean(o.precision for o in overlaps if o.both + o.extra)
    recall = statistics.mean(o.recall for o in overlaps if o.both + o.missed)
    return Quality(2 * precision * recall / (precision + recall), precision, recall)


def kept_text(text: str) -> str:
    """Return what cleaning keeps, regions joined by line breaks."""
    return "\n".join(text[r.start : r.end] for r in clean(text).regions if r.kept)


def is_held_out(page_id: str) -> bool:
    """Tell whether a page is only reported on: the even half, by hash of the id."""
    return int(sha256(page_id.encode()).hexdigest(), 16) % 2 == 0


def extraction_table(folder: Path) -> list[tuple[str, str, Quality, Quality]]:
    """Return (tool, half, before cleaning, after cleaning) for each tool and half."""
    gold: dict[str, Any] = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    rows = []
    for tool in TOOLS:
        raw = json.loads((folder / "text_mode" / f"{tool}.json").read_text("utf-8"))
        pages = raw.get("output", raw)
        for half, held_out in (("made on", False), ("held out", True)):
            ids = [i for i in sorted(gold) if is_held_out(i) == held_out]
            texts = [(gold[i]["articleBody"], pages[i]["articleBody"]) for i in ids]
            before = quality([overlap(wanted, text) for wanted, text in texts])
            after = quality([overlap(wanted, kept_text(text)) for wanted, text in texts])
            rows.append((tool, half, before, after))
    return rows


def removed_from_news(file: Path, articles: int) -> tuple[int, int, Counter[str]]:
    """Return (articles, characters, characters removed by reason) of clean news articles."""
    by_reason: Counter[str] = Counter()
    count = total = 0
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, articles * ARTICLE_STEP, ARTICLE_STEP):
            text = json.loads(line)["text"]
            count, total = count + 1, total + len(text)
            for region in clean(text).regions:
                if not region.kept:
                    by_reason[region.reason] += region.end - region.start
    return count, total, by_reason


def main(argv: list[str] | None = None) -> int:
    """Print both tables; return 0 also when the data are absent, after saying so."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(os.environ.get(DATA_VARIABLE, str(DEFAULT_DATA)))
    parser.add_argument("--data", type=Path, default=default, help="evaluation data folder")
    parser.add_argument("--articles", type=int, default=500, help="clean articles a collection")
    options = parser.parse_args(argv)
    extraction = options.data / "extraction"
    if not (extraction / "ground-truth.json").is_file():
        print(f"skipped: no extraction data in {options.data}; set {DATA_VARIABLE} or --data")
        return 0
    print("| text made by | half | F1, P, R before | F1, P, R after cleaning |\n|---|---|---|---|")
    for tool, half, before, after in extraction_table(extraction):
        cells = [", ".join(f"{value:.3f}" for value in each) for each in (before, after)]
        print(f"| {tool} | {half} | {cells[0]} | {cells[1]} |")
    print("\n| clean articles | characters | removed | by reason |\n|---|---|---|---|")
    for name in NEWS:
        file = options.data / "news" / f"{name}_articles.jsonl.xz"
        if file.is_file():
            count, total, reasons = removed_from_news(file, options.articles)
            detail = ", ".join(
                f"{reason} {size / total:.2%}" for reason, size in sorted(reasons.items())
            )
            print(f"| {name} ({count}) | {total} | {reasons.total() / total:.2%} | {detail} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
