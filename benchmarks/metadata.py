"""How often is what metadata says right: dates in headers and columns, outlets, languages?

`python -m benchmarks.metadata` prints, for the evaluation data that is there:

- how often the date that a header states was right, on 300 pages turned to text line by line;
- how often the date of a column is the day that the row's address names;
- how often the outlet that a text names is the one that the row names, or its address;
- in which languages articles and pages were told to be, and how often pages declare another one.
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

from benchmarks.dates import dated_pages
from benchmarks.shingles import DATA_VARIABLE, data_folder
from indexer.addresses import url_date, url_outlet
from indexer.analyzer import words
from indexer.cleaning import clean
from indexer.documents import Span
from indexer.errors import PageError
from indexer.language_detection import find_language
from indexer.languages import language_code
from indexer.loaders.given import iso_date
from indexer.metadata import find_metadata
from indexer.page_tree import parse_page
from indexer.web_page import read_page

EXPORTS = ("realtimeqa_articles.jsonl.xz", "allsides_articles.jsonl.xz")
EVERY_OUTLET, EVERY_LANGUAGE = 40, 5
"""Of the rows of an export, each so manyth is cleaned, and each so manyth has its language told."""

_LINE_ENDS = ("p", "div", "h1", "h2", "h3", "li", "br", "td", "tr", "article", "header")
_DAY = len("2021-03-05")


def header_dates(dates: Path) -> Counter[tuple[str, bool]]:
    """Count the dates found in headers of pages as text, by where and whether they are right."""
    counts: Counter[tuple[str, bool]] = Counter()
    for page in dated_pages(dates):
        text = _lines(page.content)
        found = find_metadata(text, clean(text)).published
        if found:
            counts[found.found_in, found.value[:_DAY] == page.gold] += 1
    return counts


def column_dates(export: Path) -> Counter[bool]:
    """Count the rows whose date is, or is not, the day that their address names."""
    counts: Counter[bool] = Counter()
    for row in _rows(export):
        named, dated = url_date(row["url"]), iso_date(row.get("date"))
        if named and dated:
            counts[dated[:_DAY] == named.isoformat()] += 1
    return counts


def text_outlets(export: Path, every: int = EVERY_OUTLET) -> Counter[tuple[str, bool]]:
    """Count the outlets that texts name, by where and whether row or address name them too."""
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
    """Count the languages that articles were told to be in; return articles a second as well."""
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
    """Count the languages that pages were told to be in, and how what they declare compares."""
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
    """Return the text of a page, a line for each block: what saving a page as text leaves."""
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
    """Print every count; return 0 also when the data are absent, after saying so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), help="evaluation data folder")
    data = parser.parse_args(argv).data
    if not (data / "dates" / "eval_300.json").is_file():
        print(f"skipped: no evaluation data in {data}; set {DATA_VARIABLE} or --data")
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
