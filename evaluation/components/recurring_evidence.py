"""Sentences of evidence that cleaning removes from relevant articles; there should be none.

Evidence is paraphrased: a text contains a sentence if it has half of its runs of four words.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from indexer.build.passages import sentences
from indexer.cleaning.cleaner import clean
from indexer.documents import Region, Span
from indexer.recurring.lines import NO_LINES, RecurringLines

_NGRAM = 4
_SHARE = 0.5
_WORD = re.compile(r"\w+")
_Run = tuple[str, ...]


class Article(NamedTuple):
    """Article of a collection, with its title first as in a build."""

    article_id: str
    outlet: str
    text: str


class Evidence(NamedTuple):
    """Occurrences of evidence: all, removed without, and with learned lines."""

    places: int
    before: int
    after: int


def evidence_left_out(
    articles: Iterable[Article], questions: Path, learned: RecurringLines
) -> Evidence:
    """Count occurrences of evidence in relevant articles.

    Args:
        articles: of all collections.
        questions: file of questions with evidence.
        learned: recurring lines.
    """
    wanted: dict[str, list[set[_Run]]] = {}
    for row in questions.read_text("utf-8").splitlines():
        question = json.loads(row)
        evidence = _sentences(question["context"])
        for article_id in question["silver_relevant"]:
            wanted.setdefault(article_id, []).extend(evidence)
    places = before = after = 0
    for article in articles:
        found = _standing(wanted.get(article.article_id, []), article.text)
        if not found:
            continue
        places += len(found)
        lines = learned.of(article.outlet)
        before += len(
            _standing(found, _removed(article.text, clean(article.text, NO_LINES).regions))
        )
        after += len(_standing(found, _removed(article.text, clean(article.text, lines).regions)))
    return Evidence(places, before, after)


def _sentences(context: str) -> list[set[_Run]]:
    spans = sentences(context, Span(0, len(context)))
    return [runs for span in spans if (runs := _runs(span.slice(context)))]


def _standing(evidence: list[set[_Run]], text: str) -> list[set[_Run]]:
    """Return the sentences contained in a text."""
    if not evidence or not text:
        return []
    runs = _runs(text)
    return [each for each in evidence if len(each & runs) >= _SHARE * len(each)]


def _removed(text: str, regions: Iterable[Region]) -> str:
    return "\n".join(text[region.start : region.end] for region in regions if not region.kept)


def _runs(text: str) -> set[_Run]:
    words = _WORD.findall(text.casefold())
    return {tuple(words[i : i + _NGRAM]) for i in range(len(words) - _NGRAM + 1)}
