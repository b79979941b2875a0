"""Measures of the defaults on the project's own three sets, each with the margin of its floor."""

import math
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from statistics import mean
from typing import Final, NamedTuple, TypeAlias

from evaluation import CollectionQuery, Report, evaluate, load_collection, load_questions
from evaluation.answer_run import AnswerOutcome, judge_answer
from evaluation.index_cache import EncodedCollection, encode_collection
from evaluation.measures import NDCG, measure_rankings
from evaluation.public_sets.own_sets import unanswerable_queries
from evaluation.public_sets.role_pairs import load_pairs, read_pair
from evaluation.public_sets.work import named_reader
from evaluation.question_report import Ratio
from evaluation.runs import FIRST, as_plain_text, run_mode
from indexer.build.pipeline import IndexConfig
from indexer.errors import DatelineError
from retrieval import SearchEngine
from retrieval.ranking.ranker import Mode
from retrieval.readers.open import DEFAULT_READER
from retrieval.settings import RETRIEVAL_DEPTH
from tests.support.commands import QUESTION, REPOSITORY, SEEDS

SEED_QUESTIONS: Final = REPOSITORY / "tests" / "quality" / "seed_questions.jsonl"
OWN_SET: Final = REPOSITORY / "tests" / "quality" / "own_set"
ROLE_PAIRS: Final = REPOSITORY / "tests" / "quality" / "role_pairs.jsonl"
FILES: Final[Mapping[str, tuple[Path, ...]]] = {
    "seeds": (SEED_QUESTIONS, *sorted(SEEDS.iterdir())),
    "own set": tuple(sorted(OWN_SET.iterdir())),
    "role pairs": (ROLE_PAIRS,),
}
_SEARCHED: Final[tuple[Mode, ...]] = ("bm25", "hybrid")
_GRADED_MARGIN: Final = 0.01  # of measures such as nDCG
# Processors round differently, which moves a few questions across a threshold: one of a small set,
# two or three of a larger one.
_QUESTIONS_A_SLIP = 50


class Measured(NamedTuple):
    """A measure, 0 to 1, higher is better, and how far below it its floor is set."""

    value: float
    margin: float

    @property
    def floor(self) -> float:
        """The floor that this measurement allows, rounded down to four decimals."""
        # The inner rounding keeps 0.7 from becoming 0.6999.
        return max(0.0, math.floor(round((self.value - self.margin) * 10_000, 6)) / 10_000)


Measures: TypeAlias = Mapping[str, Mapping[str, Measured]]
"""By set, then by name."""


def ask_seeds(engine: SearchEngine) -> Report:
    """Ask the questions on the seeds.

    Raises:
        DatelineError: when the engine lacks its encoder or its reader.
    """
    _require_defaults(engine)
    return evaluate(engine, load_questions(SEED_QUESTIONS), SEEDS)


def measure(seeds: Report, threads: int | None = None) -> Measures:
    """Measure the own set and the role pairs, and join them with the report on the seeds.

    Raises:
        DatelineError: when the engine lacks its encoder or its reader.
    """
    return {
        "seeds": _seeds(seeds),
        "own set": _own_set(threads),
        "role pairs": _role_pairs(threads),
    }


def files_sha256(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of texts, whatever line ends a checkout gave them."""
    digest = sha256()
    for path in paths:
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _require_defaults(engine: SearchEngine) -> None:
    if warnings := engine.answer(QUESTION).warnings:
        raise DatelineError(f"Quality was not measured, since the engine warned: {warnings[0]}")


def _seeds(report: Report) -> dict[str, Measured]:
    answerable = report.answerable
    return {
        "gold in the first five hits": _share(answerable.recall),
        "gold in the first five quotes": _share(answerable.quotes),
        "first quote right, of the answered": _share(answerable.first_quote),
        "answerable, answered": _share(answerable.answered),
        "unanswerable, not answered": _share(report.unanswerable.not_answered),
        **{
            f"{kind.name.replace('_', ' ')}, not answered": _share(kind.not_answered)
            for kind in report.by_kind
            if kind.not_answered.total
        },
        "citation validity": _every(report.citations),
    }


def _own_set(threads: int | None) -> dict[str, Measured]:
    collection = load_collection(OWN_SET)
    encoded = encode_collection(collection, IndexConfig(threads=threads))
    queries, unanswerable = collection.queries, unanswerable_queries(OWN_SET / "queries.jsonl")
    with SearchEngine.open(encoded.index, threads=threads) as engine:
        _require_defaults(engine)
        rankings: dict[Mode, Sequence[Sequence[str]]] = {
            mode: run_mode(engine, queries, encoded.ids, mode).rankings for mode in _SEARCHED
        }
        asked = [_ask(engine, encoded, query) for query in queries]
        others = [(_ask(engine, encoded, query)[1], kind) for query, kind in unanswerable]
    rankings["reranked"] = [ranking for ranking, _ in asked]
    outcomes = [outcome for _, outcome in asked]
    return {
        **{
            f"nDCG@10, {mode}": Measured(
                mean(measure_rankings(queries, found)[NDCG]), _GRADED_MARGIN
            )
            for mode, found in rankings.items()
        },
        "first quote right, of the answered": _share_of(
            outcome.right for outcome in outcomes if outcome.quotes
        ),
        "answerable, answered": _share_of(outcome.state == "answered" for outcome in outcomes),
        **{
            f"{kind.replace('_', ' ')}, not answered": _share_of(
                outcome.state != "answered" for outcome, of in others if of == kind
            )
            for kind in sorted({kind for _, kind in others})
        },
        "citation validity": _valid([*outcomes, *(outcome for outcome, _ in others)]),
    }


def _ask(
    engine: SearchEngine, encoded: EncodedCollection, query: CollectionQuery
) -> tuple[list[str], AnswerOutcome]:
    """Return the documents as reranked and what became of the question, from one reading.

    The hits beside the quotes are those of a reranked search.
    """
    answer = engine.answer(
        as_plain_text(query.text), max_quotes=FIRST, k=RETRIEVAL_DEPTH, collapse=False
    )
    ranking = dict.fromkeys(encoded.ids[hit.found.passage.doc_id] for hit in answer.hits)
    return list(ranking), judge_answer(query, answer, encoded.articles, 0.0)


def _role_pairs(threads: int | None) -> dict[str, Measured]:
    reader = named_reader(DEFAULT_READER, threads).reader
    higher = [read_pair(reader, pair).higher for pair in load_pairs(ROLE_PAIRS)]
    return {"right one higher": Measured(mean(higher), _questions_margin(len(higher)))}


def _questions_margin(questions: int) -> float:
    """Return the margin of a share of questions: one of every fifty, and of those left over.

    >>> _questions_margin(20), _questions_margin(50), _questions_margin(69) == 2 / 69
    (0.05, 0.02, True)
    """
    return math.ceil(questions / _QUESTIONS_A_SLIP) / questions if questions else 0.0


def _share(ratio: Ratio) -> Measured:
    """Return a share of questions; over none it is 0, so that a floor is not reached unseen."""
    return Measured(ratio.value or 0.0, _questions_margin(ratio.total))


def _share_of(flags: Iterable[bool]) -> Measured:
    held = list(flags)
    return _share(Ratio(sum(held), len(held)))


def _valid(outcomes: Sequence[AnswerOutcome]) -> Measured:
    cited = sum(outcome.cited for outcome in outcomes)
    return _every(Ratio(cited - sum(len(outcome.invalid) for outcome in outcomes), cited))


def _every(ratio: Ratio) -> Measured:
    """Return a share that must be whole: a promise has no margin."""
    return Measured(ratio.value or 0.0, 0.0)
