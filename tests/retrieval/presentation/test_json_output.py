"""The JSON is the documented one, field for field, and harmless on a terminal."""

import json
from dataclasses import replace

import pytest

from indexer.documents import Finding, Metadata, Span
from indexer.storage.staleness import Staleness
from indexer.store import Copy
from retrieval.answering.answers import Answer, CitedHit, Context, IndexInfo, Quote, SearchResult
from retrieval.answering.citations import cite
from retrieval.clock import Timings
from retrieval.presentation.json_output import as_json
from retrieval.ranking.hits import Explanation, RetrieverRank
from tests.support.answer_builders import ARTICLES, document, hit

PATH = "ferry.txt"
DATED = replace(
    document(PATH, ARTICLES[PATH]),
    metadata=Metadata(Finding("Sunk", "first line"), None, Finding("2023-10-26", "date line")),
)
EXPLAINED = replace(
    hit(PATH, 1),
    score=0.123456,
    explanation=Explanation(RetrieverRank(2, 7.00004), None, "0.5 x 1", 9.50004),
)


@pytest.fixture
def answer() -> Answer:
    citation = cite(DATED, Span(0, 25), Span(4, 9), "same")
    return Answer(
        question="what sank?",
        state="answered",
        quotes=(Quote(citation, 0.93218, Context("", " Nobody"), (Copy("c" * 16, None),)),),
        hits=(EXPLAINED,),
        index=IndexInfo("index", 3, 5, 71, Staleness(1, 2, 0), ("articles",)),
        warnings=("take care",),
        timings=Timings(encode=2.14, retrieve=0.96, read=80.5, total=84.04),
    )


def result_of(answer: Answer) -> SearchResult:
    return SearchResult(answer.question, answer.hits, answer.index, answer.warnings, answer.timings)


HIT = {
    "rank": 1,
    "score": 0.1235,
    "passage_id": f"{DATED.doc_id}:0",
    "doc_id": DATED.doc_id,
    "start": 0,
    "end": 42,
    "kind": "body",
    "text": "The ferry sank on Monday. Nobody was hurt.",
    "citation": {
        "doc_id": DATED.doc_id,
        "path": "ferry.txt",
        "sha256": DATED.sha256,
        "encoding": "utf-8",
        "source_state": "same",
        "quote": "The ferry sank on Monday. Nobody was hurt.",
        "start": 0,
        "end": 42,
        "highlight_start": 0,
        "highlight_end": 42,
        "title": None,
        "source": None,
        "published": None,
        "published_found_in": None,
        "modified": None,
        "authors": [],
        "url": None,
        "corrected_by": [],
        "corrects": [],
        "notice": None,
    },
    "copies": [],
}
INDEX = {
    "path": "index",
    "generation": 3,
    "documents": 5,
    "passages": 71,
    "stale": {"changed": 1, "added": 2, "deleted": 0},
}
TIMINGS = {"encode": 2.1, "retrieve": 1.0, "read": 80.5, "total": 84.0}


def test_an_answer_is_exactly_the_documented_json(answer: Answer) -> None:
    assert json.loads(as_json(answer)) == {
        "format": 1,
        "question": "what sank?",
        "state": "answered",
        "warnings": ["take care"],
        "reports": 1,
        "copies": 1,
        "quotes": [
            {
                "quote": "The ferry sank on Monday.",
                "highlight": "ferry",
                "score": 0.9322,
                "confirmed": True,
                "citation": {
                    "doc_id": DATED.doc_id,
                    "path": "ferry.txt",
                    "sha256": DATED.sha256,
                    "encoding": "utf-8",
                    "source_state": "same",
                    "quote": "The ferry sank on Monday.",
                    "start": 0,
                    "end": 25,
                    "highlight_start": 4,
                    "highlight_end": 9,
                    "title": "Sunk",
                    "source": None,
                    "published": "2023-10-26",
                    "published_found_in": "date line",
                    "modified": None,
                    "authors": [],
                    "url": None,
                    "corrected_by": [],
                    "corrects": [],
                    "notice": None,
                },
                "context": {"before": "", "after": " Nobody"},
                "copies": [{"doc_id": "c" * 16, "source": None, "published": None, "path": None}],
            }
        ],
        "leads": [],
        "unknown_words": [],
        "hits": [HIT],
        "index": INDEX,
        "timings_ms": TIMINGS,
    }


def test_a_search_is_the_same_without_state_and_quotes(answer: Answer) -> None:
    assert json.loads(as_json(result_of(answer))) == {
        "format": 1,
        "question": "what sank?",
        "warnings": ["take care"],
        "unknown_words": [],
        "hits": [HIT],
        "index": INDEX,
        "timings_ms": TIMINGS,
    }


def test_explaining_adds_how_each_hit_was_found_and_nothing_else(answer: Answer) -> None:
    explained = {
        "bm25": {"rank": 2, "score": 7.0},
        "dense": None,
        "article": 9.5,
        "formula": "0.5 x 1",
    }
    for written in (
        as_json(answer, explain=True),
        as_json(result_of(answer), explain=True),
    ):
        assert json.loads(written)["hits"] == [{**HIT, "explain": explained}]


def test_an_unknown_staleness_is_null(answer: Answer) -> None:
    unknown = replace(answer, index=replace(answer.index, stale=None))
    assert json.loads(as_json(unknown))["index"]["stale"] is None


def test_a_possible_answer_has_quotes_that_are_not_confirmed(answer: Answer) -> None:
    (confirmed,) = answer.quotes
    possible = replace(answer, state="possible", quotes=(replace(confirmed, confirmed=False),))
    printed, before = json.loads(as_json(possible)), json.loads(as_json(answer))
    assert printed["state"] == "possible"
    assert printed["quotes"] == [before["quotes"][0] | {"confirmed": False}]
    assert printed["format"] == before["format"] == 1


def test_a_score_of_minus_zero_is_printed_as_zero(answer: Answer) -> None:
    for score in (-0.0, -0.00001):
        tiny = replace(answer, hits=(replace(EXPLAINED, score=score),))
        assert '"score": 0.0,' in as_json(tiny)
        assert "-0.0" not in as_json(tiny)


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\u202e", "\udcff", "</script>\u2028", "\x9b1m"])
def test_what_a_terminal_would_obey_is_escaped_and_comes_back(hostile: str, answer: Answer) -> None:
    written = as_json(replace(result_of(answer), question=hostile, warnings=(hostile,)))
    assert written.isascii()
    assert not [character for character in written if character < " " and character != "\n"]
    assert json.loads(written)["question"] == hostile


def test_hits_keep_their_order(answer: Answer) -> None:
    found: tuple[CitedHit, ...] = (hit("port.txt", 1), hit("ferry.txt", 2))
    written = json.loads(as_json(replace(result_of(answer), hits=found)))
    assert [entry["rank"] for entry in written["hits"]] == [1, 2]
    assert [entry["text"] for entry in written["hits"]] == [
        ARTICLES["port.txt"],
        ARTICLES["ferry.txt"],
    ]
