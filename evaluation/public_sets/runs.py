"""Functions that measure each set."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from evaluation.public_sets import (
    abstention,
    component_sets,
    invariance,
    matched_set,
    news_end_to_end,
    own_sets,
    reading_sets,
    retrieval_sets,
    reversals,
    role_pairs,
    timing,
)
from evaluation.public_sets.sets import NEWS_SIZES
from evaluation.public_sets.work import Work
from evaluation.results import Entry

RUNS: Final[Mapping[str, Callable[[Work], Entry]]] = MappingProxyType(
    {
        **{
            name: partial(retrieval_sets.measure_collection, name=name)
            for name in retrieval_sets.BEIR_FOLDERS
        },
        **{
            name: partial(retrieval_sets.measure_news, name=name)
            for name in ("newsqa-8k", "newsqa")
        },
        "squad-dev": reading_sets.measure_squad,
        "wikiqa": reading_sets.measure_wikiqa,
        "trecqa": reading_sets.measure_trecqa,
        "news-reading": reading_sets.measure_news,
        "role-pairs": role_pairs.measure_pairs,
        "matched": matched_set.measure_matched,
        "invariance": invariance.measure_invariance,
        "reversals": reversals.measure_reversals,
        "squad-1k-answers": partial(retrieval_sets.measure_answers, name="squad-1k"),
        "squad-1k-abstention": abstention.measure_squad,
        "newsqa-8k-abstention": abstention.measure_news,
        **{
            f"news-end-to-end-{size}": partial(news_end_to_end.measure_news_answers, size=size)
            for size in NEWS_SIZES
        },
        "time": timing.measure_reading,
        "extraction": component_sets.measure_extraction,
        "saved-text": component_sets.measure_saved_text,
        "clean-articles": component_sets.measure_clean_articles,
        "dates": component_sets.measure_dates,
        "copies": component_sets.measure_copies,
        "own-set": own_sets.measure_own_set,
        "seeds": own_sets.measure_seeds,
    }
)
