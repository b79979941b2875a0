"""Is the article found in a page, and its day? The page benchmarks, with intervals over pages.

Each measures both halves of its pages: rules were made on one, the other is only reported.
"""

from collections.abc import Callable, Mapping, Sequence
from statistics import mean
from typing import Any, Final

from benchmarks import dates
from benchmarks.cleaning import NEWS, all_kept, body, news_texts
from benchmarks.evaluation.intervals import Places, mean_of, ratio_of, resampled
from benchmarks.evaluation.results import Entry
from benchmarks.evaluation.work import Work
from benchmarks.extraction import article_of
from benchmarks.shingles import (
    HALVES,
    GoldPage,
    Overlap,
    gold_pages,
    in_half,
    overlap,
    page_bytes,
    quality,
    tool_texts,
)
from indexer.cleaning.cleaner import clean

TOOLS: Final = ("html2text", "inscriptis", "beautifulsoup")
"""What the saved texts were made by; these keep menus and footers."""

ARTICLES: Final = 500
"""How many articles of a news collection are cleaned."""


def measure_extraction(work: Work) -> Entry:
    """Find the article of each web page."""
    folder = work.data / "extraction"

    def found(page: GoldPage) -> Overlap:
        content = page_bytes(folder, page.page_id)
        return overlap(page.body, article_of(content, page.url).text)

    pages = gold_pages(folder)[: work.limit]
    overlaps = [found(page) for page in work.watched("extraction", pages)]
    measured = _halves(pages, {"": overlaps})
    return measured | {"rule": "runs of four words; F1 of the mean precision and the mean recall"}


def measure_saved_text(work: Work) -> Entry:
    """Find the article in the text of each page, menus and all."""
    folder = work.data / "extraction"
    pages = gold_pages(folder)[: work.limit]
    overlaps = {
        f"{tool}, ": [
            overlap(page.body, body(texts[page.page_id])) for page in work.watched(tool, pages)
        ]
        for tool in TOOLS
        for texts in [tool_texts(folder, tool)]
    }
    rule = "as extraction; the names are of the tools that turned the pages into text"
    return _halves(pages, overlaps) | {"rule": rule}


def measure_clean_articles(work: Work) -> Entry:
    """Clean texts that are articles already: of these next to nothing may be lost."""
    pages = gold_pages(work.data / "extraction")[: work.limit]
    bodies = [page.body for page in work.watched("gold bodies", pages)]
    measures = {
        "gold bodies, recall": quality_of([overlap(b, all_kept(b)) for b in bodies])["recall"]
    }
    for name in NEWS:
        file = work.data / "news" / f"{name}_articles.jsonl.xz"
        texts = list(work.watched(name, list(news_texts(file, work.limit or ARTICLES))))
        regions = [clean(text).regions for text in texts]
        kept = [sum(r.end - r.start for r in each if r.kept) for each in regions]
        sizes = [sum(r.end - r.start for r in each) for each in regions]
        measures[f"{name}, share kept"] = ratio_of(kept, sizes)
    rule = "runs of four words of the gold bodies; of news articles, the characters that are kept"
    return {"questions": {"all": len(bodies)}, "measures": {"all": measures}, "rule": rule}


def measure_dates(work: Work) -> Entry:
    """Find the day on which each web page was published."""
    pages = dates.dated_pages(work.data / "dates")[: work.limit]
    days = [
        each.day.isoformat() if (each := dates.published(page)) else None
        for page in work.watched("dates", pages)
    ]

    def measures(at: Sequence[int]) -> dict[str, Any]:
        right = [float(days[i] == pages[i].gold) for i in at]
        unknown = [float(days[i] is None) for i in at]
        wrong = [1 - one - other for one, other in zip(right, unknown, strict=True)]
        return {"right": mean_of(right), "wrong": mean_of(wrong), "unknown": mean_of(unknown)}

    halves = {
        half: [i for i, page in enumerate(pages) if dates.in_half(page, half)] for half in HALVES
    }
    rule = "the day must be equal; what is not found is unknown, neither right nor wrong"
    return _by_half(halves, measures) | {"rule": rule}


def quality_of(overlaps: Sequence[Overlap]) -> dict[str, Any]:
    """Return F1, precision and recall with their intervals over pages."""

    def measure(name: str) -> Callable[[Places], float]:
        return lambda at: float(getattr(quality([overlaps[i] for i in at]), name))

    names = {"F1": "f1", "precision": "precision", "recall": "recall"}
    return {name: resampled(len(overlaps), measure(field)) for name, field in names.items()}


def _halves(pages: Sequence[GoldPage], overlaps: Mapping[str, Sequence[Overlap]]) -> Entry:
    """Return the measures of each half; with several kinds of texts also the mean of their F1."""

    def measures(at: Sequence[int]) -> dict[str, Any]:
        found = {
            f"{kind}{name}": value
            for kind, each in overlaps.items()
            for name, value in quality_of([each[i] for i in at]).items()
        }
        if len(overlaps) > 1:
            for name in ("F1", "recall"):
                values = [found[f"{kind}{name}"]["value"] for kind in overlaps]
                found[f"mean {name}"] = {"value": mean(values)}
        return found

    halves = {
        half: [i for i, page in enumerate(pages) if in_half(page.page_id, half)] for half in HALVES
    }
    return _by_half(halves, measures)


def _by_half(
    halves: Mapping[str, Sequence[int]], measures: Callable[[Sequence[int]], dict[str, Any]]
) -> Entry:
    """Measure each half that has a page: a limited run may have none in one of them."""
    chosen = {half: at for half, at in halves.items() if at}
    return {
        "questions": {half: len(at) for half, at in chosen.items()},
        "measures": {half: measures(at) for half, at in chosen.items()},
    }
