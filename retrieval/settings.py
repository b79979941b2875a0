"""Thresholds, depths and weights, each with the evidence it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which scores of a reader on is a question related to, and from which answered?"""

    related: float
    answered: float


# A quote is one to three whole sentences of at most this many code points (ARCHITECTURE.md,
# "Values").
MAX_QUOTE_CHARACTERS: Final = 600
MAX_QUOTE_SENTENCES: Final = 3

# Passages fetched from each retriever before fusion (ARCHITECTURE.md).
RETRIEVAL_DEPTH: Final = 100

# Passages that the reader reads for one question. From `python -m benchmarks.fit_ranking`: of 10,
# 20, 30 and 50 passages read, the first quote is right for 0.535, 0.538, 0.543 and 0.529 of the
# development news questions, and nDCG@10 is 0.870, 0.869, 0.870 and 0.873; 50 take 2.5 times as
# long as 20.
READ_DEPTH: Final = 20

# How many sentences the baseline reader encodes for one question. Of 20 passages (about 95
# sentences), first sentence right, on SQuAD / news development questions: 16 sentences 0.746 /
# 0.640, 24: 0.767 / 0.669, 32: 0.771 / 0.663, all: 0.773 / 0.666; 24 take a third of the time of
# all. At least one of each passage read, so not below READ_DEPTH.
ENCODED_SENTENCES: Final = 24

# Of the baseline reader, from `python -m benchmarks.fit_baseline_reader measure`, development
# questions, ten passages read. Related: 97 % of questions reach 0.6 in a corpus that answers them,
# 21 % in one on other matters. Higher would hide answers, and "related" does no harm to a reader
# who sees the passages. Answered: near the highest sum of both rates, between SQuAD (best at 0.4:
# 76 % of answerable questions answered, 21 % of those whose passage was taken out) and news (best
# at 0.2: 79 %, 31 %).
SENTENCE_THRESHOLDS: Final = Thresholds(related=0.6, answered=0.35)

# Of a model that a user names: what it gives as probabilities, at even odds. Nobody calibrated it.
NAMED_THRESHOLDS: Final = Thresholds(related=0.5, answered=0.5)

# Logistic models of a sentence's score, printed by `python -m benchmarks.fit_baseline_reader fit`
# from SQuAD train (2,000 questions, also in lower case and with names swapped or replaced), WikiQA
# and TrecQA train and dev, and the development half of the news questions. Scaled so that a score
# is the chance that a question's best sentence answers it, when every second question can be.
SENTENCE_WEIGHTS: Final[Mapping[str, float]] = {
    "intercept": -6.25,
    "cosine": 7.31,
    "coverage": 1.34,
    "names_far": -0.46,
    "pairs": 1.31,
    "length": 0.13,
    "asks": -0.52,
    "act_found": 0.49,
    "roles": 0.39,
    "person_missing": -1.04,
    "time_missing": -1.58,
    "number_missing": -2.25,
    "place_missing": -0.44,
}
SENTENCE_WEIGHTS_WITHOUT_VECTORS: Final[Mapping[str, float]] = {
    "intercept": -3.04,
    "coverage": 4.48,
    "names_far": -0.70,
    "pairs": 1.78,
    "length": -0.16,
    "asks": -0.60,
    "act_found": 0.41,
    "roles": 0.53,
    "person_missing": -1.47,
    "time_missing": -1.75,
    "number_missing": -2.35,
    "place_missing": -0.49,
}
# Logistic models of `SentenceReader.read`'s relevance: a gold passage against the ten best that
# BM25 finds in a corpus on other matters (800 development questions, SQuAD and news in halves).
RELEVANCE_WEIGHTS: Final[Mapping[str, float]] = {
    "intercept": -10.69,
    "cosine": 22.17,
    "best_coverage": 1.51,
    "names_far": -0.60,
    "pairs": 3.63,
}
RELEVANCE_WEIGHTS_WITHOUT_VECTORS: Final[Mapping[str, float]] = {
    "intercept": -2.23,
    "best_coverage": 4.88,
    "names_far": -0.59,
    "pairs": 7.49,
}

# What the trained reader was trained with (training/): a question's tokens at most, a title's, a
# window's with its three or four marks, the passage tokens that two windows share, and a span's.
QUESTION_TOKENS: Final = 64
TITLE_TOKENS: Final = 24
WINDOW_TOKENS: Final = 256
WINDOW_OVERLAP: Final = 64
SPAN_TOKENS: Final = 32

# Logistic models over the trained reader's logits: weight of the relevance, weight of (all spans -
# no answer), intercept. Printed by `python -m training.calibrate retrieval/models/reader-1.onnx`:
# 500 questions each about SQuAD articles held out from training and of the news development half,
# 20 passages that BM25 finds for each, also without those that hold the answer, and with names
# swapped or numbers changed. Expected calibration error there: SQuAD 0.046, news 0.056.
READER_EVIDENCE_WEIGHTS: Final = (0.162, 0.257, -1.306)
READER_RELEVANCE_WEIGHTS: Final = (0.672, 0.132, 0.616)
# From the same run. Related: 98 % (SQuAD) and 92 % (news) of answerable questions reach 0.3.
# Answered: what is withheld is still shown as related, so a wrong answer counts one and a half
# times; the sum over both sets is then highest at 0.4 (answered 85 % and 35 %, of the same
# questions without the passages that answer 18 % and 14 %). At equal cost it would be 0.3.
READER_THRESHOLDS: Final = Thresholds(related=0.3, answered=0.4)

# What the reader's relevance counts in `reranked` search, beside the fused score. From
# `python -m benchmarks.fit_ranking`, nDCG@10 (RR@10) on development news questions over 8,000
# articles: 0.863 (0.867) without, 0.869 (0.872) at 0.2, 0.864 (0.862) at 0.4, 0.827 (0.807) alone.
RELEVANCE_WEIGHT: Final = 0.2
