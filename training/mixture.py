"""The stream that reader-2 is trained on: SQuAD, hard negatives, news, roles, by fixed shares.

In: the folder of data, a seed. Out: an endless stream of `Example`s, the same for the same seed.
Each source gives its share of all characters, whatever its size; small ones come round again, with
other questions, negatives and passages each time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random

from indexer.text.analyzer import content_terms
from training.examples import as_typed, examples, synthetic_groups
from training.lookalikes import Numbers, by_words, kept
from training.material import Example, Material
from training.near_misses import dated_pair, of_other_type
from training.reader_data import (
    Article,
    Row,
    as_squad,
    held_out,
    load_articles,
    load_rows,
    without,
)
from training.squad import TrainingDataError
from training.twins import Pair, gap_pairs, role_pairs, squad2_pairs, time_pairs

# Shares of the characters read.
SHARES = {
    "squad": 0.36,
    "squad2": 0.25,
    "qamr": 0.12,
    "roles": 0.05,
    "role_twins": 0.05,
    "synthetic": 0.07,
    "discourse": 0.02,
    "times": 0.01,
    "gaps": 0.02,
    "queries": 0.025,
    "tales": 0.025,
}
# Questions of a paragraph that one turn of a dense set asks: news first.
NEWS_QUESTIONS, OTHER_QUESTIONS = 20, 10
DATED = 0.3  # how often a date is added to a question where that can be done
OTHER_TYPE = 0.4  # how often a question that names a type is asked for another
_FEWEST_WORDS = 2  # words with content of a question worth asking
_CLUMSY = "roles-qanom:"  # questions about nouns
_GROUPS = 500  # groups of synthetic examples a turn

Turn = Callable[[int], Iterator[Example]]


@dataclass(frozen=True, slots=True)
class _Dense:
    """Questions in SQuAD's shape, and how many a turn asks of each paragraph."""

    material: Material
    most: tuple[int, ...]


class Mixture:
    """All sources, read once; `examples` may be called again and gives the same."""

    def __init__(self, folder: Path, material: Material, cache: Path) -> None:
        """Read the sets and rank lookalikes by words, which a cache folder keeps.

        Raises:
            TrainingDataError: when a file is missing or broken.
        """
        left_out = held_out(folder)
        rows = {name: without(load_rows(folder, name), left_out) for name in _SETS}
        articles = [
            article
            for article in load_articles(folder)
            if article.document not in left_out.documents
        ]
        seed = material.seed

        def dense(name: str, chosen: Sequence[Row], others: Sequence[Article] = ()) -> _Dense:
            return _dense(name, chosen, others, cache, seed)

        named = [row for row in rows["qasrl_roles"] if not row.id.startswith(_CLUMSY)]
        times = [row for row in rows["timeqa"] if row.answer is not None]
        self._seed = seed
        self._turns: dict[str, Turn] = {
            "squad": lambda turn: _near(examples(material, turn, synthetic_share=0), seed, turn),
            "squad2": lambda turn: _paired(
                squad2_pairs(rows["squad2_negatives"], material.squad, turn), seed, turn
            ),
            "qamr": _asking(dense("qamr", [r for r in rows["qamr"] if _is_full(r)], articles)),
            "roles": _asking(dense("qasrl_roles", named, articles)),
            "role_twins": lambda turn: _paired(role_pairs(rows["qasrl_roles"], turn), seed, turn),
            "synthetic": lambda turn: _synthetic(seed, turn),
            "discourse": _asking(dense("qadiscourse", rows["qadiscourse"], articles)),
            "times": _both(
                _asking(dense("timeqa", times)),
                lambda turn: _paired(time_pairs(rows["timeqa"], turn), seed, turn),
            ),
            "gaps": lambda turn: _paired(gap_pairs(rows["qasrl_bank"], turn), seed, turn),
            "queries": _asking(dense("qed_nq", rows["qed_nq"])),
            "tales": _asking(dense("fairytaleqa", rows["fairytaleqa"])),
        }

    def examples(self, epoch: int) -> Iterator[Example]:
        """Yield examples without end; the source furthest behind its share gives the next."""
        streams = {name: _endless(name, turn, epoch) for name, turn in self._turns.items()}
        given = dict.fromkeys(streams, 0.0)
        while True:
            name = min(given, key=lambda source: given[source] / SHARES[source])
            example = next(streams[name])
            given[name] += len(example.question) + len(example.title) + len(example.passage)
            yield example


_SETS = (
    "squad2_negatives",
    "qamr",
    "qasrl_roles",
    "qasrl_bank",
    "qadiscourse",
    "timeqa",
    "qed_nq",
    "fairytaleqa",
)
_TURNS_OF_AN_EPOCH = 1_000


def _endless(name: str, turn: Turn, epoch: int) -> Iterator[Example]:
    for number in count(epoch * _TURNS_OF_AN_EPOCH):
        empty = True
        for example in turn(number):
            empty = False
            yield example
        if empty:
            raise TrainingDataError(
                f"the source {name} has no questions left after what is held out; expected more "
                "articles. Name the folder of the data with --data"
            )


def _dense(
    name: str, rows: Sequence[Row], others: Sequence[Article], cache: Path, seed: int
) -> _Dense:
    squad = as_squad(rows, others)
    news = {row.context for row in rows if row.domain == "news"}
    ranked = kept(cache / f"{name}.npy", squad, lambda: by_words(squad))
    lowered = [paragraph.text.lower() for paragraph in squad.paragraphs]
    lookalikes = [
        _lacking(question.answer.slice(squad.paragraphs[question.paragraph].text), row, lowered)
        for question, row in zip(squad.questions, ranked, strict=True)
    ]
    most = tuple(
        NEWS_QUESTIONS if paragraph.text in news else OTHER_QUESTIONS
        for paragraph in squad.paragraphs
    )
    return _Dense(Material(squad, lookalikes, seed), most)


def _lacking(answer: str, ranked: Numbers, lowered: Sequence[str]) -> list[int]:
    return [int(number) for number in ranked if answer.lower() not in lowered[number]]


def _asking(dense: _Dense) -> Turn:
    """Return the turns of a dense set: each asks other questions of every paragraph."""

    def turn(number: int) -> Iterator[Example]:
        seed = dense.material.seed
        places = list(range(len(dense.material.squad.questions)))
        Random(f"{seed} {number} places").shuffle(places)
        asked = dict.fromkeys(range(len(dense.most)), 0)
        chosen = []
        for place in places:
            paragraph = dense.material.squad.questions[place].paragraph
            asked[paragraph] += 1
            if asked[paragraph] <= dense.most[paragraph]:
                chosen.append(place)
        stream = examples(dense.material, number, synthetic_share=0, places=chosen)
        return _near(stream, seed, number)

    return turn


def _near(stream: Iterator[Example], seed: int, turn: int) -> Iterator[Example]:
    """Yield a stream with near misses of time and of type between its examples."""
    random = Random(f"{seed} {turn} near")
    for example in stream:
        yield example
        if example.answer is None:
            continue
        if random.random() < DATED:
            yield from dated_pair(example, random) or ()
        if random.random() < OTHER_TYPE:
            other = of_other_type(example, random)
            if other is not None:
                yield other


def _paired(pairs: Iterator[Pair], seed: int, turn: int) -> Iterator[Example]:
    random = Random(f"{seed} {turn} typed")
    for pair in pairs:
        # Both with the same draws, so that capitals and titles do not tell them apart.
        state = random.random()
        yield from (as_typed(example, Random(state)) for example in pair)


def _synthetic(seed: int, turn: int) -> Iterator[Example]:
    random = Random(f"{seed} {turn} synthetic")
    for group in synthetic_groups(seed * 10_000 + turn, _GROUPS):
        yield from (as_typed(example, random) for example in group)


def _both(one: Turn, other: Turn) -> Turn:
    def turn(number: int) -> Iterator[Example]:
        yield from one(number)
        yield from other(number)

    return turn


def _is_full(row: Row) -> bool:
    """Tell whether a question has words enough to mean something without its passage."""
    return len(content_terms(row.question)) >= _FEWEST_WORDS
