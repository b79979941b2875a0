"""Which questions, with which passages, is the baseline reader fitted and measured on?

In: the folder of evaluation data. Out: `Task`s: a question, candidate passages, and which of their
sentences answer. Nothing of a test set is read unless a function's name says so.
"""

import csv
import json
import lzma
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from indexer.analyzer import content_terms, terms
from indexer.documents import Passage, Span
from indexer.passages import sentences
from indexer.store import StoredPassage
from retrieval.question_form import names

K1, B = 1.2, 0.75
CANDIDATES = 10
SENTENCES_A_PASSAGE = 5
SQUAD_FIT_ARTICLES, SQUAD_DEV_ARTICLES = 40, 15
NEWS_ARTICLES, NEWS_CHARACTERS = 8_000, 3_000


@dataclass(frozen=True, slots=True)
class Task:
    """A question and its candidates; `gold` holds (passage number, sentence number) that answer.

    `unclear` holds sentences with the answer's words elsewhere: neither right nor wrong.
    """

    source: str
    question: str
    passages: tuple[StoredPassage, ...]
    gold: frozenset[tuple[int, int]]
    unclear: frozenset[tuple[int, int]] = frozenset()


def order(text: str) -> int:
    """Return a number that shuffles reproducibly and halves `newsqa` (even: development)."""
    return int(sha256(text.encode()).hexdigest()[:8], 16)


def stored(doc_id: str, text: str, spans: Sequence[Span], title: str = "") -> StoredPassage:
    """Return a passage of the text from its first to its last sentence."""
    first, last = spans[0].start, spans[-1].end
    return StoredPassage(
        Passage(doc_id, first, last, "body", tuple(spans)), text[first:last], title
    )


def passages_of(doc_id: str, text: str) -> list[StoredPassage]:
    """Cut a text into passages of a few sentences."""
    spans = sentences(text, Span(0, len(text)))
    step = SENTENCES_A_PASSAGE
    return [
        stored(doc_id, text, spans[number : number + step]) for number in range(0, len(spans), step)
    ]


class Pool:
    """Passages that BM25 searches, so that the candidates are as hard as in use."""

    def __init__(self, passages: Sequence[StoredPassage]) -> None:
        self.passages = passages
        vectorizer = CountVectorizer(analyzer=terms)
        counts = vectorizer.fit_transform(
            f"{found.title}\n{found.text}" for found in passages
        ).tocsc()
        self._columns: dict[str, int] = vectorizer.vocabulary_
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        df = np.diff(counts.indptr)
        idf = np.log1p((len(passages) - df + 0.5) / (df + 0.5))
        norm = K1 * (1 - B + B * lengths / lengths.mean())
        tf = counts.data.astype(np.float64)
        counts.data = tf * (K1 + 1) / (tf + norm[counts.indices])
        counts.data *= np.repeat(idf, df)
        self._weights = counts

    def search(self, question: str, depth: int) -> list[StoredPassage]:
        """Return the best passages; ties in the order of the pool."""
        columns = [self._columns[term] for term in content_terms(question) if term in self._columns]
        scores: NDArray[np.float64] = np.asarray(self._weights[:, columns].sum(axis=1)).ravel()
        return [self.passages[row] for row in np.argsort(-scores, kind="stable")[:depth]]


def _holding(
    passages: Iterable[StoredPassage], answer: str
) -> Iterator[tuple[StoredPassage, int, int]]:
    """Yield the sentences that contain the answer, as (passage, its number, sentence number)."""
    wanted = answer.casefold()
    for number, found in enumerate(passages):
        for place, span in enumerate(found.passage.sentences):
            start = found.passage.start
            if wanted in found.text[span.start - start : span.end - start].casefold():
                yield found, number, place


def _task(
    source: str, question: str, found: Sequence[StoredPassage], gold: StoredPassage, answer: str
) -> Task:
    """Return a task; without gold when the search missed it, since no reader would see it then.

    To add it would teach the reader that what BM25 ranks low is right.
    """
    held = list(_holding(found, answer))
    right = frozenset((number, place) for passage, number, place in held if passage is gold)
    others = frozenset((number, place) for passage, number, place in held if passage is not gold)
    return Task(source, question, tuple(found), right, others)


def without_gold(task: Task) -> Task:
    """Return the same question with every passage left out that holds the answer's words."""
    holding = {number for number, _ in task.gold | task.unclear}
    kept = tuple(found for number, found in enumerate(task.passages) if number not in holding)
    return Task(f"{task.source} without", task.question, kept, frozenset())


@cache
def _squad_pool(folder: Path, *, fit: bool) -> tuple[Pool, list[tuple[str, str, str, int]]]:
    """Return paragraphs, and questions as (id, question, answer, number of the paragraph)."""
    with lzma.open(folder / "squad" / "train-v1.1.unambiguous.json.xz", "rt") as file:
        articles = sorted(json.load(file)["data"], key=lambda article: order(article["title"]))
    last = SQUAD_FIT_ARTICLES + SQUAD_DEV_ARTICLES
    chosen = articles[:SQUAD_FIT_ARTICLES] if fit else articles[SQUAD_FIT_ARTICLES:last]
    paragraphs: list[StoredPassage] = []
    asked: list[tuple[str, str, str, int]] = []
    for article in chosen:
        title = article["title"].replace("_", " ")
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            asked.extend(
                (qa["id"], qa["question"], qa["answers"][0]["text"], len(paragraphs))
                for qa in paragraph["qas"]
            )
            doc_id = f"{title}:{len(paragraphs)}"
            paragraphs.append(stored(doc_id, text, sentences(text, Span(0, len(text))), title))
    return Pool(paragraphs), sorted(asked, key=lambda item: order(item[0]))


def squad(folder: Path, *, fit: bool, questions: int) -> list[Task]:
    """Return SQuAD train questions with paragraphs that BM25 ranks high among some articles."""
    pool, asked = _squad_pool(folder, fit=fit)
    tasks = [
        _task("squad", question, pool.search(question, CANDIDATES), pool.passages[gold], answer)
        for _, question, answer, gold in asked[:questions]
    ]
    return [task for task in tasks if task.gold]


def elsewhere(folder: Path, tasks: Sequence[Task]) -> list[Task]:
    """Return the same questions asked of another corpus, where nothing bears on them.

    Encyclopedia questions are asked of news, news questions of an encyclopedia.
    """
    encyclopedia, _ = _squad_pool(folder, fit=True)
    pools = {"squad": Pool(_old_news(folder)), "news": encyclopedia}
    return [
        Task(
            f"{task.source} elsewhere",
            task.question,
            tuple(pools[task.source].search(task.question, CANDIDATES)),
            frozenset(),
        )
        for task in tasks
    ]


def changed(tasks: Sequence[Task]) -> list[Task]:
    """Return unanswerable twins: two names of the question swapped, or one replaced.

    The passages stay, so only the question's names tell them apart.
    """
    twins = []
    for number, task in enumerate(tasks):
        question = task.question
        spans = list(names(question))
        if len(spans) > 1 and len(question[spans[0].end : spans[1].start].split()) > 1:
            first, second = spans[0], spans[1]
            swapped = (
                question[: first.start]
                + second.slice(question)
                + question[first.end : second.start]
                + first.slice(question)
                + question[second.end :]
            )
            twins.append(Task(f"{task.source} swapped", swapped, task.passages, frozenset()))
        elif spans and (other := next(names(tasks[number - 1].question), None)):
            name = other.slice(tasks[number - 1].question)
            replaced = question[: spans[0].start] + name + question[spans[0].end :]
            if name not in question:
                twins.append(Task(f"{task.source} replaced", replaced, task.passages, frozenset()))
    return twins


def news_test_and_development(folder: Path) -> tuple[list[Task], list[Task]]:
    """Return (test, development) news questions whose evidence stands among older news.

    Each half's evidence is searched together with passages of 2012 to 2020, years before the
    questions: there they have no answer.
    """
    with (folder / "newsqa" / "extractive_2022_2024.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    # A repeated question follows its first id, so that no question is on both sides.
    halves: dict[str, int] = {}
    for row in rows:
        halves.setdefault(row["question"], order(row["id"]) % 2)
    development = [row for row in rows if halves[row["question"]] == 0]
    test = [row for row in rows if halves[row["question"]] == 1]
    return _news_tasks(folder, test), _news_tasks(folder, development)


def _news_tasks(folder: Path, rows: Sequence[dict[str, Any]]) -> list[Task]:
    pairs = [(row, sentences(row["context"], Span(0, len(row["context"])))) for row in rows]
    pairs = [(row, spans) for row, spans in pairs if spans]
    evidence = [stored(row["id"], row["context"], spans) for row, spans in pairs]
    pool = Pool([*evidence, *_old_news(folder)])
    tasks = [
        _task(
            "news",
            row["question"],
            pool.search(row["question"], CANDIDATES),
            gold,
            row["answers"][0]["text"],
        )
        for (row, _), gold in zip(pairs, evidence, strict=True)
    ]
    return [task for task in tasks if task.gold]


@cache
def _old_news(folder: Path) -> tuple[StoredPassage, ...]:
    with lzma.open(folder / "news" / "allsides_articles.jsonl.xz", "rt") as file:
        articles = [json.loads(line) for line in file]
    articles.sort(key=lambda article: order(article["id"]))
    return tuple(
        passage
        for article in articles[:NEWS_ARTICLES]
        for passage in passages_of(article["id"], article["text"][:NEWS_CHARACTERS])
    )


def sentence_selection(path: Path) -> list[Task]:
    """Return the questions of an answer-sentence file; each candidate is a passage of its own."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    tasks = []
    for qid, group in groupby(rows, key=lambda row: row["qid"]):
        listed = list(group)
        passages = tuple(
            _lone(f"{qid}-{place}", row["sentence"]) for place, row in enumerate(listed)
        )
        gold = frozenset((place, 0) for place, row in enumerate(listed) if row["label"] == "1")
        tasks.append(Task(path.parent.name, listed[0]["question"], passages, gold))
    return tasks


def _lone(doc_id: str, sentence: str) -> StoredPassage:
    return stored(doc_id, sentence, [Span(0, len(sentence))])


def lower_cased(tasks: Sequence[Task]) -> list[Task]:
    """Return the tasks with their questions as many people type them: lower case, no mark."""
    return [
        Task(
            task.source, task.question.lower().rstrip("? "), task.passages, task.gold, task.unclear
        )
        for task in tasks
    ]
