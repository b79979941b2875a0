"""Rows that the calibrator is fitted on: features of first quotes, and whether they are right."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evaluation.collection import Collection, CollectionQuery
from evaluation.public_sets.news_corpora import NewsQuestions
from evaluation.public_sets.news_end_to_end import AskedQuestion, ask_all, is_right
from evaluation.public_sets.raw_answers import RawAnswer
from evaluation.public_sets.retrieval_sets import encoded
from evaluation.public_sets.sets import Half
from evaluation.public_sets.work import Work
from training.answer_features import features_of
from training.squad import load_squad

SQUAD = "squad"


@dataclass(frozen=True, slots=True)
class Row:
    """First quote of one raw answer.

    `group` names domain and size; `answerable` is False where the judged articles were left out;
    `score` and `answered` are those of the product without a calibrator.
    """

    group: str
    half: Half
    question: str
    answerable: bool
    right: bool
    answered: bool
    score: float
    features: tuple[float, ...]


def news_rows(work: Work, sizes: Sequence[int], halves: Sequence[Half] = ("dev",)) -> list[Row]:
    """Ask the news questions of some halves over corpora of each size."""
    news = NewsQuestions.load(work.data)
    found: list[Row] = []
    for size in sizes:
        for name, collection in news.corpora(size, work.limit):
            asked = [query for query in collection.queries if news.halves[query.id] in halves]
            if asked:
                kept = Collection(name, collection.documents, tuple(asked))
                for each in ask_all(work, name, encoded(work, kept)):
                    half = news.halves[each.query.id]
                    found += rows_of(f"news-{size}", half, each, size)
    return found


def squad_rows(work: Work) -> list[Row]:
    """Ask about the SQuAD articles held out from training, whose paragraphs are the corpus."""
    collection = squad_collection(work.data, work.limit)
    asked = ask_all(work, collection.name, encoded(work, collection))
    size = len(collection.documents)
    return [row for each in asked for row in rows_of(SQUAD, "dev", each, size)]


def squad_collection(data: Path, limit: int | None = None) -> Collection:
    """Return the held-out paragraphs as articles, and the first questions about them."""
    squad = load_squad(data, held_out=True)
    names = [f"squad-{number}" for number in range(len(squad.paragraphs))]
    queries, grades = [], {}
    for asked in squad.questions[:limit]:
        answer = asked.answer.slice(squad.paragraphs[asked.paragraph].text)
        queries.append(CollectionQuery(asked.id, asked.text, (answer,)))
        grades[asked.id] = {names[asked.paragraph]: 1}
    documents = [
        (name, paragraph.title, paragraph.text)
        for name, paragraph in zip(names, squad.paragraphs, strict=True)
    ]
    return Collection.of("squad-held-out", documents, queries, grades)


def rows_of(group: str, half: Half, asked: AskedQuestion, articles: int) -> Iterator[Row]:
    """Yield the rows of one question; an answer without a quote has none.

    Without the judged articles a quote that is right is left out: other articles answer.
    """
    both: Iterable[tuple[RawAnswer, bool]] = ((asked.own, True), (asked.without, False))
    for raw, answerable in both:
        if not raw.answer.quotes:
            continue
        first = raw.answer.quotes[0].citation
        right = is_right(first.quote, first.highlight, asked.query.answers)
        if answerable or not right:
            yield Row(
                group,
                half,
                asked.query.id,
                answerable,
                right,
                raw.state == "answered",
                raw.score,
                tuple(features_of(asked.query.text, raw, articles)),
            )


def save_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write rows as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(asdict(row))}\n" for row in rows), encoding="utf-8")


def load_rows(path: Path) -> list[Row]:
    """Read rows that `save_rows` wrote."""
    read = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [Row(**row | {"features": tuple(row["features"])}) for row in read]
