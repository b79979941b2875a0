"""One report stands for its copies, from the build to the page, and each can still be found."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import indexer.cli.main
import retrieval.cli.main
from dateline.page import cards
from indexer.build.generation import IndexConfig
from indexer.build.pipeline import BuildReport, build
from indexer.cli.report import build_summary, format_info, index_info
from indexer.documents import doc_id_of
from indexer.storage.manifest import read_manifest
from retrieval import SearchEngine
from retrieval.ranking.ranker import MODES

STORY = (
    "The old pier of Vellmar was closed on Tuesday after the storm had torn away its planks. "
    "Engineers of the harbour office measured the damage and found that every second post moved. "
    "Mayor Berta Quint said that the town would pay for the repairs of the pier.\n\n"
    "Shopkeepers on the promenade fear for their summer because most visitors arrive by boat. "
    "A fisherman who has moored there since his youth said he had never seen such waves."
)
ADDED = "\n\nA floating crane named Gudrun comes from Port Osk to pull out the broken posts."
DENIED = STORY.replace("would pay", "would not pay")
OTHERS = (
    ("lake", "A library on wheels visits the villages above Lake Ornesse. Its driver reads aloud."),
    ("pier", "The pier of Brandholm is a century old. Its town has a new coat of paint for it."),
    ("ferry", "Ferries from Vellmar land at the northern quay. The mayor opened it in the rain."),
)
OUTLETS = ("Planet", "Morning Echo", "Coast Courier", "Daily Herring", "Evening Gull", "The Buoy")
QUESTION = "who will pay for the repairs of the pier of Vellmar?"


def row(name: str, text: str, source: str, date: str = "2024-03-05") -> dict[str, str]:
    return {"id": name, "title": "", "text": text, "source": source, "date": date}


ROWS = [
    *(row(f"copy{n}", STORY, outlet, f"2024-03-0{9 - n}") for n, outlet in enumerate(OUTLETS)),
    row("longer", STORY + ADDED, "Harbour News", "2024-03-08"),
    row("denied", DENIED, "The Contrarian"),
    *(row(name, text, "Elsewhere") for name, text in OTHERS),
]


def doc_id(name: str) -> str:
    return doc_id_of(f"news.jsonl#{name}")


FIRST = doc_id("copy5")  # published on 4 March, before all others
COPIES = {doc_id(name) for name in ("copy0", "copy1", "copy2", "copy3", "copy4", "longer")}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildReport]:
    root = tmp_path_factory.mktemp("copies")
    file = root / "news.jsonl"
    file.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    return root / "index", build(file, root / "index", IndexConfig(threads=2))


@pytest.fixture(scope="module")
def engine(built: tuple[Path, BuildReport]) -> Iterator[SearchEngine]:
    with SearchEngine.open(built[0]) as opened:
        yield opened


def hit_ids(engine: SearchEngine, question: str, **options: object) -> list[str]:
    found = engine.search(question, **options)  # type: ignore[arg-type] # passed on by name
    return [hit.found.passage.doc_id for hit in found.hits]


def test_the_build_counts_the_copies_and_info_says_so(built: tuple[Path, BuildReport]) -> None:
    index, report = built
    manifest = read_manifest(index)
    assert (manifest.documents, manifest.copies, manifest.copied_reports) == (11, 6, 1)
    line = "11 articles, 6 of them copies of 1 story"
    assert line in build_summary(report, index)
    assert f"copies       {line}" in format_info(index_info(index))


def test_the_earliest_article_stands_for_the_copies(engine: SearchEngine) -> None:
    assert {copy.doc_id for copy in engine.copies(FIRST)} == COPIES
    assert [copy.source for copy in engine.copies(doc_id("copy4"))] == [
        "The Buoy",
        "Daily Herring",
        "Coast Courier",
        "Harbour News",
        "Morning Echo",
        "Planet",
    ]


def test_a_report_that_denies_it_is_no_copy(engine: SearchEngine) -> None:
    assert engine.copies(doc_id("denied")) == ()


@pytest.mark.parametrize("mode", MODES)
def test_copies_do_not_fill_the_hits(engine: SearchEngine, mode: str) -> None:
    shown = hit_ids(engine, QUESTION, k=5, mode=mode)
    assert len(shown) == 5
    assert {FIRST, doc_id("denied")} <= set(shown)
    assert not {doc_id(f"copy{number}") for number in range(5)} & set(shown)


def test_hits_keep_their_scores_and_name_their_copies(engine: SearchEngine) -> None:
    every = {hit.passage_id: hit.score for hit in engine.search(QUESTION, 100, collapse=False).hits}
    hits = engine.search(QUESTION, 100).hits
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert hit.score == every[hit.passage_id]
        expected = COPIES if hit.found.passage.doc_id == FIRST else set()
        assert (
            hit.found.passage.doc_id == doc_id("longer")
            or {copy.doc_id for copy in hit.copies} == expected
        )


def test_what_only_one_copy_says_is_found_there(engine: SearchEngine) -> None:
    shown = hit_ids(engine, "which floating crane pulls out the broken posts?")
    assert shown[0] == doc_id("longer")
    assert engine.search("crane named Gudrun").hits[0].copies[0].doc_id == FIRST


def test_every_copy_is_shown_when_asked_for(engine: SearchEngine) -> None:
    shown = hit_ids(engine, QUESTION, k=100, collapse=False)
    assert COPIES | {FIRST} <= set(shown)


@pytest.mark.parametrize("outlet", OUTLETS)
def test_a_copy_is_found_by_its_outlet(engine: SearchEngine, outlet: str) -> None:
    wanted = doc_id(f"copy{OUTLETS.index(outlet)}")
    assert set(hit_ids(engine, QUESTION, source=outlet)) == {wanted}
    assert set(hit_ids(engine, f'Vellmar pier repairs source:"{outlet}"')) == {wanted}
    named = hit_ids(engine, f"what did {outlet} say of the repairs of the pier of Vellmar?", k=3)
    assert wanted in named
    answer = engine.answer(QUESTION, source=outlet)
    assert {quote.citation.doc_id for quote in answer.quotes} <= {wanted}


def test_a_quote_is_listed_once_with_the_copies_that_say_it(engine: SearchEngine) -> None:
    answer = engine.answer(QUESTION, min_score=0.0, k=3)
    paid = [quote for quote in answer.quotes if "Mayor Berta Quint said" in quote.citation.quote]
    stories = {quote.story: {copy.doc_id for copy in quote.copies} for quote in paid}
    assert stories == {
        FIRST: {FIRST, *COPIES} - {quote.citation.doc_id for quote in paid},
        doc_id("denied"): set(),
    }
    assert answer.stories == len({quote.story for quote in answer.quotes})
    assert answer.copies >= 5
    assert f"{answer.stories} separate reports, plus {answer.copies} reprints." in cards.state_html(
        answer
    )


def test_the_command_line_lists_copies_and_shows_them_when_asked(
    built: tuple[Path, BuildReport], capsys: pytest.CaptureFixture[str]
) -> None:
    index = str(built[0])
    asked = ["search", QUESTION, "--index", index, "--json", "--k", "20"]
    retrieval.cli.main.main(asked)
    hits = json.loads(capsys.readouterr().out)["hits"]
    (best,) = [hit for hit in hits if hit["doc_id"] == FIRST]
    assert best["copies"][0] == {
        "doc_id": doc_id("copy4"),
        "source": "Evening Gull",
        "published": "2024-03-05",
        "path": "news.jsonl#copy4",
    }
    retrieval.cli.main.main([*asked, "--copies"])
    every = {hit["doc_id"] for hit in json.loads(capsys.readouterr().out)["hits"]}
    assert COPIES | {FIRST} <= every


def test_show_names_the_copies_of_an_article(
    built: tuple[Path, BuildReport], capsys: pytest.CaptureFixture[str]
) -> None:
    retrieval.cli.main.main(["show", doc_id("copy0"), "--index", str(built[0])])
    out = capsys.readouterr().out
    assert f"Also in {FIRST} (The Buoy, 2024-03-04)" in out
    assert out.count("Also in") == 6


def test_an_answer_says_how_many_reports_it_rests_on(
    built: tuple[Path, BuildReport], capsys: pytest.CaptureFixture[str]
) -> None:
    retrieval.cli.main.main(["ask", QUESTION, "--index", str(built[0]), "--min-score", "0"])
    assert re.search(r"separate reports, plus [56] reprints", capsys.readouterr().out)


def test_more_copies_than_are_fetched_at_first_leave_room_for_other_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "news.jsonl"
    rows = [row(f"{n:03}", STORY, "Planet") for n in range(70)]
    rows += [row(name, text, "Elsewhere") for name, text in OTHERS]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    indexer.cli.main.main(["build", str(file), "--index", str(tmp_path / "index"), "--quiet"])
    with SearchEngine.open(tmp_path / "index") as engine:
        monkeypatch.setattr("retrieval.ranking.ranker.RETRIEVAL_DEPTH", 5)
        found = engine.search(QUESTION, 4).hits
    assert len(found) == 4
    assert len({hit.found.passage.doc_id for hit in found}) >= 3
