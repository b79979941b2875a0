"""Thresholds, depths and weights, each with the evidence it came from."""

from collections.abc import Mapping
from typing import Final

# A quote is one to three whole sentences of at most this many code points (design, "Values").
MAX_QUOTE_CHARACTERS: Final = 600
MAX_QUOTE_SENTENCES: Final = 3

# Passages fetched from each retriever before fusion (design, "Fusion": at least 100 a side).
RETRIEVAL_DEPTH: Final = 100

# Passages that the reader reads for one question.
READ_DEPTH: Final = 20

# How many sentences the baseline reader encodes for one question.
ENCODED_SENTENCES: Final = 32

# Provisional, set by hand until benchmarks/fit_baseline_reader.py has run.
RELATED_THRESHOLD: Final = 0.35
ANSWERED_THRESHOLD: Final = 0.5

SENTENCE_WEIGHTS: Final[Mapping[str, float]] = {
    "intercept": -5.0,
    "cosine": 5.0,
    "coverage": 2.0,
    "name_coverage": 0.5,
    "context_coverage": 0.5,
    "asks": -1.5,
    "person_missing": -0.7,
    "time_missing": -1.0,
    "number_missing": -1.0,
    "place_missing": -0.7,
    "act_found": 0.5,
    "act_missing": -0.3,
    "roles": 0.3,
}
SENTENCE_WEIGHTS_WITHOUT_VECTORS: Final[Mapping[str, float]] = {
    **SENTENCE_WEIGHTS,
    "intercept": -3.5,
    "coverage": 4.0,
    "cosine": 0.0,
}
RELEVANCE_WEIGHTS: Final[Mapping[str, float]] = {
    "intercept": -4.0,
    "cosine": 6.0,
    "coverage": 3.0,
}
RELEVANCE_WEIGHTS_WITHOUT_VECTORS: Final[Mapping[str, float]] = {
    "intercept": -2.5,
    "coverage": 5.0,
}
