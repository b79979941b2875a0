"""Answers over HTTP are those of the engine; whatever else is asked is refused with the reason."""

import json
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from retrieval import SearchEngine
from tests.support.commands import QUESTION
from tests.support.servers import Served

FILTERS = {"source": "Iran Front Page", "lang": "English", "before": "2024", "undated": "true"}


def without_times(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "timings_ms"}


def as_sent(value: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    return without_times(json.loads(json.dumps(value)))


def test_an_answer_is_that_of_the_engine(server: Served, engine: SearchEngine) -> None:
    reply = server.get("/ask", question=QUESTION, k=3, max_quotes=2, **FILTERS)
    expected = engine.answer(
        QUESTION, 2, 3, source=["Iran Front Page"], lang=["en"], before="2024", undated=True
    )
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert without_times(reply.json) == as_sent(expected.to_dict())
    assert reply.json["state"] == "answered"


def test_passages_are_those_of_the_engine(server: Served, engine: SearchEngine) -> None:
    reply = server.get("/search", question="ceasefire", k=4, mode="bm25", copies="true")
    expected = engine.search("ceasefire", 4, "bm25", collapse=False)
    assert without_times(reply.json) == as_sent(expected.to_dict())
    assert len(reply.json["hits"]) == 4


def test_what_the_articles_do_not_say_is_not_found(server: Served) -> None:
    reply = server.get("/ask", question="zebra flux capacitor?")
    assert (reply.status, reply.json["state"], reply.json["quotes"]) == (200, "not_found", [])


def test_an_article_is_opened_at_a_quote(server: Served) -> None:
    citation = server.get("/ask", question=QUESTION).json["quotes"][0]["citation"]
    length = citation["end"] - citation["start"]
    address = f"/articles/{citation['doc_id']}"
    part = server.get(address, start=citation["start"], length=length).json
    assert part["text"] == citation["quote"]
    assert (part["source"], part["source_state"]) == ("Iran Front Page", "same")
    whole = server.get(address, length=200_000).json
    assert len(whole["text"]) == whole["characters"] == whole["end"] == part["characters"]
    beyond = server.get(address, start=10**9).json
    assert (beyond["text"], beyond["start"]) == ("", whole["characters"])


def test_clutter_of_an_article_is_named_where_it_stands(
    server: Served, engine: SearchEngine
) -> None:
    (doc_id,) = engine.find_documents("003_c188733f3b6f716b.txt")
    article = server.get(f"/articles/{doc_id}").json
    removed = [region for region in engine.regions(doc_id) if not region.kept]
    assert [(each["start"], each["end"], each["reason"]) for each in article["removed"]] == [
        (region.start, region.end, region.why) for region in removed
    ]
    assert removed
    first = removed[0]
    before = server.get(f"/articles/{doc_id}", start=0, length=first.start).json
    assert before["removed"] == []


def test_an_unknown_article_is_404_and_says_so(server: Served) -> None:
    reply = server.get("/articles/none%0Aof%20ours")
    assert (reply.status, reply.json["detail"]) == (
        404,
        "No article has the id 'none\\nof ours'. Use a doc_id of an answer",
    )


def test_outlets_are_listed_with_their_articles(server: Served) -> None:
    assert server.get("/outlets").json == {
        "format": 1,
        "articles": 5,
        "outlets": [{"name": "Iran Front Page", "articles": 2}],
    }


@pytest.mark.parametrize(
    ("path", "asked", "detail"),
    [
        ("/ask", {}, "question: field required"),
        ("/ask", {"question": ""}, "question: string should have at least 1 character"),
        ("/ask", {"question": "a" * 2001}, "question: string should have at most 2000 characters"),
        ("/ask", {"question": "a", "K": 1}, "K: there is no such parameter"),
        ("/ask", {"question": "a", "mode": "bm25"}, "mode: there is no such parameter"),
        ("/ask", {"question": "a", "k": 51}, "k: input should be less than or equal to 50"),
        ("/ask", {"question": "a", "k": 0}, "k: input should be greater than or equal to 1"),
        (
            "/ask",
            {"question": "a", "min_score": "nan"},
            "min_score: input should be a finite number",
        ),
        (
            "/search",
            {"question": "a", "mode": "best"},
            "mode: input should be 'hybrid', 'bm25', 'dense' or 'reranked'",
        ),
        (
            "/search",
            {"question": "a", "after": "2023-02-31"},
            "after: '2023-02-31' is not a date (day is out of range for month)",
        ),
        (
            "/search",
            {"question": "a", "lang": "xyzzyish"},
            "lang.0: 'xyzzyish' is not a language; use a code (de) or an English name (German)",
        ),
        (
            "/search",
            {"question": "a", "source": ["x"] * 21},
            "source: list should have at most 20 items after validation, not 21",
        ),
        ("/articles/a", {"length": 0}, "length: input should be greater than or equal to 1"),
        ("/outlets", {"top": 3}, "top: there is no such parameter"),
        ("/health", {"a": 1}, "a: there is no such parameter"),
    ],
)
def test_a_parameter_that_is_unknown_or_out_of_its_limits_is_422(
    server: Served, path: str, asked: dict[str, object], detail: str
) -> None:
    reply = server.get(path, **asked)
    assert (reply.status, reply.json) == (422, {"detail": detail})


def test_the_longest_question_of_the_longest_characters_is_answered(server: Served) -> None:
    assert server.get("/search", question="\U0001f600" * 2000).status == 200


def test_the_state_of_the_server_is_told(server: Served) -> None:
    assert server.get("/health").json == {"status": "alive"}
    assert server.get("/ready").json == {"status": "ready"}


def test_requests_are_counted_for_prometheus(server: Served) -> None:
    def counts() -> dict[str, float]:
        reply = server.get("/metrics")
        assert reply.headers["content-type"].startswith("text/plain; version=")
        families = text_string_to_metric_families(reply.body.decode())
        return {
            f"{sample.name} {sample.labels.get('path', '')} {sample.labels.get('status', '')}": (
                sample.value
            )
            for family in families
            for sample in family.samples
        }

    before = counts()
    server.get("/search", question="ceasefire")
    server.get("/search", question="ceasefire", k="many")
    server.get("/nowhere/else")
    after = counts()

    def more(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert more("dateline_requests_total /search 200") == 1
    assert more("dateline_requests_total /search 422") == 1
    assert more("dateline_requests_total other 404") == 1
    assert more("dateline_request_seconds_count /search ") == 2
    assert after["dateline_ready  "] == after["dateline_index_generation  "] == 1


def test_the_description_of_the_interface_loads_nothing_from_elsewhere(
    server: Served,
) -> None:
    assert (server.get("/docs").status, server.get("/redoc").status) == (404, 404)
    described = server.get("/openapi.json").json
    assert set(described["paths"]) == {
        *("/ask", "/search", "/articles/{doc_id}", "/outlets", "/health", "/ready", "/metrics")
    }
    assert "servers" not in described


def test_an_index_is_named_that_the_server_opened(server: Served, seeds_index: Path) -> None:
    assert server.get("/search", question="Iran").json["index"]["path"] == str(seeds_index)
