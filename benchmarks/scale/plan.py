"""Which articles make up material of a size? Whole real ones, and recombined ones beyond them.

The same source, size and seed give the same plan, whatever the order in which it is carried out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.scale.source import SourceArticle
from indexer.documents import doc_id_of


@dataclass(frozen=True, slots=True)
class PlannedArticle:
    """An article of the material.

    `passages` of `template` are taken, the first ones; `made` numbers a recombined article, None
    stands for the real one. `on_topic`: each of its passages begins as the template's does; else as
    any passage does.
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
    """Return the articles of material with exactly so many passages, in the order of doc_id.

    Real articles come first, drawn at random, whole, each once; the rest are recombined, of which
    only the last may be cut.

    Raises:
        ValueError: when there is no article to make anything from.
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
