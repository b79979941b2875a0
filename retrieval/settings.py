"""Thresholds, depths and the weight of the reader, each with the evidence it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lowest scores of a reader at which a question counts as related, perhaps answered, answered.

    `related` is a relevance; `possible`, at most `answered`, is a score of evidence like it.
    """

    related: float
    possible: float
    answered: float


# A quote is one to three whole sentences of at most this many code points (ARCHITECTURE.md,
# "Values").
MAX_QUOTE_CHARACTERS: Final = 600
MAX_QUOTE_SENTENCES: Final = 3
# A list of demands takes several sentences; more would hide other articles.
MAX_ARTICLE_QUOTES: Final = 3

# Passages fetched from each retriever before fusion (ARCHITECTURE.md).
RETRIEVAL_DEPTH: Final = 100

# Passages that the reader reads for one question. `python -m training.ranking` on the
# development news questions: reading 10, 20, 30 and 50 passages, the first quote is right for
# 0.535, 0.538, 0.543 and 0.529 of them, and nDCG@10 is 0.870, 0.869, 0.870 and 0.873. Reading 50
# takes 2.5 times as long as reading 20.
READ_DEPTH: Final = 20

# For a model that a user names: even odds of its own probabilities, which nobody calibrated, so
# that no score below them means a possible answer.
NAMED_THRESHOLDS: Final = Thresholds(related=0.5, possible=0.5, answered=0.5)

# Limits of the trained reader, as in its training (training/): tokens of a question, of a title,
# of a window with its three or four special tokens, of the overlap of two windows, and of a span.
QUESTION_TOKENS: Final = 64
TITLE_TOKENS: Final = 24
WINDOW_TOKENS: Final = 256
WINDOW_OVERLAP: Final = 64
SPAN_TOKENS: Final = 32

# Logistic models over the trained reader's logits: weight of the relevance, weight of (all spans -
# no answer), intercept. Printed by `python -m training.calibrate retrieval/models/reader-2.onnx`
# from 500 questions about SQuAD articles held out from training and 500 of the development half of
# the news questions; 20 passages by BM25 for each, also without those that hold the answer, and
# with names swapped or numbers changed. Expected calibration error: SQuAD 0.042, news 0.050.
READER_EVIDENCE_WEIGHTS: Final = (0.180, 0.272, -1.186)
READER_RELEVANCE_WEIGHTS: Final = (0.523, 0.210, 0.970)
# Logistic model over the features of a candidate (retrieval/answering/candidates.py): the chance
# that its quote is right. Printed by `python -m training.calibrator` from development news
# questions (359 over 2,500 articles, 80 over 200, 23 over 5) and 359 about SQuAD articles held out
# from training, each also without what answers it, and 359 that SQuAD 2.0 has no answer to.
# Over five folds of questions, against the reader's own scores: first quote right for 0.724 (0.641)
# of the news questions over 2,500 articles and 0.819 (0.797) of SQuAD's; expected calibration error
# 0.070 and 0.047. "exchanged" was added to these weights and fitted apart, on 952 questions with
# two parties about held-out SQuAD paragraphs and development news, half of them exchanged: 2.2 to
# 3.1 by how many are taken to be exchanged.
READER_CALIBRATOR: Final[Mapping[str, float]] = {
    "score": 0.597,
    "score alone": -0.192,
    "relevance alone": 0.326,
    "rank": -0.447,
    "headline": 0.349,
    "wrong kind": -2.196,
    "other date": -0.399,
    "articles": -0.139,
    "exchanged": 2.0,
    "intercept": 0.149,
}
# From the same folds, over 2,500 articles: from 0.4 on 0.55 of the questions are answered rightly
# and 0.13 of those without their articles falsely; by the reader's scores it would be 0.24. What is
# possible may be right one time in four. Related: 98 % (SQuAD) and 92 % (news) of answerable
# questions reach 0.3 (`python -m training.calibrate`).
READER_THRESHOLDS: Final = Thresholds(related=0.3, possible=0.25, answered=0.4)

# Weight of the reader's relevance against the fused score in `reranked` search.
# `python -m training.ranking`, nDCG@10 (RR@10) on development news questions over 8,000
# articles: 0.863 (0.867) without, 0.869 (0.872) at 0.2, 0.864 (0.862) at 0.4, 0.827 (0.807) alone.
RELEVANCE_WEIGHT: Final = 0.2
