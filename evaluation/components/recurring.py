"""Recurring lines of outlets: precision by hand-made verdicts, and evidence wrongly removed.

Lines are learned from both news collections. Rules were made on one half of the outlets (`made
on`); the other is only reported (`held out`). `recurring_verdicts.json` holds verdicts by line
hash, as the texts must not be stored. A line removed from 300 articles counts 300 times.
"""

import argparse
import json
import lzma
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from evaluation.components.recurring_evidence import Article, evidence_left_out
from evaluation.components.shingles import HALVES, in_half
from evaluation.paths import DATA_VARIABLE, data_folder
from indexer.cleaning.cleaner import clean
from indexer.cleaning.vocabulary import RECURRING
from indexer.recurring.counts import LineCounts, fold, line_keys
from indexer.recurring.lines import RecurringLines, find_recurring
from indexer.text.blocks import split_blocks

NEWS = ("realtimeqa", "allsides")
QUESTIONS = Path("newsqa/extractive_2022_2024.jsonl")
VERDICTS = Path(__file__).with_name("recurring_verdicts.json")
POOLED = "the corpus folder"


def learn(articles: Callable[[], Iterable[tuple[str, str]]]) -> RecurringLines:
    """Return the recurring lines of articles, which are asked for twice in the same order."""
    counts = LineCounts()
    sizes: Counter[str] = Counter()
    for outlet, text in articles():
        counts.add(line_keys(outlet, split_blocks(text)))
        sizes[outlet] += 1

    def chosen(numbers: Collection[int]) -> Iterator[tuple[int, str, str]]:
        return ((i, *pair) for i, pair in enumerate(articles()) if i in numbers)

    return find_recurring(counts, sizes, chosen)


class Precision(NamedTuple):
    """Distinct lines; occurrences of all, of judged ones, and of those rightly removed."""

    lines: int
    places: int
    judged: int
    right: int


@dataclass(slots=True)
class Removed:
    """Totals of cleaning: characters removed by reason, articles touched, recurring lines.

    `lines` counts occurrences by `line_hash`.
    """

    articles: int = 0
    characters: int = 0
    touched: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)


def articles(news: Path, limit: int | None = None) -> Iterator[Article]:
    """Yield the articles of both collections.

    Args:
        news: folder of the evaluation data.
        limit: per collection; None means all.
    """
    for name in NEWS:
        with lzma.open(news / f"{name}_articles.jsonl.xz", "rt", encoding="utf-8") as rows:
            for number, row in enumerate(rows):
                if number == limit:
                    break
                read = json.loads(row)
                title, text = read["title"] or "", read["text"]
                text = text if text.lstrip().startswith(title) else f"{title}\n\n{text}"
                yield Article(read["id"], read["source"] or POOLED, text)


def line_hash(outlet: str, line: str) -> str:
    """Return the key of a line among the verdicts."""
    return sha256(f"{outlet}\0{line}".encode()).hexdigest()[:12]


def verdicts() -> dict[str, bool]:
    """Return, by line hash, whether a judged line is boilerplate."""
    stored: dict[str, bool] = json.loads(VERDICTS.read_text("utf-8"))
    return stored


def precision(lines: Mapping[str, int], judged: Mapping[str, bool]) -> Precision:
    """Count occurrences of lines by verdict."""
    known = sum(places for name, places in lines.items() if name in judged)
    right = sum(places for name, places in lines.items() if judged.get(name))
    return Precision(len(lines), sum(lines.values()), known, right)


def cleaned(found: Iterable[Article], learned: RecurringLines) -> dict[str, Removed]:
    """Clean articles with learned lines; return the totals by half of the outlets."""
    halves = {half: Removed() for half in HALVES}
    for article in found:
        regions = clean(article.text, learned.of(article.outlet)).regions
        out, lines = Counter[str](), Counter[str]()
        for region in regions:
            out[region.reason] += 0 if region.kept else region.end - region.start
            if region.reason == RECURRING:
                blocks = split_blocks(article.text[region.start : region.end])
                lines.update(line_hash(article.outlet, fold(block.text)) for block in blocks)
        for half, removed in halves.items():
            if in_half(article.outlet, half):
                removed.articles += 1
                removed.characters += len(article.text)
                removed.touched += bool(out[RECURRING])
                removed.reasons += out
                removed.lines += lines
    return halves


def main(argv: list[str] | None = None) -> int:
    """Print the tables; exit 0 even if the data are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), help="evaluation data folder")
    parser.add_argument("--limit", type=int, help="articles per collection")
    parser.add_argument("--list", type=Path, help="write all learned lines to this file")
    parser.add_argument(
        "--no-outlets", action="store_true", help="treat all articles as one outlet"
    )
    options = parser.parse_args(argv)
    news = options.data / "news"
    if not all((news / f"{name}_articles.jsonl.xz").is_file() for name in NEWS):
        print(f"Skipped: no news data in {options.data}. Set {DATA_VARIABLE} or --data")
        return 0

    def read() -> Iterator[Article]:
        for article in articles(news, options.limit):
            yield article._replace(outlet=POOLED) if options.no_outlets else article

    begun = time.perf_counter()
    learned = learn(lambda: ((each.outlet, each.text) for each in read()))
    print(f"Learned in {time.perf_counter() - begun:.0f} s\n")
    if options.list:
        options.list.write_text(_listed(learned), encoding="utf-8")
    halves = cleaned(read(), learned)
    _print_lines(halves)
    _print_removed(halves)
    evidence = evidence_left_out(read(), options.data / QUESTIONS, learned)
    print(f"\nSentences of evidence in relevant articles: {evidence.places}")
    print(f"Removed without learned lines: {evidence.before}; with them: {evidence.after}")
    return 0


def _print_lines(halves: Mapping[str, Removed]) -> None:
    judged = verdicts()
    print("| half of outlets | lines | occurrences | judged | of them boilerplate |")
    print("|---|---|---|---|---|")
    for half, removed in halves.items():
        found = precision(removed.lines, judged)
        share = f"{found.right / found.judged:.2%}" if found.judged else "-"
        print(f"| {half} | {found.lines} | {found.places} | {found.judged} | {share} |")


def _print_removed(halves: Mapping[str, Removed]) -> None:
    print("\n| articles | half | characters | recurring | articles with such | other reasons |")
    print("|---|---|---|---|---|---|")
    for half, removed in halves.items():
        shares = {name: size / max(removed.characters, 1) for name, size in removed.reasons.items()}
        recurring = shares.pop(RECURRING, 0.0)
        print(
            f"| {removed.articles} | {half} | {removed.characters} | {recurring:.2%} | "
            f"{removed.touched} | {sum(shares.values()):.2%} |"
        )


def _listed(learned: RecurringLines) -> str:
    rows = (
        f"{line_hash(outlet, line.line)}\t{in_half(outlet, 'held out'):d}\t{line.documents}\t"
        f"{line.at_edge:d}\t{outlet}\t{line.line}\n"
        for outlet, line in learned
    )
    return "".join(rows)


if __name__ == "__main__":
    sys.exit(main())
