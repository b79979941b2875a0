"""Cleaning of pages saved as text: overlap with the gold article before and after.

Rules are made on one half of the pages (`made on`) and reported on the other (`held out`). Two more
tables guard clean articles: recall of the gold bodies, and what is removed from news articles. The
gold bodies have no headline, so the one that cleaning finds is left out.
"""

import argparse
import json
import lzma
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from evaluation.components.shingles import (
    HALVES,
    Quality,
    gold_pages,
    in_half,
    overlap,
    quality,
    tool_texts,
)
from evaluation.paths import DATA_VARIABLE, data_folder
from indexer.cleaning.cleaner import clean

TOOLS = ("html2text", "inscriptis", "beautifulsoup", "trafilatura")
NEWS = ("realtimeqa", "allsides")
ARTICLE_STEP = 20


class Cleaned(NamedTuple):
    """Quality of a tool's texts on one half, before and after cleaning."""

    tool: str
    half: str
    before: Quality
    after: Quality


def body(text: str) -> str:
    """Return the paragraphs that cleaning keeps, without the headline, one per line."""
    cleaning = clean(text)
    kept = [paragraph for paragraph in cleaning.paragraphs if paragraph != cleaning.headline]
    return "\n".join(paragraph.slice(text) for paragraph in kept)


def extraction_table(extraction: Path) -> list[Cleaned]:
    """Return the quality of each tool on each half.

    Args:
        extraction: folder of the evaluation data.
    """
    pages = gold_pages(extraction)
    table = []
    for tool in TOOLS:
        texts = tool_texts(extraction, tool)
        for half in ("made on", "held out"):
            chosen = [page for page in pages if in_half(page.page_id, half)]
            before = quality([overlap(page.body, texts[page.page_id]) for page in chosen])
            after = quality([overlap(page.body, body(texts[page.page_id])) for page in chosen])
            table.append(Cleaned(tool, half, before, after))
    return table


def all_kept(text: str) -> str:
    """Return the regions that cleaning keeps, one per line."""
    return "\n".join(
        text[region.start : region.end] for region in clean(text).regions if region.kept
    )


def recall_of_bodies(extraction: Path, half: str, *, joined: bool = False) -> float:
    """Return the recall of the gold bodies when cleaned as texts.

    Args:
        extraction: folder of the evaluation data.
        half: one of `shingles.HALVES`.
        joined: whether to join the lines of each body first.
    """
    bodies = [page.body for page in gold_pages(extraction) if in_half(page.page_id, half)]
    texts = [" ".join(text.split()) if joined else text for text in bodies]
    return quality([overlap(text, all_kept(text)) for text in texts]).recall


def news_texts(file: Path, articles: int) -> Iterator[str]:
    """Yield articles evenly spread over the beginning of a collection."""
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, articles * ARTICLE_STEP, ARTICLE_STEP):
            yield json.loads(line)["text"]


def removed_from_news(
    file: Path, articles: int, *, joined: bool = False
) -> tuple[int, int, Counter[str]]:
    """Return the numbers of articles, characters, and characters removed by reason.

    Args:
        file: of news articles.
        articles: how many to clean.
        joined: whether to join the lines of each article first.
    """
    by_reason: Counter[str] = Counter()
    count = total = 0
    for read in news_texts(file, articles):
        text = " ".join(read.split()) if joined else read
        count, total = count + 1, total + len(text)
        for region in clean(text).regions:
            if not region.kept:
                by_reason[region.reason] += region.end - region.start
    return count, total, by_reason


def main(argv: list[str] | None = None) -> int:
    """Print the tables; exit 0 even if the data are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), help="evaluation data folder")
    parser.add_argument(
        "--articles", type=int, default=500, help="articles per collection (%(default)s)"
    )
    options = parser.parse_args(argv)
    extraction = options.data / "extraction"
    if not (extraction / "ground-truth.json").is_file():
        print(f"Skipped: no extraction data in {options.data}. Set {DATA_VARIABLE} or --data")
        return 0
    print("| text made by | half | F1, P, R before | F1, P, R after cleaning |\n|---|---|---|---|")
    for row in extraction_table(extraction):
        print(f"| {row.tool} | {row.half} | {row.before} | {row.after} |")
    print("\n| gold bodies as texts | recall | recall, lines joined |\n|---|---|---|")
    for half in HALVES:
        recalls = [recall_of_bodies(extraction, half, joined=joined) for joined in (False, True)]
        print(f"| {half} | {recalls[0]:.4f} | {recalls[1]:.4f} |")
    print("\n| clean articles | characters | removed | by reason |\n|---|---|---|---|")
    for name in NEWS:
        file = options.data / "news" / f"{name}_articles.jsonl.xz"
        for joined in (False, True) if file.is_file() else ():
            count, total, reasons = removed_from_news(file, options.articles, joined=joined)
            detail = ", ".join(
                f"{reason} {size / total:.2%}" for reason, size in sorted(reasons.items())
            )
            lines = f"{name}, lines joined" if joined else name
            print(f"| {lines} ({count}) | {total} | {reasons.total() / total:.2%} | {detail} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
