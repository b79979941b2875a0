"""What is run for each set?"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from benchmarks.evaluation import (
    abstention,
    answer_sets,
    copy_sets,
    own_sets,
    page_sets,
    reading_sets,
    retrieval_sets,
    role_pairs,
    timing,
)
from benchmarks.evaluation.results import Entry
from benchmarks.evaluation.work import Work

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
        "squad-1k-answers": partial(answer_sets.measure_answers, name="squad-1k"),
        "squad-1k-abstention": abstention.measure_squad,
        "newsqa-8k-abstention": abstention.measure_news,
        "time": timing.measure_reading,
        "extraction": page_sets.measure_extraction,
        "saved-text": page_sets.measure_saved_text,
        "clean-articles": page_sets.measure_clean_articles,
        "dates": page_sets.measure_dates,
        "copies": copy_sets.measure_copies,
        "own-set": own_sets.measure_own_set,
        "seeds": own_sets.measure_seeds,
    }
)
