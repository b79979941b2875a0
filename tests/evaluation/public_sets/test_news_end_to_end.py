"""News end to end, on articles and questions of our own in the form of the evaluation data."""

import json
import lzma
from pathlib import Path

import pytest

from evaluation.index_cache import EncodedCollection
from evaluation.paths import data_folder
from evaluation.public_sets.news_corpora import NewsQuestions
from evaluation.public_sets.news_end_to_end import (
    Outcome,
    Pair,
    ask_all,
    coverage_at,
    is_right,
    measure_news_answers,
    measures_of,
)
from evaluation.public_sets.raw_answers import Asker
from evaluation.public_sets.retrieval_sets import encoded
from evaluation.public_sets.sets import NEWS_ARTICLES, SETS, order
from evaluation.public_sets.work import Work, named_reader
from indexer.progress import NoProgress
from retrieval.answering.answers import State
from retrieval.engine import SearchEngine
from tests.evaluation.collection_builders import BREAD, FERRY, MUSEUM, PORT

ARTICLES = {
    "ferry": ("Ferry sinks in storm", FERRY),
    "port": ("Port stays shut", PORT),
    "bread": ("Bread prices rise", BREAD),
    "museum": ("", MUSEUM),
    "mill": ("Old mill burns", "The mill of Otway burned in May. Nobody was hurt in the fire."),
    "bridge": ("Bridge reopens", "The bridge over the Lenne was opened again after two years."),
}
ASKED = (
    ("When did the ferry Aurora sink?", "Monday", "ferry"),
    ("Why was the port of Piraeus shut?", "a strike by dock workers", "port"),
    ("Who is the director of the museum of clocks?", "Elena Markou", "museum"),
    ("By how much did the price of bread rise?", "nine percent", "bread"),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose questions are half in the development and half in the test half."""
    folder = tmp_path_factory.mktemp("news-data")
    (folder / "news").mkdir()
    (folder / "newsqa").mkdir()
    with lzma.open(folder / NEWS_ARTICLES, "wt", encoding="utf-8") as file:
        for name, (title, text) in ARTICLES.items():
            file.write(json.dumps({"id": name, "title": title, "text": text}) + "\n")
    even = [name for name in map(str, range(50)) if order(name) % 2 == 0][:2]
    odd = [name for name in map(str, range(50)) if order(name) % 2 == 1][:2]
    queries, judged = [], ["query-id\tcorpus-id\tscore"]
    for name, (question, answer, article) in zip([*even, *odd], ASKED, strict=True):
        queries.append({"_id": name, "text": question, "metadata": {"answers": [answer]}})
        judged.append(f"{name}\t{article}\t1")
    lines = "".join(json.dumps(query) + "\n" for query in queries)
    (folder / "newsqa" / "queries_2022_2024.jsonl").write_text(lines, "utf-8")
    (folder / "newsqa" / "extractive_2022_2024.jsonl").write_text("", "utf-8")
    (folder / "newsqa" / "qrels_silver_2022_2024.tsv").write_text("\n".join(judged), "utf-8")
    return folder


@pytest.fixture(scope="module")
def work(data: Path) -> Work:
    return Work(data, named_reader("bundled", 1), NoProgress(), 1)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder_cache: Path) -> None:
    """A cache of this test's own, with the encoder that the whole run shares."""
    (tmp_path / "cache").mkdir()
    (encoder_cache / "encoders-1").mkdir(exist_ok=True)
    (tmp_path / "cache" / "encoders-1").symlink_to(encoder_cache / "encoders-1")
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def prepared(work: Work, cache: None) -> EncodedCollection:
    _, whole = next(NewsQuestions.load(work.data).corpora(6))
    return encoded(work, whole)


def test_one_corpus_has_all_questions_when_their_articles_fit(data: Path) -> None:
    found = list(NewsQuestions.load(data).corpora(6))
    assert [name for name, _ in found] == ["news-6"]
    assert len(found[0][1].documents) == 6
    assert len(found[0][1].queries) == 4


def test_a_small_size_has_corpora_for_each_half(data: Path) -> None:
    news = NewsQuestions.load(data)
    found = dict(news.corpora(3))
    assert list(found) == ["news-3-dev-0", "news-3-test-0"]
    for name, collection in found.items():
        assert len(collection.documents) == 3
        assert {news.halves[query.id] for query in collection.queries} == {name.split("-")[2]}
    split = dict(news.corpora(2))
    assert list(split) == ["news-2-dev-0", "news-2-dev-1", "news-2-test-0", "news-2-test-1"]


def test_a_limit_takes_away_questions_but_no_articles(data: Path) -> None:
    news = NewsQuestions.load(data)
    whole, limited = dict(news.corpora(3)), dict(news.corpora(3, limit=1))
    assert [len(each.queries) for each in limited.values()] == [1, 1]
    assert [each.fingerprint() for each in limited.values()] == [
        each.fingerprint() for each in whole.values()
    ]


def test_raw_answers_are_the_engines_answers(work: Work, prepared: EncodedCollection) -> None:
    with (
        Asker(prepared.index, work.reader.reader, 1) as asker,
        SearchEngine.open(prepared.index, threads=1) as engine,
    ):
        for question, _, _ in ASKED:
            raw, own = asker.ask(question), engine.answer(question)
            assert raw.state == own.state
            if own.quotes:
                assert raw.answer.quotes[0].citation == own.quotes[0].citation
                assert raw.score == own.quotes[0].score
            assert raw.relevance >= max(raw.relevances)


def test_an_article_that_is_left_out_is_not_found(work: Work, prepared: EncodedCollection) -> None:
    ferry = next(doc_id for doc_id, name in prepared.ids.items() if name == "ferry")
    question = ASKED[0][0]
    with Asker(prepared.index, work.reader.reader, 1) as asker:
        before = asker.ask(question)
        without = asker.ask(question, without={ferry})
        after = asker.ask(question)
    assert before.answer.quotes[0].citation.doc_id == ferry
    assert {hit.found.passage.doc_id for hit in before.answer.hits} - {
        hit.found.passage.doc_id for hit in without.answer.hits
    } == {ferry}
    assert without.score < before.score
    assert (after.answer.quotes, after.answer.hits) == (before.answer.quotes, before.answer.hits)


def test_the_whole_measurement(work: Work, cache: None) -> None:
    entry = measure_news_answers(work, 6)
    assert entry["questions"] == {"dev": 2, "test": 2}
    for measures in entry["measures"].values():
        assert measures["always answering, first quote right"]["value"] == 1
        assert measures["answered by other articles"]["value"] == 0
    assert entry["settings"]["documents"] == 6


def test_questions_are_asked_twice(work: Work, prepared: EncodedCollection) -> None:
    asked = ask_all(work, "own", prepared)
    judged = {doc_id_of_article(prepared, each.query.grades) for each in asked}
    assert len(judged) == 4
    for each in asked:
        own = {quote.citation.doc_id for quote in each.own.answer.quotes}
        without = {quote.citation.doc_id for quote in each.without.answer.quotes}
        assert not without & {doc_id_of_article(prepared, each.query.grades)}
        assert doc_id_of_article(prepared, each.query.grades) in own


def doc_id_of_article(prepared: EncodedCollection, grades: object) -> str:
    assert isinstance(grades, dict)
    return next(doc_id for doc_id, name in prepared.ids.items() if name in grades)


@pytest.mark.parametrize(
    ("quote", "highlight", "answer", "right"),
    [
        ("It was sent to the Senate.", "sent", "the senate", True),
        ("The strike of the dock workers began.", "began", "dock workers' strike", True),
        ("The strike began.", "began", "dock workers' strike", False),
        ("Visas for Russians end.", "visas", "Russia", True),
        ("The trial in New York began.", "New York", "New York City", True),
        ("Bread rose by 20 percent today.", "20 percent", "19 percent", False),
        ("Bread rose by 20 percent.", "by 20 percent today", "by 19 percent today", False),
        ("Twelve ships", "ships", "", False),
    ],
)
def test_a_quote_is_right_with_the_words_of_an_answer(
    quote: str, highlight: str, answer: str, right: bool
) -> None:
    assert is_right(quote, highlight, [answer]) is right


def outcome(score: float, right: bool) -> Outcome:
    state: State = "answered" if score >= 0.5 else "possible" if score >= 0.25 else "related"
    return Outcome(state, score, score, (right,), float(right))


def test_measures_of_outcomes_that_are_written_out() -> None:
    pairs = [
        Pair(outcome(0.9, right=True), outcome(0.6, right=False)),
        Pair(outcome(0.8, right=False), outcome(0.7, right=True)),
        Pair(outcome(0.7, right=True), outcome(0.25, right=False)),
        Pair(outcome(0.3, right=True), outcome(0.2, right=False)),
    ]
    found = {name: each["value"] for name, each in measures_of(pairs).items()}
    assert found["answered"] == 0.75
    assert found["answered and first quote right"] == 0.5
    assert found["precision"] == pytest.approx(2 / 3)
    assert found["answered or possible"] == 1
    assert found["answered or possible, first quote right"] == 0.75
    assert found["false answers"] == 0.25
    assert found["false answers and false leads"] == 0.5
    assert found["answered by other articles"] == 0.25
    assert found["always answering, first quote right"] == 0.75
    assert found["coverage at 90% precision"] == 0.25
    assert found["AUROC right/wrong first quote"] == pytest.approx(1 / 3)
    # The second question is answered by another article, so it is no unanswerable one.
    assert found["AUROC answerable/unanswerable"] == pytest.approx(11 / 12)


def test_coverage_needs_the_precision_at_some_threshold() -> None:
    scores, right = [0.9, 0.8, 0.7, 0.6, 0.5], [False, True, True, True, True]
    assert coverage_at(scores, right, 0.8) == 1.0
    assert coverage_at(scores, right, 0.9) == 0.0


@pytest.mark.data
def test_small_corpora_of_the_real_data_have_their_judged_articles() -> None:
    data = data_folder()
    needed = next(found for found in SETS if found.name == "news-end-to-end-200")
    if needed.missing(data):
        pytest.skip(f"no evaluation data in {data}")
    for _, collection in NewsQuestions.load(data).corpora(200):
        names = {document.id for document in collection.documents}
        assert len(names) == 200
        assert all(set(query.grades) <= names for query in collection.queries)
