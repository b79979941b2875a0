"""Article extraction from web pages: overlap with the gold article.

Compares `read_page` and settings of trafilatura on the 181 pages of the article extraction
benchmark. Settings were chosen on one half of the pages (`made on`); the other is only reported
(`held out`). The first row is the benchmark's own result of trafilatura 2.0.0 (0.958, 0.938,
0.978).
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from trafilatura import extract

from evaluation.components.shingles import (
    HALVES,
    GoldPage,
    Quality,
    gold_pages,
    in_half,
    overlap,
    page_bytes,
    quality,
    tool_texts,
)
from evaluation.paths import DATA_VARIABLE, data_folder
from indexer.cleaning.cleaner import clean
from indexer.errors import PageError
from indexer.webpages.extract import PageArticle, read_page

Extractor = Callable[[bytes, str], str]


def trafilatura_with(**settings: Any) -> Extractor:  # noqa: ANN401 - whatever it accepts
    """Return trafilatura with some settings, without comments."""

    def run(content: bytes, url: str) -> str:
        return extract(content, url=url, include_comments=False, **settings) or ""

    return run


def article_of(content: bytes, url: str) -> PageArticle:
    """Return the article that Dateline finds, empty if none."""
    try:
        return read_page(content, url)
    except PageError:
        return PageArticle("", "")


def cleaned(content: bytes, url: str) -> str:
    """Return the article after cleaning."""
    text = article_of(content, url).text
    return "\n".join(text[r.start : r.end] for r in clean(text).regions if r.kept)


def titled(content: bytes, url: str) -> str:
    """Return the article below its title."""
    article = article_of(content, url)
    return f"{article.title or ''}\n{article.text}"


EXTRACTORS: dict[str, Extractor] = {
    "trafilatura, balanced": trafilatura_with(),
    "trafilatura, fast": trafilatura_with(fast=True),
    "trafilatura, recall": trafilatura_with(favor_recall=True),
    "trafilatura, precision": trafilatura_with(favor_precision=True),
    "trafilatura, precision, fast": trafilatura_with(favor_precision=True, fast=True),
    "trafilatura, precision, no tables": trafilatura_with(
        favor_precision=True, include_tables=False
    ),
    "read_page": lambda content, url: article_of(content, url).text,
    "read_page, title first": titled,
    "read_page, then clean": cleaned,
}


def measure(pages: list[GoldPage], texts: dict[str, str]) -> dict[str, Quality]:
    """Return the quality of the texts on each half and on all pages."""
    return {
        half: quality(
            [
                overlap(page.body, texts[page.page_id])
                for page in pages
                if in_half(page.page_id, half)
            ]
        )
        for half in HALVES
    }


def rows(extraction: Path) -> Iterator[tuple[str, dict[str, Quality], float | None]]:
    """Yield name, quality by half, and milliseconds per page of each extractor."""
    pages = gold_pages(extraction)
    contents = {page.page_id: page_bytes(extraction, page.page_id) for page in pages}
    yield (
        "benchmark's trafilatura 2.0.0",
        measure(pages, tool_texts(extraction, "trafilatura")),
        None,
    )
    for name, run in EXTRACTORS.items():
        start = perf_counter()
        texts = {page.page_id: run(contents[page.page_id], page.url) for page in pages}
        elapsed = 1000 * (perf_counter() - start) / len(pages)
        yield name, measure(pages, texts), elapsed


def main(argv: list[str] | None = None) -> int:
    """Print the tables; exit 0 even if the data are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), help="evaluation data folder")
    extraction = parser.parse_args(argv).data / "extraction"
    if not (extraction / "ground-truth.json").is_file():
        print(f"Skipped: no extraction data in {extraction}. Set {DATA_VARIABLE} or --data")
        return 0
    print(f"| F1, precision, recall | {' | '.join(HALVES)} | ms per page |\n|---|---|---|---|---|")
    for name, by_half, elapsed in rows(extraction):
        cells = " | ".join(str(by_half[half]) for half in HALVES)
        print(f"| {name} | {cells} | {'' if elapsed is None else f'{elapsed:.0f}'} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
