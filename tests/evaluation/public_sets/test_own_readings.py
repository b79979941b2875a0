"""The matched, invariance and reversal measures, on examples small enough to count by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from evaluation.public_sets.data import paragraph
from evaluation.public_sets.invariance import (
    Variant,
    VariedOutcome,
    VariedQuestion,
    reply_of,
)
from evaluation.public_sets.invariance import ask as ask_varied
from evaluation.public_sets.invariance import measures_of as invariance_measures
from evaluation.public_sets.matched_set import (
    MatchedQuestions,
    MatchedScores,
    bm25_scorer,
    cells_of,
    overlap_score,
    pairs_of,
    reader_scorer,
    scored,
)
from evaluation.public_sets.reversals import MarkOutcome, load_reversals, read_mark
from evaluation.public_sets.reversals import measures_of as reversal_measures
from indexer.build.pipeline import build
from indexer.documents import Span
from indexer.store import StoredPassage
from retrieval.answering.answers import Answer
from retrieval.engine import SearchEngine
from retrieval.readers.protocol import Evidence, Reading
from retrieval.settings import Thresholds

DENIAL = """\
{"id": "r1", "kind": "denial", "text": "The mayor denied that he took a boat.", "question": \
"What did the mayor take?", "naive": "a boat", "governing": ["denied"], "clause": \
"he took a boat", "least": "denied that he took a boat", "light": false}
"""


@dataclass(frozen=True, slots=True)
class MarkingReader:
    """Marks a given span of every passage with a given score; none without a span."""

    mark: Span | None
    score: float = 0.9

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(related=0.3, possible=0.4, answered=0.5)

    def warnings(self, question: str) -> tuple[str, ...]:
        return ()

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[Reading]:
        if self.mark is None:
            return [Reading(0.9, ()) for _ in passages]
        return [
            Reading(
                0.9,
                (Evidence(Span(each.passage.start, each.passage.end), self.mark, self.score),),
            )
            for each in passages
        ]


def article(doc_id: str, title: str, text: str) -> StoredPassage:
    found = paragraph(doc_id, text, title)
    assert found is not None
    return found


def questions(
    found: StoredPassage, own: tuple[str, str], other: tuple[str, str]
) -> MatchedQuestions:
    return MatchedQuestions(
        found.passage.doc_id,
        found,
        "roles",
        "Ana",
        {"own words": own[0], "paraphrased": own[1]},
        {"own words": other[0], "paraphrased": other[1]},
    )


def scores(own: tuple[float, float], other: tuple[float, float], kind: str) -> MatchedScores:
    return MatchedScores(
        kind,
        {"own words": own[0], "paraphrased": own[1]},
        {"own words": other[0], "paraphrased": other[1]},
    )


SCORES = [
    scores((0.9, 0.4), (0.6, 0.1), "roles"),
    scores((0.5, 0.2), (0.5, 0.3), "date"),
]


def test_a_cell_compares_one_wording_of_each_kind_over_all_pairs() -> None:
    values = {name: found["value"] for name, found in cells_of(SCORES).items()}
    # .9 beats .6 and .5; .5 loses against .6 and ties with .5.
    assert values["AUROC, answerable own words, unanswerable own words"] == 2.5 / 4
    assert values["AUROC, answerable own words, unanswerable paraphrased"] == 1
    assert values["AUROC, answerable paraphrased, unanswerable own words"] == 0
    assert values["AUROC, answerable paraphrased, unanswerable paraphrased"] == 3 / 4
    assert values["AUROC, worst of four cells"] == 0


def test_pairs_are_of_one_article_and_wording() -> None:
    values = {name: found["value"] for name, found in pairs_of(SCORES, 0.5).items()}
    assert values["answerable one higher"] == (1 + 1 + 0.5 + 0) / 4
    assert values["answerable one higher, roles"] == 1
    assert values["answerable one higher, date"] == 0.25
    assert values["answerable one answered"] == 2 / 4
    assert values["unanswerable one not answered"] == 2 / 4


def test_word_overlap_and_bm25_cannot_tell_questions_of_the_same_words() -> None:
    ferry = article("ferry", "Ferry sinks", "Ana accused Bo of sinking the ferry.")
    mill = article("mill", "Mill burns", "The mill burned in May.")
    asked = questions(
        ferry,
        ("Whom did Ana accuse?", "Whom does Ana blame?"),
        ("Who did accuse Ana?", "Whom does Cy blame?"),
    )
    assert overlap_score("Whom did Ana accuse?", ferry) == 1
    assert overlap_score("What sinks in winter?", ferry) == 0.5, "the title counts"
    (by_words,) = scored([asked], bm25_scorer([asked, questions(mill, ("", ""), ("", ""))]))
    assert by_words.answerable["own words"] == by_words.unanswerable["own words"] > 0
    assert by_words.answerable["own words"] > by_words.answerable["paraphrased"] > 0
    assert by_words.unanswerable["paraphrased"] == 0


def test_the_reader_scores_an_article_by_its_best_evidence() -> None:
    mill = article("mill", "Mill burns", "The mill burned in May.")
    assert reader_scorer(MarkingReader(Span(0, 3), 0.7))("When?", mill) == 0.7
    assert reader_scorer(MarkingReader(None))("When?", mill) == 0


def test_replies_are_compared_with_that_to_the_question_as_first_asked() -> None:
    outcomes = [
        VariedOutcome("answered", (("no_mark", True), ("lower_case", True), ("statement", False))),
        VariedOutcome("possible", (("no_mark", True),)),
    ]
    values = {name: found["value"] for name, found in invariance_measures(outcomes).items()}
    assert values == {
        "same state and first quote": 3 / 4,
        "same, of the answered": pytest.approx(2 / 3),
        "same in every variant": 1 / 2,
        "answered as first asked": 1 / 2,
        "answered or possible as first asked": 1,
        "same, lower case": 1,
        "same, no mark": 1,
        "same, statement": 0,
    }


def test_without_an_answer_there_is_no_share_of_the_answered() -> None:
    outcomes = [VariedOutcome("possible", (("no_mark", True),))]
    assert "same, of the answered" not in invariance_measures(outcomes)


class AnsweringEngine:
    """Gives the answers that were written down."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self._answers = answers

    def answer(self, question: str) -> Answer:
        return self._answers[question]


def test_another_first_quote_is_another_reply(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "mill.txt").write_text(
        "Mill burns\n\nThe mill at Larne burned in May. Its owner, Ivo Otway, rebuilt the mill.\n"
    )
    build(corpus, tmp_path / "index")
    with SearchEngine.open(tmp_path / "index", corpus=corpus, threads=1) as engine:
        burned, owner, missing = (
            engine.answer("When did the mill at Larne burn?", min_score=0.0),
            engine.answer("Who rebuilt the mill?", min_score=0.0),
            engine.answer("When did the mill at Larne burn?", min_score=1.0),
        )
    assert reply_of(burned)[1] is not None
    assert reply_of(burned) != reply_of(owner)
    assert reply_of(missing) == (missing.state, None)
    asked = VariedQuestion("i1", "a", (Variant("statement", "b"), Variant("no_mark", "c")))
    engine_of = AnsweringEngine({"a": burned, "b": owner, "c": burned})
    assert ask_varied(engine_of, asked) == VariedOutcome(
        "answered", (("statement", False), ("no_mark", True))
    )


@pytest.mark.parametrize(
    ("mark", "reverses"),
    [
        ("a boat", True),
        ("he took a boat", True),
        ("that he took a boat", True),
        ("denied that he took a boat", False),
        ("denied", False),
        ("The mayor", False),
    ],
)
def test_a_mark_reverses_if_it_shows_the_clause_without_what_governs_it(
    tmp_path: Path, mark: str, *, reverses: bool
) -> None:
    path = tmp_path / "reversals.jsonl"
    path.write_text(DENIAL)
    (asked,) = load_reversals(path)
    start = asked.text.index(mark)
    outcome = read_mark(MarkingReader(Span(start, start + len(mark))), asked)
    assert outcome == MarkOutcome("denial", 0.9, len(mark) / len(asked.text), reverses)
    assert read_mark(MarkingReader(None), asked) is None


def test_marks_are_counted_whatever_their_score_and_as_shown() -> None:
    outcomes = [
        MarkOutcome("denial", 0.9, 0.2, reverses=True),
        MarkOutcome("denial", 0.8, 0.6, reverses=False),
        MarkOutcome("threat", 0.1, 0.1, reverses=True),
        None,
    ]
    values = {name: found["value"] for name, found in reversal_measures(outcomes, 0.5).items()}
    assert values == {
        "shown": 2 / 4,
        "marks that reverse the meaning, all": pytest.approx(2 / 3),
        "share of the sentence marked, all": pytest.approx(0.3),
        "marks that reverse the meaning, shown": 1 / 2,
        "share of the sentence marked, shown": pytest.approx(0.4),
        "marks that reverse the meaning, denial": 1 / 2,
        "marks that reverse the meaning, threat": 1,
    }


def test_no_mark_shown_is_no_share_of_reversing_marks() -> None:
    assert reversal_measures([None], 0.5).keys() == {"shown"}
