"""Publication dates of web pages: shares right, wrong and unknown.

Compares `find_page_dates` with the two modes of htmldate on the 300 pages of htmldate's evaluation.
Rules were made on one half of the pages (`made on`); the other is only reported (`held out`).
"""

import argparse
import json
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePosixPath
from time import perf_counter
from typing import NamedTuple

from htmldate import find_date

from evaluation.components.shingles import HALVES
from evaluation.paths import DATA_VARIABLE, data_folder
from indexer.documents import Finding
from indexer.webpages.page_dates import find_page_dates
from indexer.webpages.tree import parse_page

TODAY = date(2025, 1, 1)
"""Fixed for reproducibility; the pages were saved before."""


class DatedPage(NamedTuple):
    """Page with its URL and its publication date (ISO 8601)."""

    url: str
    content: bytes
    gold: str


class Score(NamedTuple):
    """Shares of pages with a right, wrong and unknown date."""

    correct: float
    wrong: float
    none: float

    def __str__(self) -> str:
        """Return the shares with three decimals."""
        return ", ".join(f"{value:.3f}" for value in self)


Finder = Callable[[DatedPage], str | None]


def dated_pages(dates: Path) -> list[DatedPage]:
    """Return the pages of the folder `dates` of the evaluation data."""
    listed = json.loads((dates / "eval_300.json").read_text("utf-8"))
    contents: dict[str, bytes] = {}
    with tarfile.open(dates / "pages.tar.xz") as archive:
        for member in archive:
            if stream := archive.extractfile(member):
                contents[PurePosixPath(member.name).name] = stream.read()
    return [DatedPage(url, contents[page["file"]], page["date"]) for url, page in listed.items()]


def in_half(page: DatedPage, half: str) -> bool:
    """Return whether a page belongs to one of `HALVES`."""
    held_out = int(sha256(page.url.encode()).hexdigest()[:8], 16) % 2 == 0
    return half == "all" or held_out == (half == "held out")


def published(page: DatedPage) -> Finding | None:
    """Return the publication date that Dateline finds."""
    return find_page_dates(page.content, page.url, TODAY).published


def htmldate_alone(*, extensive: bool) -> Finder:
    """Return htmldate in one of its modes."""

    def run(page: DatedPage) -> str | None:
        root = parse_page(page.content).root
        return find_date(root, extensive_search=extensive, original_date=True, url=page.url)

    return run


def score(gold: Sequence[str], found: Sequence[str | None]) -> Score:
    """Compare days; a page without a date is neither right nor wrong."""
    correct = sum(day == wanted for wanted, day in zip(gold, found, strict=True))
    none = found.count(None)
    count = len(gold)
    return Score(correct / count, (count - correct - none) / count, none / count)


def confidence_table(
    pages: Sequence[DatedPage], found: Sequence[Finding | None], half: str
) -> list[tuple[str, float, int, int]]:
    """Return rows of evidence, confidence, pages and right ones on one half."""
    counts: Counter[tuple[float, str]] = Counter()
    right: Counter[tuple[float, str]] = Counter()
    for page, each in zip(pages, found, strict=True):
        if each and in_half(page, half):
            key = (each.confidence or 0.0, each.found_in.partition(" ")[0])
            counts[key] += 1
            right[key] += each.value[:10] == page.gold
    return [(key[1], key[0], counts[key], right[key]) for key in sorted(counts, reverse=True)]


def main(argv: list[str] | None = None) -> int:
    """Print the tables; exit 0 even if the data are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), help="evaluation data folder")
    dates = parser.parse_args(argv).data / "dates"
    if not (dates / "eval_300.json").is_file():
        print(f"Skipped: no dated pages in {dates}. Set {DATA_VARIABLE} or --data")
        return 0
    pages = dated_pages(dates)
    start = perf_counter()
    ours = [published(page) for page in pages]
    elapsed = 1000 * (perf_counter() - start) / len(pages)
    finders: dict[str, list[str | None]] = {
        f"find_page_dates ({elapsed:.0f} ms per page)": [
            each.value[:10] if each else None for each in ours
        ],
        "htmldate, fast": [htmldate_alone(extensive=False)(page) for page in pages],
        "htmldate, extensive": [htmldate_alone(extensive=True)(page) for page in pages],
    }
    print(f"| correct, wrong, none | {' | '.join(HALVES)} |\n|---|---|---|---|")
    for name, days in finders.items():
        cells = []
        for half in HALVES:
            chosen = [i for i, page in enumerate(pages) if in_half(page, half)]
            cells.append(str(score([pages[i].gold for i in chosen], [days[i] for i in chosen])))
        print(f"| {name} | {' | '.join(cells)} |")
    print("\n| evidence | confidence | made on: right of | held out: right of |\n|---|---|---|---|")
    tables = [
        {row[:2]: f"{row[3]} of {row[2]}" for row in confidence_table(pages, ours, half)}
        for half in HALVES[:2]
    ]
    for key in sorted(tables[0] | tables[1], key=lambda key: (-key[1], key[0])):
        print(f"| {key[0]} | {key[1]} | {' | '.join(table.get(key, '') for table in tables)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
