"""Which lines recur across the articles of an outlet, and are they really no article text?

Learns from both news collections as a build would. The rules were made on one half of the outlets
(`made on`, odd hash of the name) and are reported on the other. `recurring_verdicts.json` holds a
person's verdict on lines, by hash, since no text of the data may be kept: precision is by places,
so a line that stands in 300 articles counts 300 times. A second table counts the sentences of
evidence of the news questions that are left out, which must not be.
"""

import argparse
import json
import lzma
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from benchmarks.shingles import DATA_VARIABLE, HALVES, data_folder, in_half
from indexer.cleaning import RECURRING, clean
from indexer.documents import Region, Span
from indexer.passages import sentences
from indexer.recurring_lines import NO_LINES, OutletText, RecurringLine, RecurringLines, learn

NEWS = ("realtimeqa", "allsides")
QUESTIONS = Path("newsqa/extractive_2022_2024.jsonl")
VERDICTS = Path(__file__).with_name("recurring_verdicts.json")
POOLED = "the corpus folder"

Line = tuple[str, RecurringLine]


class Article(NamedTuple):
    """An article of a collection, with its title on top as a build has it."""

    article_id: str
    outlet: str
    text: str


class Precision(NamedTuple):
    """Places of judged lines, of those that are no article text, and of all lines."""

    judged: int
    right: int
    places: int


@dataclass(slots=True)
class Removed:
    """What was cleaned: articles, characters, characters left out by reason, articles touched."""

    articles: int = 0
    characters: int = 0
    touched: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


def articles(news: Path, limit: int | None = None) -> Iterator[Article]:
    """Yield the articles of both collections.

    Args:
        news: the folder `news` of the evaluation data.
        limit: how many of each; None means all.
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
    """Return what stands for a line among the verdicts."""
    return sha256(f"{outlet}\0{line}".encode()).hexdigest()[:12]


def verdicts() -> dict[str, bool]:
    """Return for each judged line, by hash, whether it is no article text."""
    stored: dict[str, bool] = json.loads(VERDICTS.read_text("utf-8"))
    return stored


def precision(lines: Iterable[Line], judged: Mapping[str, bool]) -> Precision:
    """Count the places of lines by the verdict on each."""
    known = right = places = 0
    for outlet, line in lines:
        verdict = judged.get(line_hash(outlet, line.line))
        places += line.documents
        known += line.documents if verdict is not None else 0
        right += line.documents if verdict else 0
    return Precision(known, right, places)


def cleaned(found: Iterable[Article], learned: RecurringLines) -> dict[str, Removed]:
    """Clean articles with the learned lines and return what is left out, by half of the outlets."""
    halves = {half: Removed() for half in HALVES}
    for article in found:
        regions = clean(article.text, learned.of(article.outlet)).regions
        out = Counter[str]()
        for region in regions:
            out[region.reason] += 0 if region.kept else region.end - region.start
        for half, removed in halves.items():
            if in_half(article.outlet, half):
                removed.articles += 1
                removed.characters += len(article.text)
                removed.touched += bool(out[RECURRING])
                removed.reasons += out
    return halves


def evidence_left_out(
    found: Iterable[Article], questions: Path, learned: RecurringLines
) -> tuple[int, int, int]:
    """Count places of sentences of evidence: all, left out without and with the learned lines."""
    wanted: dict[str, list[str]] = {}
    for row in questions.read_text("utf-8").splitlines():
        question = json.loads(row)
        context = question["context"]
        texts = [span.slice(context) for span in sentences(context, Span(0, len(context)))]
        for article_id in question["silver_relevant"]:
            wanted.setdefault(article_id, []).extend(texts)
    total = before = after = 0
    for article in found:
        spans = _places(article.text, wanted.get(article.article_id, []))
        total += len(spans)
        if spans:
            before += _out(spans, clean(article.text, NO_LINES).regions)
            lines = learned.of(article.outlet)
            after += _out(spans, clean(article.text, lines).regions)
    return total, before, after


def main(argv: list[str] | None = None) -> int:
    """Print the tables; return 0 also when the data are absent, after saying so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), help="evaluation data folder")
    parser.add_argument("--limit", type=int, help="read so many articles of each collection")
    parser.add_argument("--list", type=Path, help="write every learned line to this file")
    parser.add_argument("--no-outlets", action="store_true", help="as if no outlet were known")
    options = parser.parse_args(argv)
    news = options.data / "news"
    if not all((news / f"{name}_articles.jsonl.xz").is_file() for name in NEWS):
        print(f"skipped: no news data in {options.data}; set {DATA_VARIABLE} or --data")
        return 0

    def read() -> Iterator[Article]:
        for article in articles(news, options.limit):
            yield article._replace(outlet=POOLED) if options.no_outlets else article

    begun = time.perf_counter()
    learned = learn(lambda: (OutletText(each.outlet, each.text) for each in read()))
    print(f"learned in {time.perf_counter() - begun:.0f} s\n")
    if options.list:
        options.list.write_text(_listed(learned), encoding="utf-8")
    _print_lines(learned)
    _print_removed(cleaned(read(), learned))
    total, before, after = evidence_left_out(read(), options.data / QUESTIONS, learned)
    print(f"\nsentences of evidence found in articles: {total}")
    print(f"left out without learned lines: {before}; with them: {after}")
    return 0


def _print_lines(learned: RecurringLines) -> None:
    judged = verdicts()
    print("| outlets | half | lines | places | judged places | of them no article text |")
    print("|---|---|---|---|---|---|")
    for half in HALVES:
        lines = [pair for pair in learned if in_half(pair[0], half)]
        found = precision(lines, judged)
        share = f"{found.right / found.judged:.2%}" if found.judged else "-"
        outlets = len({outlet for outlet, _ in lines})
        print(f"| {outlets} | {half} | {len(lines)} | {found.places} | {found.judged} | {share} |")


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


def _places(text: str, wanted: Iterable[str]) -> list[tuple[int, int]]:
    return [(at, at + len(each)) for each in set(wanted) if (at := text.find(each)) >= 0]


def _out(spans: Iterable[tuple[int, int]], regions: Iterable[Region]) -> int:
    removed = [(region.start, region.end) for region in regions if not region.kept]
    return sum(any(a < end and start < b for a, b in removed) for start, end in spans)


def _listed(learned: RecurringLines) -> str:
    rows = (
        f"{line_hash(outlet, line.line)}\t{in_half(outlet, 'held out'):d}\t{line.documents}\t"
        f"{line.at_edge:d}\t{outlet}\t{line.line}\n"
        for outlet, line in learned
    )
    return "".join(rows)


if __name__ == "__main__":
    sys.exit(main())
