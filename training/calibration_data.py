"""Calibration tasks: development questions with the passages that BM25 finds for each.

SQuAD articles held out from training, and the development half of the news questions, whose
evidence stands among older news.
"""

import json
import lzma
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from indexer.build.passages import sentences
from indexer.documents import Passage, Span
from indexer.lexical.index import TantivyIndex
from indexer.lexical.writer import LexicalWriter, passage_texts
from indexer.store import StoredPassage
from indexer.text.analyzer import content_terms, fold
from retrieval.answering.parties import swapped
from training import changed_questions
from training.news_questions import development_questions
from training.squad import load_squad, order, reading

READ = 20
SQUAD_QUESTIONS = 500
NEWS_QUESTIONS = 500
OLD_ARTICLES, OLD_CHARACTERS = 6_000, 3_000
SENTENCES_A_PASSAGE = 5


@dataclass(frozen=True, slots=True)
class Task:
    """A question and passages; `gold` is the number of the one that is known to answer.

    None when it was not found or was taken out; other passages may hold the answer's words too.
    """

    question: str
    passages: tuple[StoredPassage, ...]
    gold: int | None
    answer: str
    answerable: bool = True

    def holds(self, number: int, span: Span) -> bool:
        """Tell whether a span of a passage holds the answer's words; none does of what has none."""
        if not self.answerable:
            return False
        stored = self.passages[number]
        start = stored.passage.start
        return (
            self.answer.casefold() in stored.text[span.start - start : span.end - start].casefold()
        )

    def without_answer(self) -> "Task":
        """Return the question with every passage taken out that holds the answer's words."""
        kept = tuple(
            stored
            for stored in self.passages
            if self.answer.casefold() not in stored.text.casefold()
        )
        return replace(self, passages=kept, gold=None, answerable=False)

    def changed(self, random: Random) -> "Task | None":
        """Return a question that the same passages no longer answer; None where none can be made.

        Two names are swapped, else a number or a word is changed into another.
        """
        question = (
            swapped(self.question)
            or changed_questions.renumbered(self.question, random)
            or changed_questions.reversed_meaning(self.question, random)
        )
        if question is None or self.gold is None:
            return None
        gold = (self.passages[self.gold],)
        return Task(question, gold, None, self.answer, answerable=False)


class Pool:
    """Passages that BM25 searches, so that what is read is as hard as in use."""

    def __init__(self, passages: Sequence[StoredPassage], folder: Path) -> None:
        """Index the passages in a folder that must stay as long as they are searched."""
        self._passages = passages
        with LexicalWriter(folder) as writer:
            for stored in passages:
                folded = fold(stored.text)
                writer.add([passage_texts(stored.heading, stored.text, folded)])
            writer.commit()
        self._index = TantivyIndex(folder)

    def search(self, question: str) -> list[StoredPassage]:
        """Return the best passages."""
        found = self._index.search(content_terms(question), READ)
        return [self._passages[row] for row, _ in found]


@contextmanager
def searched(passages: Sequence[StoredPassage]) -> Iterator[Pool]:
    """Return the passages' pool, whose files are removed at the end."""
    with tempfile.TemporaryDirectory() as folder:
        yield Pool(passages, Path(folder))


def squad_tasks(folder: Path) -> list[Task]:
    """Return questions about held-out articles, whose paragraphs are searched with all others."""
    held_out, others = load_squad(folder, held_out=True), load_squad(folder, held_out=False)
    own = [
        _stored(f"squad-{number}", paragraph.text, paragraph.sentences, paragraph.title)
        for number, paragraph in enumerate(held_out.paragraphs)
    ]
    rest = [
        _stored(f"other-{number}", paragraph.text, paragraph.sentences, paragraph.title)
        for number, paragraph in enumerate(others.paragraphs[::4])
        if paragraph.sentences
    ]
    with searched([*own, *rest]) as pool:
        return [
            _task(pool, question.text, own[question.paragraph], question.answer.slice(gold.text))
            for question in held_out.questions[:SQUAD_QUESTIONS]
            for gold in [held_out.paragraphs[question.paragraph]]
        ]


def news_tasks(folder: Path) -> list[Task]:
    """Return the development half of the news questions; their evidence is among older news."""
    asked = development_questions(folder)
    evidence = [_whole(each.id, each.evidence) for each in asked]
    with searched([*evidence, *_old_news(folder)]) as pool:
        return [
            _task(pool, each.question, gold, each.answer.slice(each.evidence))
            for each, gold in zip(asked[:NEWS_QUESTIONS], evidence, strict=False)
        ]


def _task(pool: Pool, question: str, gold: StoredPassage, answer: str) -> Task:
    found = pool.search(question)
    place = next((n for n, stored in enumerate(found) if stored is gold), None)
    return Task(question, tuple(found), place, answer)


def _old_news(folder: Path) -> list[StoredPassage]:
    path = folder / "news" / "allsides_articles.jsonl.xz"
    with (
        reading(path, "news articles with id, title and text, one JSON object a line"),
        lzma.open(path, "rt", encoding="utf-8") as file,
    ):
        rows = [json.loads(line) for line in file]
        articles = [(row["id"], row["title"] or "", row["text"][:OLD_CHARACTERS]) for row in rows]
    articles.sort(key=lambda article: order(article[0]))
    passages = []
    for doc_id, title, text in articles[:OLD_ARTICLES]:
        spans = sentences(text, Span(0, len(text)))
        for first in range(0, len(spans), SENTENCES_A_PASSAGE):
            group = spans[first : first + SENTENCES_A_PASSAGE]
            passages.append(_stored(doc_id, text, group, title))
    return passages


def _whole(doc_id: str, text: str) -> StoredPassage:
    return _stored(doc_id, text, sentences(text, Span(0, len(text))), "")


def _stored(doc_id: str, text: str, spans: Sequence[Span], title: str) -> StoredPassage:
    start, end = spans[0].start, spans[-1].end
    passage = Passage(doc_id, start, end, "body", tuple(spans))
    return StoredPassage(passage, text[start:end], title or None)
