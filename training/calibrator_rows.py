"""Rows that the calibrator is fitted on: candidates of one question each, and which are right."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evaluation.collection import Collection, CollectionQuery
from evaluation.public_sets.news_corpora import NewsQuestions
from evaluation.public_sets.news_end_to_end import is_right, judged_doc_ids
from evaluation.public_sets.raw_answers import Asker, opened
from evaluation.public_sets.retrieval_sets import encoded
from evaluation.public_sets.sets import Half
from evaluation.public_sets.work import Work
from retrieval.answering.candidates import Candidate
from training.reader_data import held_out, load_rows
from training.squad import load_squad

SQUAD = "squad"


@dataclass(frozen=True, slots=True)
class Row:
    """Candidates of one question, by the reader's score.

    `group` names domain and size; `answerable` is False where what answers was left out or does
    not exist. `right` and `features` have one entry a candidate.
    """

    group: str
    half: Half
    question: str
    answerable: bool
    right: tuple[bool, ...]
    features: tuple[tuple[float, ...], ...]


def news_rows(work: Work, sizes: Sequence[int], halves: Sequence[Half] = ("dev",)) -> list[Row]:
    """Ask the news questions of some halves over corpora of each size, also without answers."""
    news = NewsQuestions.load(work.data)
    found: list[Row] = []
    for size in sizes:
        for name, collection in news.corpora(size, work.limit):
            asked = [query for query in collection.queries if news.halves[query.id] in halves]
            if not asked:
                continue
            prepared = encoded(work, Collection(name, collection.documents, tuple(asked)))
            with opened(work, prepared.index) as asker:
                for query, judged in work.watched(name, judged_doc_ids(prepared)):
                    group, half = f"news-{size}", news.halves[query.id]
                    found += _with_and_without(asker, group, half, query, judged)
    return found


def squad_rows(work: Work) -> list[Row]:
    """Ask about the SQuAD articles held out from training, also what SQuAD 2.0 has no answer to."""
    collection = squad_collection(work.data, work.limit)
    prepared = encoded(work, collection)
    kept = held_out(work.data).titles
    hard = [row for row in load_rows(work.data, "squad2_negatives") if row.title in kept]
    found: list[Row] = []
    with opened(work, prepared.index) as asker:
        for query, judged in work.watched(SQUAD, judged_doc_ids(prepared)):
            found += _with_and_without(asker, SQUAD, "dev", query, judged)
        for row in work.watched("squad2", hard[:: max(1, len(hard) // len(collection.queries))]):
            unanswerable = CollectionQuery(row.id, row.question)
            candidates = asker.candidates(row.question)
            found.append(row_of(SQUAD, "dev", unanswerable, candidates, answerable=False))
    return found


def squad_collection(data: Path, limit: int | None = None) -> Collection:
    """Return the held-out paragraphs as articles, and questions about them, evenly chosen."""
    squad = load_squad(data, held_out=True)
    names = [f"squad-{number}" for number in range(len(squad.paragraphs))]
    queries, grades = [], {}
    step = max(1, len(squad.questions) // (limit or len(squad.questions)))
    for asked in squad.questions[::step][:limit]:
        answer = asked.answer.slice(squad.paragraphs[asked.paragraph].text)
        queries.append(CollectionQuery(asked.id, asked.text, (answer,)))
        grades[asked.id] = {names[asked.paragraph]: 1}
    documents = [
        (name, paragraph.title, paragraph.text)
        for name, paragraph in zip(names, squad.paragraphs, strict=True)
    ]
    return Collection.of("squad-held-out", documents, queries, grades)


def row_of(
    group: str,
    half: Half,
    query: CollectionQuery,
    candidates: Sequence[Candidate],
    *,
    answerable: bool,
) -> Row:
    """Judge the candidates of one question."""
    return Row(
        group,
        half,
        query.id,
        answerable,
        tuple(
            is_right(
                each.stored.slice(each.evidence.quote),
                each.stored.slice(each.evidence.highlight),
                query.answers,
            )
            for each in candidates
        ),
        tuple(each.features for each in candidates),
    )


def save_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write rows as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(asdict(row))}\n" for row in rows), encoding="utf-8")


def load_saved_rows(path: Path) -> list[Row]:
    """Read rows that `save_rows` wrote."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        features = tuple(tuple(each) for each in row["features"])
        found.append(Row(**row | {"right": tuple(row["right"]), "features": features}))
    return found


def _with_and_without(
    asker: Asker, group: str, half: Half, query: CollectionQuery, judged: frozenset[str]
) -> Iterator[Row]:
    """Yield the rows of a question with its articles, and without them and their copies."""
    yield row_of(group, half, query, asker.candidates(query.text), answerable=True)
    left = asker.candidates(query.text, without=asker.copies(judged))
    yield row_of(group, half, query, left, answerable=False)
