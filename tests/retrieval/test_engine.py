"""`SearchEngine` over the five articles: what it returns, and what happens around it."""

import dataclasses
import math
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.encoding.encoder import EncoderSpec
from indexer.errors import IndexFormatError
from indexer.storage.manifest import Manifest, read_manifest, write_manifest
from indexer.storage.staleness import Staleness
from retrieval import SearchEngine
from retrieval.answering.answers import Answer, SearchResult
from retrieval.clock import Timings
from retrieval.ranking.ranker import Mode
from retrieval.readers import trained
from retrieval.settings import Thresholds
from tests.support.commands import QUESTION, SEEDS

DATED = "002_28ca8b3639213b9e.txt"
FROM_IRAN_FRONT_PAGE = {"000_ea7539c17dd2a708.txt", "001_6f798bf29e06bad2.txt"}
NO_TIMINGS = Timings(0, 0, 0, 0)
BUILD_AGAIN = IndexConfig(threads=2, force=True, replace=True)


def _paths(engine: SearchEngine, found: SearchResult | Answer) -> set[str]:
    return {engine.document(hit.found.passage.doc_id).path for hit in found.hits}


def _untimed(found: Answer) -> Answer:
    return replace(found, timings=NO_TIMINGS)


@pytest.fixture
def seeds_copy(seeds_index: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(seeds_index, tmp_path / "index"))


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A copy of the corpus, to change."""
    return Path(shutil.copytree(SEEDS, tmp_path / "articles"))


@pytest.fixture
def moved(seeds_index: Path, articles: Path) -> Iterator[SearchEngine]:
    """An engine that looks for the articles in that copy."""
    with SearchEngine.open(seeds_index, corpus=articles) as engine:
        yield engine


@pytest.mark.parametrize("mode", get_args(Mode))
def test_each_mode_ranks_by_score_from_rank_one(mode: Mode, engine: SearchEngine) -> None:
    hits = engine.search(QUESTION, k=20, mode=mode).hits
    assert len(hits) == 20
    assert [hit.rank for hit in hits] == list(range(1, 21))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.passage_id for hit in hits}) == 20
    for hit in hits:
        document = engine.document(hit.found.passage.doc_id)
        assert hit.found.passage.span.slice(document.text) == hit.found.text


def test_a_mode_asks_only_its_own_retriever(engine: SearchEngine) -> None:
    for mode, bm25, dense in (("bm25", True, False), ("dense", False, True)):
        for hit in engine.search(QUESTION, mode=mode).hits:  # type: ignore[arg-type] # both exist
            assert (hit.explanation.bm25 is not None) is bm25
            assert (hit.explanation.dense is not None) is dense


def test_an_unknown_mode_is_refused_by_name(engine: SearchEngine) -> None:
    with pytest.raises(
        ValueError, match="mode must be one of hybrid, bm25, dense, reranked, got 'magic'"
    ):
        engine.search(QUESTION, mode="magic")  # type: ignore[arg-type] # that is the point


@pytest.mark.parametrize("mode", get_args(Mode))
def test_a_phrase_and_an_exclusion_restrict_every_retriever(
    mode: Mode, engine: SearchEngine
) -> None:
    everything = engine.search("Gaza", k=10**6, mode="dense").hits
    wanted = {hit.passage_id for hit in everything if "state department" in hit.found.text.lower()}
    without = {hit.passage_id for hit in everything if "hamas" in hit.found.text.lower()}
    assert wanted
    assert without

    with_phrase = engine.search('spokesman "State Department"', k=10**6, mode=mode).hits
    assert {hit.passage_id for hit in with_phrase} == wanted
    excluded = engine.search("Iran -Hamas", k=10**6, mode=mode).hits
    assert excluded
    assert not {hit.passage_id for hit in excluded} & without


@pytest.mark.parametrize("mode", get_args(Mode))
def test_a_source_restricts_every_retriever_however_it_is_given(
    mode: Mode, engine: SearchEngine
) -> None:
    given = engine.search("Israel Gaza", k=10**6, mode=mode, source="Iran Front Page")
    written = engine.search('Israel Gaza source:"iran front page"', k=10**6, mode=mode)
    assert _paths(engine, given) == FROM_IRAN_FRONT_PAGE
    assert written.hits == given.hits
    assert engine.search("Iran", mode=mode, source="Front").hits
    assert engine.search("Iran", mode=mode, source="Fro").hits == ()


@pytest.mark.parametrize(
    ("after", "before", "found"),
    [
        ("2023-10-26", None, True),
        ("2023-10-27", None, False),
        (None, "2023-10-26", True),
        (None, "2023-10-25", False),
        ("2023", "2023", True),
        ("2023-10", "2023-10", True),
        ("2024", None, False),
    ],
)
def test_date_limits_are_inclusive_days_and_undated_articles_are_counted(
    after: str | None, before: str | None, found: bool, engine: SearchEngine
) -> None:
    limited = engine.search("Iran", after=after, before=before)
    assert _paths(engine, limited) == ({DATED} if found else set())
    hidden, *narrowed = limited.warnings
    assert hidden.startswith("The date filter hides 4 undated articles. ")
    assert [note.partition(" leaves ")[2] for note in narrowed] == (
        [] if found else ["none of 5 articles. Search without filters to see more."]
    )
    kept = engine.search("Iran", k=10**6, after=after, before=before, undated=True)
    assert len(_paths(engine, kept)) == (5 if found else 4)
    assert kept.warnings == ()


def test_an_outlet_that_no_article_names_is_said_to_be_unknown(engine: SearchEngine) -> None:
    answer = engine.answer(QUESTION, source="Iran Back Page")
    assert (answer.state, answer.hits) == ("not_found", ())
    assert answer.warnings == (
        "No article is attributed to 'Iran Back Page'. Outlets here: Iran Front Page (2). "
        "Not every article names its outlet.",
        "Outlet Iran Back Page leaves none of 5 articles. Search without filters to see more.",
    )
    assert engine.search('"no such phrase" source:"Iran Front Page"').warnings == (
        "Outlet Iran Front Page leaves 2 of 5 articles. Search without filters to see more.",
    )


def test_filters_restrict_answers_too(engine: SearchEngine) -> None:
    answer = engine.answer(QUESTION, after="2023-10-26", min_score=0.0)
    assert {quote.citation.path for quote in answer.quotes} == {DATED}
    assert {quote.citation.published for quote in answer.quotes} == {"2023-10-26T20:42"}


@pytest.mark.parametrize("date", ["yesterday", "2023-13", "2023-02-30", "31.02.2023"])
def test_an_impossible_date_is_refused_as_argument_and_text_in_a_question(
    date: str, engine: SearchEngine
) -> None:
    with pytest.raises(ValueError, match=date):
        engine.search("Iran", after=date)
    (warning,) = engine.search(f"Iran after:{date}").warnings
    assert warning.startswith(f"'after:{date}' was searched as text: ")


def test_a_quote_is_the_articles_text_at_its_span(engine: SearchEngine) -> None:
    answer = engine.answer(QUESTION)
    assert answer.state == "answered"
    assert 1 <= len(answer.quotes) <= 5
    for quote in answer.quotes:
        cited = quote.citation
        text = (SEEDS / cited.path).read_bytes().decode("utf-8-sig")
        assert text[cited.start : cited.end] == cited.quote
        assert text[cited.highlight_start : cited.highlight_end] == cited.highlight
        assert cited.highlight in cited.quote
        assert cited.source_state == "same"
        around = quote.context.before + cited.quote + quote.context.after
        assert around in text


def test_the_mark_of_a_denied_answer_shows_the_denial_unless_that_is_asked(tmp_path: Path) -> None:
    folder, index = tmp_path / "articles", tmp_path / "index"
    folder.mkdir()
    denial = "Minister Rusk denied that the navy had sunk a fishing boat off Skerry Island."
    (folder / "skerry.txt").write_text(f"Rusk speaks\n\n{denial}\n", encoding="utf-8")
    build(folder, index, IndexConfig(threads=2))
    with SearchEngine.open(index) as engine:
        sunk = engine.answer("What did the navy sink off Skerry Island?", min_score=0)
        denied = engine.answer("What did Minister Rusk deny?", min_score=0)
    marks = {
        quote.citation.highlight
        for answer in (sunk, denied)
        for quote in answer.quotes
        if quote.citation.quote == denial
    }
    assert denial in marks
    assert len(marks) == 2, "asked about the denial, the mark is the reader's"


def test_fewer_quotes_and_hits_are_a_prefix_of_more(engine: SearchEngine) -> None:
    many = engine.answer(QUESTION, max_quotes=5, k=10)
    for count in (1, 2, 4):
        few = engine.answer(QUESTION, max_quotes=count, k=count)
        assert few.quotes == many.quotes[:count]
        assert few.hits == many.hits[:count]


def _confirmed(found: Answer) -> list[tuple[float, bool]]:
    return [(quote.score, quote.confirmed) for quote in found.quotes]


def test_quotes_below_the_answered_threshold_are_possible_down_to_their_own(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(possible: float, answered: float) -> Answer:
        thresholds = Thresholds(related=0.0, possible=possible, answered=answered)
        monkeypatch.setattr(trained, "READER_THRESHOLDS", thresholds)
        return engine.answer(QUESTION, max_quotes=100)

    found = engine.answer(QUESTION, max_quotes=100, min_score=0.0)
    scores = sorted((quote.score for quote in found.quotes), reverse=True)
    best, last = scores[0], scores[4]
    above = math.nextafter(best, 2)
    answered = answer(last, best)
    assert answered.state == "answered"
    shown = [(score, score >= best) for score in scores if score >= last]
    assert sorted(_confirmed(answered), reverse=True) == shown
    assert _confirmed(answered)[0] == (best, True)
    possible = answer(best, above)
    assert possible.state == "possible"
    assert _confirmed(possible) == [(score, False) for score in scores if score >= best]
    related = answer(above, above)
    assert (related.state, related.quotes, related.hits) == ("related", (), possible.hits)


@pytest.mark.usefixtures("only_possible")
def test_a_minimum_score_of_the_user_replaces_both_thresholds(engine: SearchEngine) -> None:
    own = engine.answer(QUESTION, max_quotes=100)
    assert own.state == "possible"
    scores = [quote.score for quote in own.quotes]
    best = max(scores)
    answered = engine.answer(QUESTION, max_quotes=100, min_score=scores[1])
    assert answered.state == "answered"
    assert _confirmed(answered) == [(score, True) for score in scores if score >= scores[1]]
    nothing = engine.answer(QUESTION, min_score=math.nextafter(best, 1))
    assert (nothing.state, nothing.quotes) == ("related", ())


def test_what_the_articles_do_not_cover_is_not_answered(engine: SearchEngine) -> None:
    answer = engine.answer("which football club won the Bundesliga in 1974?")
    assert answer.state != "answered"
    assert answer.quotes == ()


def test_results_are_frozen(engine: SearchEngine) -> None:
    answer, found = engine.answer(QUESTION), engine.search(QUESTION)
    for value, field in (
        (answer, "state"),
        (answer.quotes[0], "score"),
        (answer.quotes[0].citation, "quote"),
        (answer.index, "path"),
        (found, "hits"),
        (found.hits[0], "rank"),
        (found.hits[0].found, "text"),
        (found.hits[0].explanation, "formula"),
    ):
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field"):
            setattr(value, field, None)
    assert isinstance(answer.hits, tuple)
    assert isinstance(answer.quotes, tuple)


def test_eight_threads_get_the_answers_of_one(engine: SearchEngine) -> None:
    questions = [
        QUESTION,
        "who is the spokesman of the State Department?",
        '"rocket attacks" -Yemen',
        "Iran after:2023-10-01",
        'source:"Iran Front Page" ceasefire',
    ]
    expected = [_untimed(engine.answer(question)) for question in questions]
    gate = threading.Barrier(8)

    def ask(offset: int) -> list[Answer]:
        gate.wait()
        order = [(place + offset) % len(questions) for place in range(len(questions))]
        found = {place: _untimed(engine.answer(questions[place])) for place in order}
        return [found[place] for place in range(len(questions))]

    with ThreadPoolExecutor(8) as pool:
        for answers in pool.map(ask, range(8)):
            assert answers == expected


def test_a_closed_engine_answers_no_more(seeds_index: Path) -> None:
    with SearchEngine.open(seeds_index) as engine:
        assert engine.search(QUESTION).hits
    with pytest.raises(Exception, match="closed"):
        engine.search(QUESTION)


def test_unknown_documents_are_key_errors(engine: SearchEngine) -> None:
    with pytest.raises(KeyError, match="0000"):
        engine.document("0000")
    with pytest.raises(KeyError, match="0000"):
        engine.regions("0000")
    assert engine.find_documents("0000") == []


def test_a_document_is_found_by_path_id_and_beginning_of_its_id(engine: SearchEngine) -> None:
    (doc_id,) = engine.find_documents(DATED)
    assert engine.find_documents(doc_id) == [doc_id]
    assert engine.find_documents(doc_id[:8]) == [doc_id]
    assert len(engine.find_documents("")) == 5


def test_quotes_say_whether_their_file_is_as_it_was_indexed(
    moved: SearchEngine, articles: Path
) -> None:
    cited = moved.answer(QUESTION).quotes[0].citation
    assert cited.source_state == "same"
    file = articles / cited.path
    file.write_text(file.read_text(encoding="utf-8") + " ", encoding="utf-8")
    changed = moved.answer(QUESTION).quotes[0].citation
    assert changed == replace(
        cited, source_state="changed", document_text=moved.document(cited.doc_id).text
    )
    file.unlink()
    assert moved.answer(QUESTION).quotes[0].citation.source_state == "missing"
    file.mkdir()
    assert moved.answer(QUESTION).quotes[0].citation.source_state == "missing"


def test_staleness_counts_what_differs_when_the_engine_opens(
    articles: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    build(articles, index, IndexConfig(threads=2))
    with SearchEngine.open(index) as engine:
        assert engine.info.stale == Staleness(changed=0, added=0, deleted=0)
    (articles / DATED).write_text("Another article.", encoding="utf-8")
    (articles / "new.txt").write_text("A new article.", encoding="utf-8")
    (articles / next(iter(FROM_IRAN_FRONT_PAGE))).unlink()
    with SearchEngine.open(index) as engine:
        assert engine.info.stale == Staleness(changed=1, added=1, deleted=1)
    shutil.rmtree(articles)
    with SearchEngine.open(index) as engine:
        assert engine.info.stale == Staleness(changed=0, added=0, deleted=5)
        assert {quote.citation.source_state for quote in engine.answer(QUESTION).quotes} == {
            "missing"
        }


def test_without_an_encoder_bm25_answers_alone_and_a_warning_says_so(seeds_copy: Path) -> None:
    manifest = read_manifest(seeds_copy)
    gone = replace(manifest.encoder, name="/no/such/model", sha256="0" * 64)
    write_manifest(seeds_copy, replace(manifest, encoder=gone))
    with SearchEngine.open(seeds_copy) as engine:
        answer = engine.answer(QUESTION)
        found = engine.search(QUESTION)
        bm25 = engine.search(QUESTION, mode="bm25")
        reranked = engine.search(QUESTION, mode="reranked")
        assert engine.search(QUESTION, mode="dense").hits == ()
    (warning,) = answer.warnings
    assert warning.startswith("Searched by keywords only, without the language model: ")
    assert "/no/such/model" in warning
    assert found.warnings == (warning,)
    assert bm25.warnings == ()
    assert [hit.passage_id for hit in found.hits] == [hit.passage_id for hit in bm25.hits]
    assert answer.hits == reranked.hits
    assert answer.state in {"answered", "possible", "related"}


def test_a_generation_removed_while_it_is_opened_is_followed_to_the_new_one(
    seeds_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = read_manifest(seeds_copy)
    stale = replace(stale, encoder=EncoderSpec("/no/such/model", "0" * 64, 384, 256))
    for _ in range(2):
        build(SEEDS, seeds_copy, BUILD_AGAIN)
    assert not (seeds_copy / "000001").exists()

    # What a reader sees that read the manifest before two builds replaced it.
    seen = [stale]

    def read(index: Path) -> Manifest:
        return seen.pop() if seen else read_manifest(index)

    monkeypatch.setattr("retrieval.snapshot.read_manifest", read)
    with SearchEngine.open(seeds_copy) as engine:
        assert engine.info.generation == 3
        answer = engine.answer(QUESTION)
        assert (answer.state, answer.warnings) == ("answered", ())


def test_a_generation_that_is_gone_and_has_no_successor_is_damage(seeds_copy: Path) -> None:
    shutil.rmtree(seeds_copy / "000001")
    with pytest.raises(IndexFormatError, match="is missing"):
        SearchEngine.open(seeds_copy)


def test_readers_answer_alike_while_builds_replace_the_index(
    seeds_copy: Path, articles: Path
) -> None:
    with SearchEngine.open(seeds_copy) as first:
        expected = [(hit.passage_id, hit.score) for hit in first.search(QUESTION).hits]
        done = threading.Event()
        opened = []

        def read_all_the_while() -> None:
            while not done.is_set():
                with SearchEngine.open(seeds_copy) as engine:
                    found = [(hit.passage_id, hit.score) for hit in engine.search(QUESTION).hits]
                    assert found == expected
                    opened.append(engine.info.generation)

        with ThreadPoolExecutor(1) as pool:
            reader = pool.submit(read_all_the_while)
            for _ in range(3):
                build(articles, seeds_copy, BUILD_AGAIN)
            done.set()
            reader.result()
        assert opened == sorted(opened)
        assert len(opened) > 2
        # The first generation was removed under this engine, which has it open.
        assert not (seeds_copy / "000001").exists()
        assert [(hit.passage_id, hit.score) for hit in first.search(QUESTION).hits] == expected


def test_every_hit_has_the_citation_of_its_passage(engine: SearchEngine) -> None:
    hits = [*engine.answer(QUESTION).hits, *engine.search("ceasefire", 20, "bm25").hits]
    assert hits
    for hit in hits:
        cited, passage = hit.citation, hit.found.passage
        document = engine.document(passage.doc_id)
        assert (cited.doc_id, cited.start, cited.end) == (
            passage.doc_id,
            passage.start,
            passage.end,
        )
        assert cited.quote == hit.found.text == document.text[cited.start : cited.end]
        assert cited.source_state == "same"


def test_an_answer_that_is_only_related_has_leads_and_no_quotes(engine: SearchEngine) -> None:
    questions = (
        "What did Iran ask Chris Murphy to do about Canada?",
        "How many rockets did Hamas fire in May?",
        "When will the nuclear talks in Vienna end?",
        "Who is the prime minister of Lebanon?",
    )
    answers = [engine.answer(question) for question in questions]
    related = [answer for answer in answers if answer.state == "related"]
    assert related
    for answer in answers:
        assert bool(answer.leads) == (answer.state == "related")
        assert not any(lead.confirmed for lead in answer.leads)
        for lead in answer.leads:
            cited = lead.citation
            text = engine.document(cited.doc_id).text
            assert text[cited.start : cited.end] == cited.quote
    assert all(not engine.answer(answer.question, min_score=0.9).leads for answer in related)


def test_facets_count_the_articles_that_match_a_question(engine: SearchEngine) -> None:
    assert engine.facets().outlets == (("Iran Front Page", 2),)
    assert engine.facets().articles == 5
    asked = engine.facets("Takht-Ravanchi")
    assert asked.articles < 5
    assert engine.facets('"Takht-Ravanchi" source:Nobody') == engine.facets('"Takht-Ravanchi"')
    assert engine.facets("Takht-Ravanchi after:2030").articles == 0


def test_words_that_no_article_has_are_told_with_the_answer(engine: SearchEngine) -> None:
    for result in (engine.answer("Who killed Haniya?"), engine.search("Haniya")):
        (unknown,) = result.unknown_words
        assert (unknown.word, unknown.similar) == ("Haniya", ("Haniyeh",))
