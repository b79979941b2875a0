"""On a pipe an answer is plain text, whatever the article holds."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.documents import Finding, Metadata, Passage, Region, Span, doc_id_of
from indexer.storage.staleness import SourceState, Staleness
from indexer.store import Copy, StoredPassage
from retrieval.answering.answers import STATE_TEXTS, CitedHit, Context, Quote, SearchResult
from retrieval.answering.citations import cite
from retrieval.presentation.terminal import print_answer, print_document, print_search
from retrieval.ranking.hits import Explanation, RetrieverRank
from tests.support.answer_builders import DOCUMENTS, SANK, answer_with, document, hit, quote

HOSTILE = "[bold]red[/bold] :smile: \x1b[31m https://x.y 'q' 12 **b** \u202e\nnext"


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def result(hits: Iterable[CitedHit] = (), warnings: tuple[str, ...] = ()) -> SearchResult:
    found = answer_with()
    return SearchResult("?", tuple(hits), found.index, warnings, found.timings)


def test_an_answer_is_its_state_and_numbered_quotes_with_their_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_answer(answer_with(hits=("port.txt",), quotes=(quote(*SANK, copies=("copy.txt",)),)))
    doc_id = doc_id_of("ferry.txt")
    assert lines(capsys) == [
        "1 separate report, plus 1 reprint",
        "",
        "1. sank on Monday",
        "   title unknown · outlet unknown · date unknown",
        f"   ferry.txt 10-24, score 0.90; open: python -m retrieval show {doc_id} --at 10",
        f"   Also in {doc_id_of('copy.txt')} (outlet unknown)",
    ]


@pytest.mark.parametrize(
    ("state", "note"),
    [("changed", "This file has changed since"), ("missing", "The original file is missing")],
)
def test_a_source_that_is_not_the_same_is_said(
    capsys: pytest.CaptureFixture[str], state: str, note: str
) -> None:
    span = Span(0, 25)
    citation = cite(DOCUMENTS["ferry.txt"], span, span, state)  # type: ignore[arg-type] # a state
    print_answer(answer_with(quotes=(Quote(citation, 0.9, Context("", "")),)))
    assert any(line.startswith(f"   {note}") for line in lines(capsys))


def test_a_possible_answer_says_so_above_and_beside_each_quote_and_shows_three_passages(
    capsys: pytest.CaptureFixture[str],
) -> None:
    possible = answer_with(("port.txt",) * 5, (quote(*SANK, confirmed=False),))
    print_answer(possible)
    printed = lines(capsys)
    doc_id = doc_id_of("ferry.txt")
    assert printed[:5] == [
        "Possible answer, not confirmed. Check it in context:",
        "",
        "1. sank on Monday",
        "   title unknown · outlet unknown · date unknown",
        "   ferry.txt 10-24, score 0.90 (possible); "
        f"open: python -m retrieval show {doc_id} --at 10",
    ]
    assert printed[5:9] == [
        "",
        "Related passages:",
        "",
        "1. title unknown · outlet unknown · date unknown",
    ]
    assert printed.count("The port was shut. Two ships waited outside.") == 3
    print_answer(replace(possible, hits=()))
    assert lines(capsys) == printed[:5]
    print_answer(possible, explain=True)
    assert lines(capsys).count("The port was shut. Two ships waited outside.") == 5


def test_only_the_unconfirmed_quotes_of_an_answer_are_called_possible(
    capsys: pytest.CaptureFixture[str],
) -> None:
    unconfirmed = quote("port.txt", "The port was shut.", confirmed=False)
    print_answer(answer_with(("port.txt",), (quote(*SANK), unconfirmed)))
    printed = lines(capsys)
    places = [line for line in printed if "; open: " in line]
    assert ["(possible)" in line for line in places] == [False, True]
    assert printed[:2] == ["", "1. sank on Monday"]
    assert "Related passages:" not in printed


def test_related_shows_the_passages_and_not_found_shows_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_answer(answer_with(hits=("port.txt",)))
    related = lines(capsys)
    assert related[0] == STATE_TEXTS["related"]
    assert related[-1] == "The port was shut. Two ships waited outside."
    print_answer(answer_with(hits=("port.txt",), state="not_found"))
    assert lines(capsys) == [STATE_TEXTS["not_found"]]


def test_a_search_shows_rank_score_and_text_and_explains_when_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = replace(
        hit("port.txt", 1),
        score=0.75,
        explanation=Explanation(RetrieverRank(2, 8.5), None, "0.5 x 0.5 + 0.5 x 1"),
    )
    print_search(result([found]), explain=True)
    assert lines(capsys) == [
        "",
        "1. title unknown · outlet unknown · date unknown",
        f"   score 0.7500  {doc_id_of('port.txt')}:0",
        "   BM25 rank 2, score 8.5000; dense no match; 0.7500 = 0.5 x 0.5 + 0.5 x 1",
        "The port was shut. Two ships waited outside.",
    ]


def test_no_hit_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    print_search(result())
    assert lines(capsys) == ["No passage found."]


def test_warnings_and_staleness_are_notes_before_the_rest(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    found = result(warnings=("two\nlines",))
    corpus = tmp_path / "my articles"
    corpus.mkdir()
    index = replace(found.index, stale=Staleness(1, 2, 3), corpus=(str(corpus),))
    print_search(replace(found, index=index))
    assert lines(capsys) == [
        "Note: two\\nlines",
        "Note: Articles have changed since the last build (1 changed, 2 added, 3 deleted). "
        "To update: python -m indexer update --index index",
        "No passage found.",
    ]


def test_a_corpus_that_is_not_there_is_to_be_named_rather_than_indexed_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    found = result()
    gone = tmp_path / "gone"
    print_search(
        replace(found, index=replace(found.index, stale=Staleness(0, 0, 3), corpus=(str(gone),)))
    )
    assert lines(capsys) == [
        f"Note: The article folder {gone} is missing, so quotes couldn't be checked. If it moved: "
        "--corpus NEW-FOLDER",
        "No passage found.",
    ]


def test_the_command_that_opens_a_quote_names_its_index_as_a_shell_takes_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = answer_with(quotes=(quote(*SANK),))
    print_answer(replace(answer, index=replace(answer.index, path="my index")))
    assert lines(capsys)[-1] == (
        "   ferry.txt 10-24, score 0.90; open: python -m retrieval show "
        f"{doc_id_of('ferry.txt')} --at 10 --index 'my index'"
    )


def test_a_current_index_is_not_worth_a_note(capsys: pytest.CaptureFixture[str]) -> None:
    found = result()
    print_search(replace(found, index=replace(found.index, stale=Staleness(0, 0, 0))))
    assert lines(capsys) == ["No passage found."]


def test_text_and_metadata_are_shown_as_written_never_obeyed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = r"[bold]red[/bold] :smile: \x1b[31m https://x.y 'q' 12 **b** \u202e"
    found = Metadata(Finding(HOSTILE, "first line"), Finding(HOSTILE, "credit line"))
    article = replace(document(HOSTILE, HOSTILE), metadata=found)
    span = Span(0, len(HOSTILE))
    citation = cite(article, span, Span(5, 9), "same")
    stored = StoredPassage(
        Passage(article.doc_id, 0, len(HOSTILE), "body", ()), HOSTILE, HOSTILE, HOSTILE
    )
    listed = CitedHit(
        found=stored,
        score=1.0,
        rank=1,
        explanation=Explanation(None, None, ""),
        citation=cite(article, span, span, "same"),
    )
    copies = (Copy("c", HOSTILE),)
    answer = answer_with(quotes=(Quote(citation, 0.9, Context("", ""), copies),))
    print_answer(replace(answer, hits=(listed,), warnings=(HOSTILE,)), explain=True)
    written = capsys.readouterr().out
    assert not {"\x1b", "\u202e", "\r"} & set(written)
    rows = written.splitlines()
    assert f"Note: {shown}\\nnext" in rows
    assert f"1. {shown}" in rows
    assert f"   {shown}\\nnext · {shown}\\nnext · date unknown" in rows
    assert shown in rows
    assert f"   Also in c ({shown}\\nnext)" in rows


def test_an_article_shows_removed_regions_by_name_and_marks_the_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = "Head\nFirst sentence. Second one.\nLast line.\nMenu"
    article = document("a.txt", text)
    regions = [Region(0, 43, kept=True), Region(44, 48, kept=False, reason="navigation")]
    print_document(article, regions, at=text.index("Second"))
    assert lines(capsys) == [
        "title unknown · outlet unknown · date unknown",
        f"a.txt  {article.doc_id}",
        "",
        "Head",
        "First sentence. >>> Second one.",
        "Last line.",
        "",
        "[navigation]",
        "Menu",
        "",
    ]


@pytest.mark.parametrize(("at", "marked"), [(43, ">>> Menu"), (45, "M>>> enu")])
def test_a_place_between_or_in_removed_regions_is_marked_too(
    capsys: pytest.CaptureFixture[str], at: int, marked: str
) -> None:
    article = document("a.txt", "Head\nFirst sentence. Second one.\nLast line.\nMenu")
    regions = [Region(0, 43, kept=True), Region(44, 48, kept=False, reason="navigation")]
    print_document(article, regions, at)
    assert lines(capsys)[-3:] == ["[navigation]", marked, ""]


def test_line_ends_of_windows_are_line_ends(capsys: pytest.CaptureFixture[str]) -> None:
    article = document("a.txt", "Head\r\nFirst one.\r\nLast line.\r\n")
    print_document(article, [Region(0, len(article.text), kept=True)], at=6)
    assert capsys.readouterr().out.endswith("\n\nHead\n>>> First one.\nLast line.\n\n\n")


@pytest.mark.parametrize(
    ("state", "note"),
    [("changed", "Note: This file has changed"), ("missing", "Note: The original file is")],
)
def test_nothing_is_marked_in_an_article_whose_file_is_another(
    capsys: pytest.CaptureFixture[str], state: SourceState, note: str
) -> None:
    article = document("a.txt", "Head\nFirst sentence.")
    print_document(article, [Region(0, 20, kept=True)], 5, state)
    first, *rest = lines(capsys)
    assert first.startswith(note)
    assert rest[-3:] == ["Head", "First sentence.", ""]


@pytest.mark.parametrize("at", [None, 999])
def test_an_article_without_a_place_in_it_is_shown_unmarked(
    capsys: pytest.CaptureFixture[str], at: int | None
) -> None:
    article = document("a.txt", "First.\n" + "long " * 100 + "end.")
    print_document(article, [Region(0, len(article.text), kept=True)], at)
    written = capsys.readouterr().out
    assert article.text in written
    assert ">>>" not in written
