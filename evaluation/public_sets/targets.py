"""Quality targets of the project and whether they are met."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

MODES_BY_QUALITY: Final = ("reranked", "hybrid")


@dataclass(frozen=True, slots=True)
class Target:
    """Row of the table: a measure, what others reach, and its places in the results.

    The first of `paths` that was measured counts. With `lower`, floor and goal are upper bounds.
    """

    measure: str
    reference: str
    floor: float
    goal: float
    paths: tuple[tuple[str, ...], ...]
    lower: bool = False


def _ranked(name: str, measure: str = "nDCG@10") -> tuple[tuple[str, ...], ...]:
    return tuple((name, "measures", "test", mode, measure) for mode in MODES_BY_QUALITY)


def _news_targets() -> Iterator[Target]:
    """Yield the targets of news end to end: the test half over 2,500 articles."""
    for name, about, floor, goal in (
        ("answered and first quote right", "answered, first quote right", 0.62, 0.70),
        ("precision", "first quotes right of the answered", 0.88, 0.92),
        ("false answers", "answered falsely without the article", 0.08, 0.04),
        ("coverage at 90% precision", "coverage at 90 % precision", 0.50, 0.70),
    ):
        path = ("news-end-to-end-2500", "measures", "test", name)
        yield Target(
            f"News end to end (2,500 articles), {about}", "-", floor, goal, (path,), goal < floor
        )


TARGETS: Final[Sequence[Target]] = (
    Target(
        "News questions, nDCG@10 (test half, all 26,634 articles)",
        "BM25 0.648 on both halves",
        0.70,
        0.78,
        _ranked("newsqa"),
    ),
    Target(
        "SciFact, nDCG@10",
        "BM25 0.679, MiniLM 0.645, their best published hybrid 0.713",
        0.71,
        0.73,
        _ranked("scifact"),
    ),
    Target("NFCorpus, nDCG@10", "BM25 0.322, hybrid 0.345", 0.345, 0.36, _ranked("nfcorpus")),
    Target(
        "SQuAD v1.1 dev, gold paragraph, F1",
        "MiniLM-size readers 80-85",
        81,
        88,
        (("squad-dev", "measures", "test", "F1"),),
    ),
    Target(
        "SQuAD 1k open, F1 of the first quote's highlight",
        "-",
        68,
        74,
        (("squad-1k-answers", "measures", "test", "F1"),),
    ),
    Target("WikiQA test, MAP", "BM25 0.61", 0.80, 0.86, (("wikiqa", "measures", "test", "MAP"),)),
    Target(
        "Unanswerable AUROC, SQuAD 1k open with and without the gold paragraph",
        "-",
        0.80,
        0.92,
        (("squad-1k-abstention", "measures", "test", "AUROC"),),
    ),
    Target(
        "Role-swapped pairs, right question scored higher",
        "cosine: about chance",
        0.88,
        0.95,
        (("role-pairs", "measures", "test", "right one higher"),),
    ),
    Target(
        "Role-swapped pairs, swapped question not answered",
        "-",
        0.80,
        0.90,
        (("role-pairs", "measures", "test", "swapped one not answered"),),
    ),
    Target(
        "Matched set, AUROC of answerable questions, worst of four cells",
        "word overlap: see the set",
        0.75,
        0.85,
        (("matched", "measures", "reader", "AUROC, worst of four cells"),),
    ),
    Target(
        "The same question in other forms, same state and first quote",
        "-",
        0.85,
        0.95,
        (("invariance", "measures", "test", "same state and first quote"),),
    ),
    Target(
        "Marks that reverse the meaning",
        "-",
        0.02,
        0.0,
        (("reversals", "measures", "test", "marks that reverse the meaning, shown"),),
        lower=True,
    ),
    *_news_targets(),
    Target(
        "Citations found at their place in their file",
        "0.51-0.75 in the best LLM engines",
        1.0,
        1.0,
        (("squad-1k-answers", "measures", "test", "citation validity"),),
    ),
    Target(
        "Read 20 passages, times faster than a CrossEncoder of the same size",
        "1",
        2,
        4,
        (("time", "measures", "test", "times faster"),),
    ),
    Target(
        "Cold `ask`, times faster than `import sentence_transformers`",
        "1",
        6,
        6,
        (("speed", "cold_start", "times_faster"),),
    ),
    Target(
        "Cold `ask`, seconds", "-", 1.8, 1.2, (("speed", "cold_start", "ask_seconds"),), lower=True
    ),
    Target(
        "Article in a web page, F1 (held-out half)",
        "trafilatura 0.958",
        0.96,
        0.96,
        (("extraction", "measures", "held out", "F1"),),
    ),
    Target(
        "Article in saved text with menus, mean F1 of three tools' texts (held-out half)",
        "html2text 0.66",
        0.80,
        0.92,
        (("saved-text", "measures", "held out", "mean F1"),),
    ),
    Target(
        "The same, recall",
        "-",
        0.90,
        0.90,
        (("saved-text", "measures", "held out", "mean recall"),),
    ),
    Target(
        "Copies of one report, F1 (held-out half)",
        "-",
        0.92,
        0.92,
        (("copies", "measures", "held out", "F1"),),
    ),
    Target(
        "Different reports joined as copies, share (held-out half)",
        "-",
        0.01,
        0.01,
        (("copies", "measures", "held out", "different reports joined"),),
        lower=True,
    ),
    Target(
        "Dates of web pages, right (held-out half)",
        "htmldate 0.860 fast, 0.907 extensive",
        0.86,
        0.90,
        (("dates", "measures", "held out", "right"),),
    ),
    Target(
        "Dates of web pages, wrong (held-out half)",
        "htmldate 0.077 fast, 0.093 extensive",
        0.08,
        0.05,
        (("dates", "measures", "held out", "wrong"),),
        lower=True,
    ),
)


def reached(target: Target, sets: Mapping[str, Any]) -> tuple[str, Mapping[str, float]] | None:
    """Return the measure and its mode ("" if there are none); None if not measured.

    Args:
        target: to look up.
        sets: entries by set; `speed` holds the results of `python -m benchmarks`.
    """
    for path in target.paths:
        found: Any = sets
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        if found is not None:
            measure = found if isinstance(found, Mapping) else {"value": float(found)}
            return next((mode for mode in MODES_BY_QUALITY if mode in path), ""), measure
    return None


def rows(sets: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield rows of measure, reference, floor, goal, value and verdict."""
    for target in TARGETS:
        found = reached(target, sets)
        shown = ("not measured", "")
        if found is not None:
            mode, measure = found
            shown = (
                f"{with_interval(measure)}{f' ({mode})' if mode else ''}",
                _verdict(measure, target),
            )
        yield (target.measure, target.reference, f"{target.floor:g}", f"{target.goal:g}", *shown)


def with_interval(measure: Mapping[str, float]) -> str:
    """Format a value with its 95 % interval, if it has one.

    >>> with_interval({"value": 0.7123, "low": 0.68, "high": 0.74})
    '0.712 [0.680, 0.740]'
    >>> with_interval({"value": 0.5, "of": 100})
    '0.5'
    """
    digits = 1 if "of" in measure or abs(measure["value"]) > 1 else 3
    value = f"{measure['value']:.{digits}f}"
    if "low" not in measure:
        return value
    return f"{value} [{measure['low']:.{digits}f}, {measure['high']:.{digits}f}]"


def _verdict(measure: Mapping[str, float], target: Target) -> str:
    sign = -1 if target.lower else 1
    for bound, verdict in ((target.goal, "goal"), (target.floor, "floor")):
        if sign * measure["value"] >= sign * bound:
            return verdict
    return "below the floor"
