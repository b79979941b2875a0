"""Rankings of a mode, and queries without operators."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.collection import CollectionQuery
from evaluation.runs import RANKED, as_plain_text, displayed, run_mode
from indexer.build.pipeline import IndexConfig, build
from indexer.documents import Passage, Span
from indexer.store import Restriction, StoredPassage
from indexer.text.analyzer import words
from retrieval import SearchEngine
from retrieval.answering.answers import CitedHit, IndexInfo, SearchResult
from retrieval.answering.citations import cite
from retrieval.clock import Timings
from retrieval.query.parse import parse
from retrieval.ranking.hits import Explanation
from retrieval.ranking.ranker import MODES, Mode
from retrieval.settings import RETRIEVAL_DEPTH
from tests.support.answer_builders import document

QUERY = CollectionQuery("q", "who?")
Indexed = tuple[SearchEngine, dict[str, str]]

TEXT = document("x.txt", "x" * 1000)
INFO = IndexInfo("index", 1, 0, 0, None, ("articles",))


def found(doc_ids: Sequence[str], warnings: tuple[str, ...] = ()) -> SearchResult:
    spans = [Span(place, place + 1) for place in range(len(doc_ids))]
    hits = tuple(
        CitedHit(
            found=StoredPassage(Passage(doc_id, span.start, span.end, "body", (span,)), "x"),
            citation=cite(TEXT, span, span, "same"),
            score=1 / span.end,
            rank=span.end,
            explanation=Explanation(None, None, ""),
        )
        for span, doc_id in zip(spans, doc_ids, strict=True)
    )
    return SearchResult("?", hits, INFO, warnings, Timings(0, 0, 0, 0))


class PreparedRankings:
    """Returns the doc_ids prepared for a depth and a mode, and notes what it was asked."""

    def __init__(self, prepare: Callable[[int, Mode], Sequence[str]]) -> None:
        self.prepare = prepare
        self.asked: list[tuple[str, int, Mode]] = []

    def search(self, query: str, k: int, mode: Mode, *, collapse: bool) -> SearchResult:
        self.asked.append((query, k, mode))
        return found(self.prepare(k, mode)[:k], (f"warned about {query}",))


class AnyName(dict[str, str]):
    """Every doc_id is the id of its document."""

    def __missing__(self, doc_id: str) -> str:
        return doc_id


def ranked(engine: PreparedRankings, mode: Mode = "hybrid") -> tuple[str, ...]:
    return run_mode(engine, [QUERY], AnyName(), mode).rankings[0]


def test_a_document_stands_where_its_best_passage_stands() -> None:
    assert ranked(PreparedRankings(lambda k, mode: ["b", "a", "b", "c", "a"])) == ("b", "a", "c")


def test_a_hundred_documents_are_ranked_and_no_more() -> None:
    engine = PreparedRankings(lambda k, mode: [f"d{number}" for number in range(k)])
    assert ranked(engine) == tuple(f"d{number}" for number in range(100))
    assert RANKED == 100
    assert {k for _, k, _ in engine.asked} == {RETRIEVAL_DEPTH}, "it need not be asked deeper"


def test_deeper_searches_fill_up_behind_the_ranks_of_the_default_one() -> None:
    """At the default depth 50 documents are found; deeper, they stand in another order."""

    def prepare(k: int, mode: Mode) -> list[str]:
        names = [f"d{number // 2:02}" for number in range(k)]
        return names if k == RETRIEVAL_DEPTH else names[::-1]

    engine = PreparedRankings(prepare)
    ranking = ranked(engine)
    assert ranking[:50] == tuple(f"d{number:02}" for number in range(50))
    assert ranking[50:52] == ("d99", "d98")
    assert len(ranking) == len(set(ranking)) == 100
    assert [k for _, k, _ in engine.asked] == [100, 100, 200], "once before, to warm up"


def test_what_follows_the_passages_read_is_the_hybrid_ranking() -> None:
    """Reading again, deeper, would cost much and change nothing behind the first passages."""

    def prepare(k: int, mode: Mode) -> list[str]:
        names = [f"d{number // 2:02}" for number in range(k)]
        return ["d49", *names[1:]] if mode == "reranked" else names

    engine = PreparedRankings(prepare)
    ranking = ranked(engine, "reranked")
    assert ranking[:2] == ("d49", "d00")
    assert len(ranking) == 100
    assert [(k, mode) for _, k, mode in engine.asked] == [
        (100, "reranked"),
        (100, "reranked"),
        (200, "hybrid"),
    ]


def test_an_exhausted_index_is_not_asked_for_ever() -> None:
    engine = PreparedRankings(lambda k, mode: ["only"] * 250)
    assert ranked(engine) == ("only",)
    assert [k for _, k, _ in engine.asked] == [100, 100, 200, 400]


def test_a_query_is_asked_as_plain_text_and_without_dates() -> None:
    engine = PreparedRankings(lambda k, mode: [])
    run_mode(engine, [CollectionQuery("q", 'a "b" -c after:2023')], AnyName(), "bm25")
    assert {query for query, _, _ in engine.asked} == {"a  b  –c after 2023"}


def test_a_run_keeps_the_order_of_the_queries_their_times_and_each_warning_once() -> None:
    engine = PreparedRankings(lambda k, mode: ["x"])
    queries = [CollectionQuery("q1", "one"), CollectionQuery("q2", "one"), QUERY]
    run = run_mode(engine, queries, {"x": "document x"}, "dense")
    assert run.rankings == (("document x",),) * 3
    assert len(run.milliseconds) == 3
    assert min(run.milliseconds) > 0
    assert run.warnings == ("warned about one", "warned about who?")


def test_modes_are_shown_from_the_simplest_on() -> None:
    assert displayed(("hybrid", "dense", "bm25")) == ("bm25", "dense", "hybrid")
    assert set(displayed()) == set(MODES)


@pytest.fixture(scope="module")
def long_articles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indexed]:
    """130 short articles on harbours and a long one, which has more than 100 passages on them."""
    folder = tmp_path_factory.mktemp("long")
    long = " ".join(f"Harbour {n} of the northern coast was shut for {n} days." for n in range(900))
    (folder / "long.txt").write_text(f"{long}\n", encoding="utf-8")
    for number in range(130):
        text = f"A short report says that one ship left harbour {number} on time, as planned.\n"
        (folder / f"short{number:03}.txt").write_text(text, encoding="utf-8")
    build(folder, folder / "index", IndexConfig(threads=1))
    with SearchEngine.open(folder / "index", threads=1) as engine:
        yield engine, {doc_id: path for path, doc_id in paths(engine, folder)}


def paths(engine: SearchEngine, folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.glob("*.txt"):
        yield path.name, engine.find_documents(path.name)[0]


@pytest.mark.parametrize("mode", ["bm25", "dense", "hybrid"])
def test_the_first_ranks_are_those_that_users_get(long_articles: Indexed, mode: Mode) -> None:
    engine, ids = long_articles
    text = "Harbour of the northern coast was shut"
    shown = dict.fromkeys(
        ids[hit.found.passage.doc_id] for hit in engine.search(text, k=50, mode=mode).hits
    )
    ranking = run_mode(engine, [CollectionQuery("q", text)], ids, mode).rankings[0]
    assert ranking[: len(shown)] == tuple(shown)
    assert ranking[0] == "long.txt"
    assert len(ranking) == 100


SYNTAX = st.sampled_from(
    ['"', "“", "„", "«", "-", "--", " ", "source:", "lang:", "before:", "2023", "de", "x", ":"]
)


@pytest.mark.parametrize(
    "text",
    [
        'the "safe" dose',
        "-5 degrees -x --y",
        "source:Reuters after:2023 before:2024",
        "-source:x source:source:x -before:2024",
        '"-a" a"-b" -"c d"',
        "source:”x” «after:2023»",
        "lang:de author:Doe",
    ],
)
def test_what_a_user_would_mean_as_a_limit_is_text(text: str) -> None:
    assert parse(text).restriction != Restriction() or text.startswith("-source"), "else no test"
    query = parse(as_plain_text(text))
    assert query.restriction == Restriction()
    assert query.warnings == ()


@given(st.lists(SYNTAX).map("".join) | st.text(max_size=60))
def test_every_text_restricts_nothing_and_keeps_its_words(text: str) -> None:
    query = parse(as_plain_text(text))
    assert query.restriction == Restriction()
    assert words(query.text) == words(text)


def test_ordinary_text_is_left_as_it_is() -> None:
    text = "US-Iran talks: who said “no”?".replace("“", "").replace("”", "")
    assert as_plain_text(text) == text
