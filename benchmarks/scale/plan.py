"""Plan of the articles of material: whole real ones, then recombined ones.

Source, size and seed determine the plan.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.scale.source import SourceArticle
from indexer.documents import doc_id_of


@dataclass(frozen=True, slots=True)
class PlannedArticle:
    """Article of the material.

    It has the first `passages` of `template`; `made` numbers a recombined article, None means real.
    `on_topic`: its passages begin like the template's, else like any passage.
    """

    doc_id: str
    path: str
    template: SourceArticle
    passages: int
    made: int | None = None
    on_topic: bool = True


# Of so many articles from one template every two share few passages; of more, most would be alike.
_ON_TOPIC = 4


def plan(articles: Sequence[SourceArticle], passages: int, seed: int) -> list[PlannedArticle]:
    """Return articles with exactly `passages` passages, in doc_id order.

    Whole real articles first, drawn at random; the rest are recombined, and only the last is cut.

    Raises:
        ValueError: if there is no article.
    """
    if not articles:
        raise ValueError("the source index has no passages; expected at least one article")
    generator = np.random.default_rng([seed, passages])
    chosen: list[PlannedArticle] = []
    left = passages
    for number in generator.permutation(len(articles)).tolist():
        template = articles[number]
        if template.passages <= left:
            chosen.append(_real(template))
            left -= template.passages
    chosen += _recombined(articles, left, generator)
    return sorted(chosen, key=lambda article: article.doc_id)


def _real(template: SourceArticle) -> PlannedArticle:
    path = f"articles.jsonl#{template.doc_id}"
    return PlannedArticle(doc_id_of(path), path, template, template.passages)


def _recombined(
    articles: Sequence[SourceArticle], left: int, generator: np.random.Generator
) -> Iterator[PlannedArticle]:
    made = 0
    while left:
        for number in generator.permutation(len(articles)).tolist():
            template = articles[number]
            path = f"articles.jsonl#recombined-{made}"
            taken = min(left, template.passages)
            on_topic = made < _ON_TOPIC * len(articles)
            yield PlannedArticle(doc_id_of(path), path, template, taken, made, on_topic)
            left -= taken
            made += 1
            if not left:
                return
