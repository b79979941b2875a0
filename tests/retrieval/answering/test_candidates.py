"""Candidates for quotes: their features, and the chance that a calibrator gives them."""

import math
from collections.abc import Mapping, Sequence

import pytest

from indexer.documents import Passage, Span
from indexer.store import StoredPassage
from retrieval.answering.candidates import (
    FEATURES,
    MOST,
    Candidate,
    chance,
    find_candidates,
    highest_relevance,
    highest_score,
    logit,
    scored_candidates,
)
from retrieval.ranking.hits import Explanation, Hit, RetrieverRank
from retrieval.readers.protocol import Evidence, Reading
from retrieval.settings import NAMED_THRESHOLDS, READER_CALIBRATOR, Thresholds

QUESTION = "What did the US ask Norland in May 2023?"


def stored(doc_id: str, *sentences: str, title: str | None = None) -> StoredPassage:
    text = " ".join(sentences)
    spans, position = [], 0
    for sentence in sentences:
        spans.append(Span(position, position + len(sentence)))
        position += len(sentence) + 1
    passage = Passage(doc_id, 0, len(text), "body", tuple(spans))
    return StoredPassage(passage, text, title, None, "2023-05-07")


def hit(found: StoredPassage, rank: int) -> Hit:
    where = RetrieverRank(rank, 1 / rank)
    return Hit(found, 1 / rank, rank, Explanation(where, None, ""))


class WrittenReader:
    """Gives each sentence the score that is written for it; each is marked as a whole."""

    thresholds: Thresholds = NAMED_THRESHOLDS

    def __init__(
        self,
        scores: Mapping[str, float],
        alone: Mapping[str, float] | None = None,
        calibrator: Mapping[str, float] | None = None,
    ) -> None:
        self.scores, self.alone, self.calibrator = scores, alone or {}, calibrator
        self.read_texts: list[str] = []

    def warnings(self, question: str) -> tuple[str, ...]:
        return ()

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[Reading]:
        return [self._reading(each) for each in passages]

    def _reading(self, found: StoredPassage) -> Reading:
        self.read_texts.append(found.text)
        scores = self.alone if len(found.passage.sentences) == 1 else self.scores
        evidence = [
            Evidence(span, span, scores.get(found.slice(span), self.scores[found.slice(span)]))
            for span in found.passage.sentences
        ]
        best = sorted(evidence, key=lambda each: -each.score)
        return Reading(best[0].score, tuple(best))


ONE = stored("a", "The US asked Norland for help.", "Norland said nothing.", title="Talks")
OTHER = stored("b", "Ships left.", "It rained.")
SCORES = {
    "The US asked Norland for help.": 0.6,
    "Norland said nothing.": 0.7,
    "Ships left.": 0.2,
    "It rained.": 0.1,
}
HITS = [hit(ONE, 1), hit(OTHER, 2)]


def found_by(reader: WrittenReader, question: str = QUESTION) -> dict[str, dict[str, float]]:
    readings = reader.read(question, [each.found for each in HITS])
    return {
        each.stored.slice(each.evidence.quote): dict(zip(FEATURES, each.features, strict=True))
        for each in find_candidates(reader, question, HITS, readings, 1_000)
    }


def test_every_feature_is_a_finite_number() -> None:
    for features in found_by(WrittenReader(SCORES)).values():
        assert set(features) == set(FEATURES)
        assert all(math.isfinite(value) for value in features.values())


def test_candidates_are_read_again_without_their_passage() -> None:
    reader = WrittenReader(SCORES, alone={"Norland said nothing.": 0.1})
    features = found_by(reader, "What was asked?")
    assert reader.read_texts[:2] == [ONE.text, OTHER.text]
    assert sorted(reader.read_texts[2:]) == sorted(SCORES)
    assert features["Norland said nothing."]["score"] == pytest.approx(logit(0.7))
    assert features["Norland said nothing."]["score alone"] == pytest.approx(logit(0.1))


class ConverseReader(WrittenReader):
    """Gives every sentence a score of its own for the question with its parties exchanged."""

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[Reading]:
        if question != "What did Norland ask the US in May 2023?":
            return super().read(question, passages)
        return WrittenReader(dict.fromkeys(SCORES, 0.65)).read(question, passages)


def test_what_answers_the_exchanged_question_as_well_counts_less() -> None:
    features = found_by(ConverseReader(SCORES), QUESTION)
    exchanged = {text: each["exchanged"] for text, each in features.items()}
    expected = {text: min(0.0, logit(score) - logit(0.65)) for text, score in SCORES.items()}
    assert exchanged == pytest.approx(expected)
    assert min(expected.values()) < 0 == max(expected.values())


def test_a_question_without_two_parties_has_no_exchange() -> None:
    features = found_by(ConverseReader(SCORES), "What was asked?")
    assert all(each["exchanged"] == 0 for each in features.values())


def test_the_rank_and_the_score_are_those_of_the_passage() -> None:
    features = found_by(WrittenReader(SCORES))["Ships left."]
    assert features["rank"] == pytest.approx(math.log(2))
    assert features["articles"] == pytest.approx(math.log(1_000))


def test_a_corpus_of_few_articles_counts_as_one_with_near_misses() -> None:
    reader = WrittenReader(SCORES)
    readings = reader.read(QUESTION, [each.found for each in HITS])
    few, more = (
        find_candidates(reader, QUESTION, HITS, readings, articles) for articles in (1, 200)
    )
    assert few == more


def test_the_capitals_of_the_question_do_not_count() -> None:
    typed = found_by(WrittenReader(SCORES))
    assert found_by(WrittenReader(SCORES), QUESTION.lower()) == typed


def test_the_kind_and_the_date_of_the_question_count() -> None:
    features = found_by(WrittenReader(SCORES), "When did the ships leave in May 2019?")
    assert features["Ships left."]["wrong kind"] == 1
    assert features["Ships left."]["other date"] == 1
    assert found_by(WrittenReader(SCORES))["Ships left."]["other date"] == 0


def test_no_more_candidates_than_are_worth_a_second_reading() -> None:
    sentences = [f"Ship {number} left." for number in range(MOST + 3)]
    reader = WrittenReader(dict.fromkeys(sentences, 0.5))
    only = stored("a", *sentences)
    readings = reader.read(QUESTION, [only])
    assert len(find_candidates(reader, QUESTION, [hit(only, 1)], readings, 100)) == MOST


def test_without_passages_there_are_no_candidates() -> None:
    assert find_candidates(WrittenReader({}), QUESTION, [], [], 1) == []
    assert highest_relevance([]) == highest_score([]) == 0


def test_a_reader_without_a_calibrator_keeps_its_scores() -> None:
    reader = WrittenReader(SCORES)
    readings = reader.read(QUESTION, [each.found for each in HITS])
    found = scored_candidates(reader, QUESTION, HITS, readings, 1_000)
    assert sorted(each.evidence.score for each in found) == [0.1, 0.2, 0.6, 0.7]
    assert len(reader.read_texts) == len(HITS)
    assert highest_score(found) == highest_relevance(readings) == 0.7


def test_a_calibrator_decides_scores_and_order() -> None:
    weights = {"score alone": 5.0, "intercept": -2.0}
    reader = WrittenReader(SCORES, {"Norland said nothing.": 0.1}, weights)
    readings = reader.read(QUESTION, [each.found for each in HITS])
    found = scored_candidates(reader, QUESTION, HITS, readings, 1_000)
    best = max(found, key=lambda each: each.evidence.score)
    assert best.stored.slice(best.evidence.quote) == "The US asked Norland for help."
    assert [each.evidence.score for each in found] == [chance(weights, each) for each in found]


def test_chance_is_a_logistic_of_the_weighted_sum() -> None:
    features = tuple(1.0 if name == "score" else 0.0 for name in FEATURES)
    candidate = Candidate(ONE, Evidence(Span(0, 4), Span(0, 4), 0.5), features)
    assert chance({"score": 2.0, "intercept": -2.0}, candidate) == 0.5
    assert chance({"intercept": -1e9}, candidate) == pytest.approx(0)
    assert chance({"intercept": 1e9}, candidate) == 1


def test_the_bundled_calibrator_names_known_features() -> None:
    assert set(READER_CALIBRATOR) <= {*FEATURES, "intercept"}
    assert "intercept" in READER_CALIBRATOR
