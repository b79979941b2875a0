"""Measures of a reader whose readings are written out; no model."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from evaluation.calibration import CoveragePoint
from evaluation.collection import Collection, CollectionQuery
from evaluation.public_sets.abstention import (
    CURVE_POINTS,
    ReadQuestion,
    Twins,
    curves_of,
    holding_gold,
    measures_of,
    read_twins,
    thinned,
)
from evaluation.public_sets.data import CandidateList, SpanQuestion, paragraph, sentence
from evaluation.public_sets.own_sets import abstention_measures
from evaluation.public_sets.reading_sets import judge_span, measure_lists, rank_candidates
from evaluation.public_sets.role_pairs import PairOutcome, RolePair, read_pair
from evaluation.public_sets.role_pairs import measures_of as pair_measures
from indexer.documents import Span
from indexer.store import StoredPassage
from retrieval.readers.protocol import Evidence, Reading
from retrieval.settings import Thresholds

TEXT = "The mill burned in May. It was rebuilt by the Otway family."
FIRST, SECOND = Span(0, 23), Span(24, 59)


def passage(text: str = TEXT, doc_id: str = "mill") -> StoredPassage:
    found = paragraph(doc_id, text)
    assert found is not None
    return found


class KnownReader:
    """Gives each passage the score that was written down for the question and its document."""

    def __init__(self, scores: Mapping[tuple[str, str], float]) -> None:
        self._scores = scores

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(related=0.3, possible=0.4, answered=0.5)

    def warnings(self, question: str) -> tuple[str, ...]:
        return ()

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[Reading]:
        readings = []
        for stored in passages:
            score = self._scores.get((question, stored.passage.doc_id), 0.0)
            whole = Span(stored.passage.start, stored.passage.end)
            readings.append(Reading(score, (Evidence(whole, whole, score),) if score else ()))
        return readings


def test_the_highlight_is_judged_whatever_its_score() -> None:
    asked = SpanQuestion("q", "Who rebuilt it?", passage(), ("Otway family", "the Otway family"))
    highlight = Span(TEXT.index("the Otway"), len(TEXT) - 1)
    outcome = judge_span(asked, Reading(0.0, (Evidence(SECOND, highlight, 0.01),)))
    assert (outcome.exact, outcome.f1, outcome.sentence_right) == (1.0, 1.0, True)
    whole = judge_span(asked, Reading(0.0, (Evidence(SECOND, SECOND, 0.01),)))
    # "it was rebuilt by otway family" has 6 words without its article, 2 of them right.
    assert whole.f1 == pytest.approx(2 * (2 / 6) * 1 / (2 / 6 + 1))
    assert (whole.exact, whole.sentence_right) == (0.0, True)


def test_only_the_sentence_of_the_highlight_counts_as_right() -> None:
    asked = SpanQuestion("q", "Who rebuilt it?", passage(), ("the Otway family",))
    leaning = Evidence(Span(0, 59), FIRST, 0.9)  # the quote holds both sentences
    outcome = judge_span(asked, Reading(1.0, (leaning, Evidence(SECOND, SECOND, 0.8))))
    assert (outcome.f1, outcome.sentence_right, outcome.score) == (0.0, False, 0.9)


def test_a_passage_without_evidence_counts_as_wrong() -> None:
    asked = SpanQuestion("q", "Who?", passage(), ("the Otway family",))
    outcome = judge_span(asked, Reading(0.0, ()))
    assert (outcome.exact, outcome.f1, outcome.sentence_right, outcome.score) == (0, 0, False, 0)


def test_ties_are_ranked_at_random_never_in_the_order_of_the_file() -> None:
    generator = np.random.default_rng(0)
    firsts = {rank_candidates([0.5, 0.5, 0.5], generator)[0] for _ in range(50)}
    assert firsts == {0, 1, 2}
    assert rank_candidates([0.1, 0.9, 0.5], generator) == [1, 2, 0]


def test_average_precision_and_reciprocal_rank_are_those_of_the_definition() -> None:
    passages = tuple(sentence(f"s{place}", "x") for place in range(4))
    lists = [
        CandidateList("a", "?", passages, (False, True, True, False)),
        CandidateList("b", "?", passages, (True, False, False, False)),
    ]
    # a: right ones at ranks 1 and 4; b: its right one at rank 3.
    found = measure_lists(lists, [[1, 0, 3, 2], [1, 2, 0, 3]])
    assert found["MAP"] == pytest.approx([(1 / 1 + 2 / 4) / 2, 1 / 3], abs=1e-4)
    assert found["MRR"] == pytest.approx([1, 1 / 3], abs=1e-4)


def pair(question: str, swapped: str, text: str = TEXT) -> RolePair:
    return RolePair("p", passage(text), question, swapped, "the Otway family")


def test_a_pair_is_told_apart_by_the_best_evidence_of_both_questions() -> None:
    scores = {("Who rebuilt it?", "mill"): 0.9, ("Whom did it rebuild?", "mill"): 0.2}
    outcome = read_pair(KnownReader(scores), pair("Who rebuilt it?", "Whom did it rebuild?"))
    assert (outcome.right, outcome.swapped, outcome.higher) == (0.9, 0.2, 1.0)
    assert outcome.f1 > 0


def test_a_pair_of_equal_scores_counts_half() -> None:
    assert PairOutcome(pair("a", "b"), 0.4, 0.4, 0.0).higher == 0.5
    assert PairOutcome(pair("a", "b"), 0.3, 0.4, 0.0).higher == 0.0


def test_pairs_are_broken_down_by_question_and_passage() -> None:
    outcomes = [
        PairOutcome(pair("Who rebuilt it?", "x"), 0.9, 0.1, 1.0),
        PairOutcome(pair("what burned?", "x", "The mill burned."), 0.1, 0.9, 0.0),
    ]
    values = {name: found["value"] for name, found in pair_measures(outcomes, 0.5).items()}
    assert values["right one higher"] == 0.5
    assert values["F1 of the right one"] == 50
    assert values["right one answered"] == 0.5
    assert values["swapped one not answered"] == 0.5
    assert values["right one higher, asks for a party"] == 1
    assert values["right one higher, asks for something else"] == 0
    assert values["right one higher, several sentences"] == 1
    assert values["right one higher, one sentence"] == 0
    assert values["right one higher, question in lower case"] == 0


def test_what_holds_a_gold_document_is_filtered_out_too() -> None:
    documents = [("a", "", TEXT), ("b", "", f"Copied. {TEXT}\n"), ("c", "", "The mill burned.")]
    queries = [CollectionQuery("q", "Who rebuilt it?", ("x",))]
    collection = Collection.of("own", documents, queries, {"q": {"a": 1, "c": 0}})
    assert holding_gold(collection) == {"q": {"a", "b"}}


def test_twins_are_read_with_and_without_what_answers() -> None:
    query = CollectionQuery("q", "Who rebuilt it?", ("the Otway family",))
    passages = [passage(doc_id="gold"), passage("The ferry sank. It was old.", "other")]
    reader = KnownReader({(query.text, "gold"): 0.9, (query.text, "other"): 0.1})
    twins = read_twins(reader, query, passages, lambda stored: stored.passage.doc_id == "gold")
    assert twins.own == ReadQuestion(0.9, 0.9, "answered", right=True)
    assert twins.without == ReadQuestion(0.1, 0.1, "not_found", right=False)
    assert twins.found


def test_a_question_whose_gold_was_not_found_has_equal_twins() -> None:
    query = CollectionQuery("q", "Who rebuilt it?", ("the Otway family",))
    twins = read_twins(KnownReader({}), query, [passage()], lambda _: False)
    assert twins.own == twins.without == ReadQuestion(0.0, 0.0, "not_found", right=False)
    assert not twins.found


def read(score: float, *, right: bool = False) -> ReadQuestion:
    return ReadQuestion(score, score, "answered" if score >= 0.5 else "related", right=right)


def test_abstention_is_measured_over_both_of_each_question() -> None:
    twins = [
        Twins(read(0.9, right=True), read(0.2), found=True),
        Twins(read(0.4), read(0.4), found=False),
    ]
    values = {name: found["value"] for name, found in measures_of(twins).items()}
    # Of the four pairs of a score with and one without, three are right and one is a tie.
    assert values["AUROC"] == pytest.approx(3.5 / 4)
    assert values["AUROC where gold was read"] == 1
    assert values["gold read"] == 0.5
    assert values["answered with it"] == 0.5
    assert values["answered without it"] == 0
    assert values["states right"] == pytest.approx((2 + 1) / 4)
    assert values["best quote right, of the answered"] == 1
    # Scores 0.9 (right), 0.4, 0.4 and 0.2 (wrong): bins at 0.9, 0.4 and 0.2.
    assert values["ECE with and without it"] == pytest.approx((0.1 + 2 * 0.4 + 0.2) / 4)


def test_what_was_taken_away_never_counts_as_right() -> None:
    twins = [Twins(read(0.9, right=True), read(0.9, right=True), found=True)]
    (only,) = curves_of(twins)["reliability"]
    assert (only["count"], only["accuracy"]) == (2, 0.5)


def test_a_curve_keeps_its_last_point_of_each_step() -> None:
    points = [CoveragePoint(1 - place / 999, (place + 1) / 1000, 0.1) for place in range(1000)]
    kept = thinned(points)
    assert len(kept) == CURVE_POINTS + 1
    assert kept[-1] == points[-1]


def test_unanswerable_questions_are_reported_by_kind() -> None:
    values = abstention_measures(
        [read(0.9), read(0.6)], [read(0.7), read(0.1)], ["swapped_roles", "not_told"]
    )
    assert values["AUROC"]["value"] == 3 / 4
    assert values["not answered of the others"]["value"] == 0.5
    assert values["answered or possible of the answerable"]["value"] == 1
    assert values["neither answered nor possible of the others"]["value"] == 0.5
    assert values["not answered of the others, swapped roles"]["value"] == 0
    assert values["not answered of the others, not told"]["value"] == 1
