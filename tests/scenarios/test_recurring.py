"""Lines that an outlet prints under everything: removed, shown, told of, and taken back."""

import json
from pathlib import Path

import pytest

import indexer.cli.main
import retrieval.cli.main
from dateline.page.html import article_html
from dateline.page.links import Place
from indexer.build.pipeline import BuildReport, IndexConfig, build
from indexer.catalog.reader import Catalog
from indexer.cli.report import build_summary
from indexer.documents import Span, doc_id_of
from indexer.storage.manifest import generation_folder, read_manifest
from indexer.storage.read_settings import ReadSettings
from indexer.storage.verify import verify
from retrieval import SearchEngine
from tests.support.stories import CREDIT, NO_COMMENT, story

REASON = "repeated across documents of one outlet"


def write_export(path: Path, count: int, outlet: str = "The Planet") -> None:
    """Write articles of one outlet, each with a sentence of its story and a credit below it."""
    rows = []
    for number in range(count):
        title, _, text = story(number, NO_COMMENT, CREDIT).partition("\n\n")
        rows.append({"id": f"n{number}", "title": title, "text": text, "source": outlet})
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


def built(corpus: Path, index: Path, *, clean: bool = True) -> BuildReport:
    return build(corpus, index, IndexConfig(threads=1, settings=ReadSettings(clean=clean)))


def catalog_of(index: Path) -> Catalog:
    return Catalog(generation_folder(index, read_manifest(index).generation))


def content(index: Path) -> list[object]:
    """Everything that a build makes of the articles: texts, regions, passages and learned lines."""
    with catalog_of(index) as catalog:
        documents = [
            (document.doc_id, document.text, document.metadata, catalog.regions(doc_id))
            for doc_id in catalog.doc_ids()
            for document in [catalog.document(doc_id)]
        ]
        return [documents, list(catalog.all_passages()), list(catalog.recurring_lines())]


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "export.jsonl"
    write_export(path, 6)
    return path


@pytest.fixture(scope="module")
def index(export: Path) -> Path:
    built(export, export.parent / "index")
    return export.parent / "index"


def test_a_line_over_the_limit_changes_old_articles_and_only_their_changed_passages_are_encoded(
    tmp_path: Path,
) -> None:
    corpus, live, fresh = tmp_path / "export.jsonl", tmp_path / "index", tmp_path / "fresh"
    write_export(corpus, 4)
    first = built(corpus, live)
    assert (first.recleaned, first.encoded, REASON in first.removed) == (0, 8, False)
    before = content(live)

    write_export(corpus, 5)
    over = built(corpus, live)
    # The bodies of the four, which end earlier now, and headline and body of the new one.
    assert (over.recleaned, over.encoded, over.manifest.passages) == (4, 6, 10)
    assert over.removed == {REASON: 5 * len(CREDIT)}
    assert "Cleaned 4 unchanged articles anew" in build_summary(over, live)
    built(corpus, fresh)
    assert content(live) == content(fresh)
    assert verify(live) == []

    write_export(corpus, 4)
    under = built(corpus, live)
    assert (under.recleaned, under.encoded, under.removed) == (4, 4, {})
    assert content(live) == before


def test_a_count_that_changes_without_passing_the_limit_cleans_nothing_differently(
    tmp_path: Path,
) -> None:
    corpus, live = tmp_path / "export.jsonl", tmp_path / "index"
    write_export(corpus, 6)
    built(corpus, live)
    write_export(corpus, 7)
    more = built(corpus, live)
    assert (more.recleaned, more.encoded) == (0, 2)
    assert "cleaned differently" not in build_summary(more, live)
    with catalog_of(live) as catalog:
        (found,) = (r for r in catalog.regions(doc_id_of("export.jsonl#n0")) if not r.kept)
    assert found.detail == "repeated across documents of The Planet"


def test_articles_of_a_folder_without_outlets_are_counted_by_folder(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    for folder, count in (("week", 5), ("old", 4)):
        (corpus / folder).mkdir(parents=True)
        for number in range(count):
            (corpus / folder / f"{number}.txt").write_text(story(number, CREDIT), encoding="utf-8")
    report = built(corpus, tmp_path / "index")
    assert report.removed == {REASON: 5 * len(CREDIT)}
    with catalog_of(tmp_path / "index") as catalog:
        (region,) = (r for r in catalog.regions(doc_id_of("week/0.txt")) if not r.kept)
        assert region.detail == "repeated across documents of the folder week"
        assert all(region.kept for region in catalog.regions(doc_id_of("old/0.txt")))


def test_a_removed_line_is_not_found_but_shown_and_citable(
    index: Path, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    why = "repeated across documents of The Planet"
    with SearchEngine.open(index) as engine:
        assert engine.search('"contributed to this report"').hits == ()
        assert len(engine.search(f'"{NO_COMMENT}"').hits) == 6
        document = engine.document(doc_id_of("export.jsonl#n2"))
        regions = engine.regions(document.doc_id)
        start = document.text.index(CREDIT)
        place = Place(document.doc_id, Span(start, start + len(CREDIT)))
        hidden, shown = (
            article_html(document, regions, place, "same", show_removed=show)
            for show in (False, True)
        )
    assert f'<span class="gap" role="note">[{why} removed]</span>' in hidden
    assert CREDIT not in hidden
    assert f'<span class="removed" data-reason="Not searched: {why}">{CREDIT}</span>' in shown
    assert retrieval.cli.main.main(["show", f"{export}#n2", "--index", str(index)]) == 0
    assert f"[{why}]\n{CREDIT}\n" in capsys.readouterr().out


def test_info_and_the_manifest_count_recurring_lines_under_one_reason(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read_manifest(index).removed == {REASON: 6 * len(CREDIT)}
    assert indexer.cli.main.main(["info", "--index", str(index)]) == 0
    assert f"{6 * len(CREDIT)} {REASON}" in capsys.readouterr().out


def test_clean_knows_recurring_lines_from_an_index_only(
    index: Path, export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def reasons(*arguments: str) -> list[set[str]]:
        assert indexer.cli.main.main(["clean", "--json", *arguments]) == 0
        printed = map(json.loads, capsys.readouterr().out.splitlines())
        return [{region["reason"] for region in article["regions"]} for article in printed]

    assert reasons(str(export)) == [{""}] * 6
    assert reasons(str(export), "--index", str(index)) == [{"", REASON}] * 6
    other = tmp_path / "other.jsonl"
    write_export(other, 1, outlet="The Moon")
    assert reasons(str(other), "--index", str(index)) == [{""}]
    assert indexer.cli.main.main(["clean", str(export), "--index", str(tmp_path)]) == 2
    assert "No index found at" in capsys.readouterr().err


def test_without_cleaning_everything_is_indexed_and_headline_and_date_are_still_found(
    tmp_path: Path,
) -> None:
    corpus, live = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for number in range(6):
        text = story(number, "Share this article", CREDIT, above=["Published: 3 March 2021"])
        (corpus / f"{number}.txt").write_text(text, encoding="utf-8")
    cleaned = built(corpus, live)
    assert set(cleaned.removed) == {"credit or date line", "share or tag line", REASON}
    whole = built(corpus, live, clean=False)
    assert (whole.unchanged, whole.removed, whole.recleaned) == (False, {}, 0)
    assert read_manifest(live).settings.clean is False
    assert built(corpus, live, clean=False).unchanged
    assert verify(live) == []
    with catalog_of(live) as catalog:
        document = catalog.document(doc_id_of("0.txt"))
        (region,) = catalog.regions(document.doc_id)
        passages = [p for p in catalog.all_passages() if p.passage.doc_id == document.doc_id]
        assert list(catalog.recurring_lines()) == []
    assert (region.start, region.end, region.kept) == (0, len(document.text.strip()), True)
    assert (document.title, document.published) == (
        "Council votes on the ferry of Larne",
        "2021-03-03",
    )
    assert [(p.passage.kind, p.text.count(CREDIT)) for p in passages] == [
        ("headline", 0),
        ("body", 1),
    ]
    assert not built(corpus, live).unchanged


def test_no_clean_is_an_option_of_the_build(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--index", str(tmp_path / "index")]
    command = ["build", str(export), *place, "--threads=1", "--no-clean"]
    assert indexer.cli.main.main(command) == 0
    assert "left out of the articles" not in capsys.readouterr().out
    assert read_manifest(tmp_path / "index").settings == ReadSettings(clean=False)
