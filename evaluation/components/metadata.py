"""Metadata: accuracy of dates in headers and columns, of outlets, and of languages.

Dates in headers are compared with the gold of 300 pages, dates in columns with URLs, outlets in
texts with columns and URLs, detected languages with declared ones.
"""

import argparse
import json
import lzma
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import process_time

from evaluation.components.dates import dated_pages
from evaluation.paths import DATA_VARIABLE, data_folder
from indexer.cleaning.cleaner import clean
from indexer.documents import Span
from indexer.errors import PageError
from indexer.metadata.extract import find_metadata
from indexer.metadata.language_detection import find_language
from indexer.metadata.values import iso_date
from indexer.text.analyzer import words
from indexer.text.languages import language_code
from indexer.text.urls import url_date, url_outlet
from indexer.webpages.extract import read_page
from indexer.webpages.tree import parse_page

EXPORTS = ("realtimeqa_articles.jsonl.xz", "allsides_articles.jsonl.xz")
EVERY_OUTLET, EVERY_LANGUAGE = 40, 5
"""Sampling of export rows for outlets and for languages: every n-th."""

_LINE_ENDS = ("p", "div", "h1", "h2", "h3", "li", "br", "td", "tr", "article", "header")
_DAY = len("2021-03-05")


def header_dates(dates: Path) -> Counter[tuple[str, bool]]:
    """Count dates found in pages as text, by place and correctness."""
    counts: Counter[tuple[str, bool]] = Counter()
    for page in dated_pages(dates):
        text = _lines(page.content)
        found = find_metadata(text, clean(text)).published
        if found:
            counts[found.found_in, found.value[:_DAY] == page.gold] += 1
    return counts


def column_dates(export: Path) -> Counter[bool]:
    """Count rows by whether their date equals the day in their URL."""
    counts: Counter[bool] = Counter()
    for row in _rows(export):
        named, dated = url_date(row["url"]), iso_date(row.get("date"))
        if named and dated:
            counts[dated[:_DAY] == named.isoformat()] += 1
    return counts


def text_outlets(export: Path, every: int = EVERY_OUTLET) -> Counter[tuple[str, bool]]:
    """Count outlets named in texts, by place and agreement with row or URL."""
    counts: Counter[tuple[str, bool]] = Counter()
    for row in _rows(export, every):
        text = f"{row['title']}\n\n{row['text']}"
        found = find_metadata(text, clean(text)).source
        domain = _key((url_outlet(row["url"]) or "").partition(".")[0])
        counts["address", bool(domain)] += 1
        if found:
            name, gold = _key(found.value), _key(row["source"])
            same = name in gold or gold in name or name in domain or domain in name
            counts[found.found_in, same] += 1
    return counts


def article_languages(export: Path, every: int = EVERY_LANGUAGE) -> tuple[Counter[str], float]:
    """Count detected languages of articles; also return articles per second."""
    counts: Counter[str] = Counter()
    seconds = 0.0
    for row in _rows(export, every):
        text = row["text"]
        paragraphs = [Span(*match.span()) for match in re.finditer(r"[^\n]+", text)]
        start = process_time()
        found = find_language(text, paragraphs)
        seconds += process_time() - start
        counts[found.value if found else "unknown"] += 1
    return counts, sum(counts.values()) / seconds


def page_languages(dates: Path) -> tuple[Counter[str], Counter[str]]:
    """Count detected languages of pages, and their agreement with declared ones."""
    told: Counter[str] = Counter()
    declared: Counter[str] = Counter()
    for page in dated_pages(dates):
        try:
            read = read_page(page.content, page.url)
        except PageError:
            continue
        found = find_language(read.text, clean(read.text).paragraphs)
        said = language_code(read.language or "")
        told[found.value if found else "unknown"] += 1
        if said and found:
            declared["the same" if said == found.value else f"{said}, told {found.value}"] += 1
    return told, declared


def _rows(export: Path, every: int = 1) -> Iterator[dict[str, str]]:
    with lzma.open(export, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                yield json.loads(line)


def _lines(content: bytes) -> str:
    """Return the text of a page, one line per block, as when saved as text."""
    root = parse_page(content).root
    for element in list(root.iter("script", "style", "head", "noscript")):
        if element.getparent() is not None:
            element.drop_tree()
    for element in root.iter(*_LINE_ENDS):
        element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in root.text_content().splitlines())
    return "\n\n".join(line for line in lines if line)


def _key(name: str) -> str:
    return "".join(words(name))


def main(argv: list[str] | None = None) -> int:
    """Print all counts; exit 0 even if the data are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), help="evaluation data folder")
    data = parser.parse_args(argv).data
    if not (data / "dates" / "eval_300.json").is_file():
        print(f"Skipped: no evaluation data in {data}. Set {DATA_VARIABLE} or --data")
        return 0
    print("dates in headers:", dict(header_dates(data / "dates")))
    told, declared = page_languages(data / "dates")
    print("languages of pages:", dict(told.most_common()))
    print("languages that pages declare:", dict(declared.most_common()))
    for name in EXPORTS:
        export = data / "news" / name
        print(f"{name}: date is the address's:", dict(column_dates(export)))
        print(f"{name}: outlets in texts:", dict(text_outlets(export)))
        counts, speed = article_languages(export)
        print(f"{name}: languages:", dict(counts.most_common()), f"{speed:.0f} articles/s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
