"""Components on public data with intervals: extraction, cleaning, dates, copies.

Rules were made on one half of the data; the other is only reported.
"""

from collections.abc import Callable, Mapping, Sequence
from statistics import mean
from typing import Any, Final

from evaluation.components import copies, dates
from evaluation.components.cleaning import NEWS, all_kept, body, news_texts
from evaluation.components.copies import KINDS, Pair, Result, score
from evaluation.components.extraction import article_of
from evaluation.components.shingles import (
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
from evaluation.intervals import Rows, mean_of, ratio_of, resampled
from evaluation.public_sets.work import Work
from evaluation.results import Entry
from indexer.cleaning.cleaner import clean

TOOLS: Final = ("html2text", "inscriptis", "beautifulsoup")
"""Tools that made the saved texts; all keep menus and footers."""

ARTICLES: Final = 500
"""Articles cleaned per news collection."""

COUNTED = ("similar", "numbers")
"""Kinds of pairs that are different reports; in the others a name or denial was changed."""


def measure_extraction(work: Work) -> Entry:
    """Measure article extraction from web pages."""
    folder = work.data / "extraction"

    def found(page: GoldPage) -> Overlap:
        content = page_bytes(folder, page.page_id)
        return overlap(page.body, article_of(content, page.url).text)

    pages = gold_pages(folder)[: work.limit]
    overlaps = [found(page) for page in work.watched("extraction", pages)]
    measured = _halves(pages, {"": overlaps})
    return measured | {"rule": "runs of four words; F1 of the mean precision and the mean recall"}


def measure_saved_text(work: Work) -> Entry:
    """Measure cleaning of pages saved as text with menus."""
    folder = work.data / "extraction"
    pages = gold_pages(folder)[: work.limit]
    overlaps = {
        f"{tool}, ": [
            overlap(page.body, body(texts[page.page_id])) for page in work.watched(tool, pages)
        ]
        for tool in TOOLS
        for texts in [tool_texts(folder, tool)]
    }
    rule = "as extraction; by the tool that turned the pages into text"
    return _halves(pages, overlaps) | {"rule": rule}


def measure_clean_articles(work: Work) -> Entry:
    """Measure how much of clean articles is kept."""
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
    rule = "runs of four words of the gold bodies; of news articles, the characters kept"
    return {"questions": {"all": len(bodies)}, "measures": {"all": measures}, "rule": rule}


def measure_dates(work: Work) -> Entry:
    """Measure publication dates of web pages."""
    pages = dates.dated_pages(work.data / "dates")[: work.limit]
    days = [
        each.value[:10] if (each := dates.published(page)) else None
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
    rule = "exact day; not found is unknown, neither right nor wrong"
    return _by_half(halves, measures) | {"rule": rule}


def measure_copies(work: Work) -> Entry:
    """Measure which pairs of articles a build would treat as copies."""
    work.progress.stage("copies", None)
    measured = copies.measure(work.data, work.limit)
    work.progress.close()
    halves = {half: found for half in HALVES if (found := copies.of_half(measured, half))}
    return {
        "questions": {half: len(found) for half, found in halves.items()},
        "measures": {half: copy_measures(found) for half, found in halves.items()},
        "rule": "pairs of versions of one address are copies; similar articles of different "
        "addresses, and versions with a number, name or denial changed, are not",
    }


def quality_of(overlaps: Sequence[Overlap]) -> dict[str, Any]:
    """Return F1, precision and recall with intervals over pages."""

    def measure(name: str) -> Callable[[Rows], float]:
        return lambda at: float(getattr(quality([overlaps[i] for i in at]), name))

    names = {"F1": "f1", "precision": "precision", "recall": "recall"}
    return {name: resampled(len(overlaps), measure(field)) for name, field in names.items()}


def copy_measures(measured: Sequence[tuple[Pair, bool]]) -> dict[str, Any]:
    """Return F1, precision, recall, and the shares of different reports joined."""

    def of(field: Callable[[Result], float]) -> Callable[[Rows], float]:
        return lambda at: field(score([measured[i] for i in at]))

    shares = {"different reports joined": COUNTED, **{kind: (kind,) for kind in KINDS[1:]}}
    return {
        "F1": resampled(len(measured), of(lambda found: found.f1)),
        "precision": resampled(len(measured), of(lambda found: found.precision)),
        "recall": resampled(len(measured), of(lambda found: found.recall)),
        **{name: share for name, kinds in shares.items() if (share := _joined(measured, kinds))},
    }


def _halves(pages: Sequence[GoldPage], overlaps: Mapping[str, Sequence[Overlap]]) -> Entry:
    """Return the measures of each half, and means over several kinds of texts."""

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
    """Measure each half with pages; a limited run may have none."""
    chosen = {half: at for half, at in halves.items() if at}
    return {
        "questions": {half: len(at) for half, at in chosen.items()},
        "measures": {half: measures(at) for half, at in chosen.items()},
    }


def _joined(measured: Sequence[tuple[Pair, bool]], kinds: Sequence[str]) -> dict[str, float] | None:
    wholes = [float(pair.kind in kinds) for pair, _ in measured]
    parts = [whole * joined for whole, (_, joined) in zip(wholes, measured, strict=True)]
    return ratio_of(parts, wholes)
