"""Public sets and the data files they need.

The data folder is DATELINE_EVAL_DATA, by default `../shared/data` beside the repository; sets with
missing files are skipped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from evaluation.paths import REPOSITORY
from indexer.errors import DatelineError

Half = Literal["dev", "test"]
HALVES: Final[tuple[Half, ...]] = ("dev", "test")

NEWS_ARTICLES: Final = "news/realtimeqa_articles.jsonl.xz"
NEWS_QUERIES: Final = "newsqa/queries_2022_2024.jsonl"
NEWS_QRELS: Final = "newsqa/qrels_silver_2022_2024.tsv"
NEWS_EXTRACTIVE: Final = "newsqa/extractive_2022_2024.jsonl"
SQUAD_DEV: Final = "squad/dev-v1.1.json.xz"
WIKIQA: Final[Mapping[Half, str]] = MappingProxyType(
    {"dev": "as2/wikiqa/dev.tsv", "test": "as2/wikiqa/test.tsv"}
)
TRECQA_DEV: Final = "as2/trecqa/clean-dev.tsv"
PAGES: Final = "extraction/ground-truth.json"
SAVED_TEXTS: Final = "extraction/text_mode"
_NEWS_TEXTS: Final = ("news/realtimeqa_articles.jsonl.xz", "news/allsides_articles.jsonl.xz")
VERSIONS: Final = "neardup/same_url_versions_400.jsonl.xz"
DATED_PAGES: Final = "dates/eval_300.json"
ROLE_PAIRS: Final = "tests/quality/role_pairs.jsonl"
MATCHED_SET: Final = "tests/quality/matched_set.jsonl"
INVARIANCE: Final = "tests/quality/invariance.jsonl"
REVERSALS: Final = "tests/quality/reversals.jsonl"
SEED_QUESTIONS: Final = "tests/quality/seed_questions.jsonl"
OWN_SET: Final = "tests/quality/own_set"

NEWS_SIZES: Final = (5, 200, 600, 2_500, 8_000)
"""Articles of the corpora of `news-end-to-end`."""

NEWS_SIZES_BY_DEFAULT: Final = (200, 2_500)

_NEWS = (NEWS_ARTICLES, NEWS_QUERIES, NEWS_QRELS, NEWS_EXTRACTIVE)
_NEWS_READING = (NEWS_QUERIES, NEWS_EXTRACTIVE)
_OWN_FILES = tuple(f"{OWN_SET}/{file}" for file in ("corpus.jsonl", "queries.jsonl", "qrels.tsv"))


class SetError(DatelineError):
    """Unknown evaluation set."""


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Set with its report section and its files.

    `own` files are in the repository, others in the data folder. `full` sets run only on request.
    """

    name: str
    section: str
    about: str
    files: tuple[str, ...]
    own: bool = False
    full: bool = False

    def missing(self, data: Path, repository: Path = REPOSITORY) -> tuple[str, ...]:
        """Return the missing files."""
        folder = repository if self.own else data
        return tuple(name for name in self.files if not (folder / name).exists())


def _beir(name: str) -> tuple[str, ...]:
    return tuple(f"ir/{name}/{file}" for file in ("corpus.jsonl.xz", "queries.jsonl", "qrels.tsv"))


SETS: Final[tuple[EvaluationSet, ...]] = (
    EvaluationSet("scifact", "Search", "scientific claims", _beir("scifact")),
    EvaluationSet("nfcorpus", "Search", "questions on nutrition", _beir("nfcorpus")),
    EvaluationSet("squad-1k", "Search", "SQuAD questions, 20,958 paragraphs", _beir("squad_1k")),
    EvaluationSet("newsqa-8k", "Search", "news questions, 8,000 articles", _NEWS),
    EvaluationSet("newsqa", "Search", "news questions, 26,634 articles", _NEWS, full=True),
    EvaluationSet("squad-dev", "Reader alone", "SQuAD v1.1 dev, gold paragraph", (SQUAD_DEV,)),
    EvaluationSet("news-reading", "Reader alone", "news, evidence given", _NEWS_READING),
    EvaluationSet("wikiqa", "Reader alone", "WikiQA, candidate sentences", tuple(WIKIQA.values())),
    EvaluationSet("trecqa", "Reader alone", "TrecQA, candidate sentences", (TRECQA_DEV,)),
    EvaluationSet("role-pairs", "Who did it to whom", "pairs of our own", (ROLE_PAIRS,), own=True),
    EvaluationSet(
        "matched",
        "Answerable or not",
        "80 articles, 320 questions of equal word overlap",
        (MATCHED_SET,),
        own=True,
    ),
    EvaluationSet(
        "invariance",
        "The same question in other forms",
        "34 questions in 193 forms on the articles of `matched`",
        (MATCHED_SET, INVARIANCE),
        own=True,
    ),
    EvaluationSet(
        "reversals",
        "Marks that reverse the meaning",
        "228 sentences with a denial, threat or condition",
        (REVERSALS,),
        own=True,
    ),
    EvaluationSet("squad-1k-answers", "Answers", "SQuAD 1k open", _beir("squad_1k")),
    EvaluationSet("squad-1k-abstention", "When to say no", "SQuAD 1k open", _beir("squad_1k")),
    EvaluationSet("newsqa-8k-abstention", "When to say no", "news, 8,000 articles", _NEWS),
    *(
        EvaluationSet(
            f"news-end-to-end-{size}",
            "News end to end",
            f"news questions with and without their articles, {size:,} articles",
            _NEWS,
            full=size not in NEWS_SIZES_BY_DEFAULT,
        )
        for size in NEWS_SIZES
    ),
    EvaluationSet("time", "Time", "20 passages of SQuAD 1k", _beir("squad_1k")),
    EvaluationSet("extraction", "Only the article", "web pages, the article's body", (PAGES,)),
    EvaluationSet(
        "saved-text", "Only the article", "the same pages as text, menus left in", (SAVED_TEXTS,)
    ),
    EvaluationSet(
        "clean-articles",
        "Only the article",
        "texts that are articles already",
        (PAGES, *_NEWS_TEXTS),
    ),
    EvaluationSet("dates", "Dates", "web pages, the day of publication", (DATED_PAGES,)),
    EvaluationSet("copies", "Copies", "pairs of news articles", (VERSIONS, *_NEWS_TEXTS)),
    EvaluationSet("own-set", "Own text", "65 articles, 95 questions", _OWN_FILES, own=True),
    EvaluationSet("seeds", "Own text", "questions on the seeds", (SEED_QUESTIONS,), own=True),
)


def halve(
    queries: Sequence[tuple[str, str]], extractive: Sequence[tuple[str, str]]
) -> dict[str, Half]:
    """Return the half of each news question by id; no text and no id is in both halves.

    The hash of an id decides (even: dev, odd: test). Questions connected by an id or a text follow
    the first one: queries before extractive, in file order.

    Args:
        queries: (id, text) in file order.
        extractive: (id, text) in file order; may share ids with queries.
    """
    asked = [*queries, *extractive]
    ids_of: dict[str, list[str]] = {}
    texts_of: dict[str, list[str]] = {}
    for name, text in asked:
        ids_of.setdefault(text, []).append(name)
        texts_of.setdefault(name, []).append(text)
    halves: dict[str, Half] = {}
    for first, _ in asked:
        reached = [] if first in halves else [first]
        half = HALVES[order(first) % 2]
        while reached:
            name = reached.pop()
            halves[name] = half
            near = (other for text in texts_of[name] for other in ids_of[text])
            reached += [other for other in near if other not in halves]
    return halves


def order(name: str) -> int:
    """Return the first 32 bits of the SHA-256, which split the news questions.

    >>> order("20220617_9") % 2
    0
    """
    return int(sha256(name.encode()).hexdigest()[:8], 16)


def choose_articles(ids: Sequence[str], judged: frozenset[str], count: int) -> frozenset[str]:
    """Return `count` ids: all judged ones and those with the smallest SHA-256.

    Raises:
        ValueError: if more than `count` are judged.
    """
    if len(judged) > count:
        raise ValueError(f"count must be at least the {len(judged)} judged articles, got {count}")
    others = sorted(set(ids) - judged, key=lambda name: sha256(name.encode()).hexdigest())
    return judged | frozenset(others[: count - len(judged)])
