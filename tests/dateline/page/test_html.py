"""What the page shows of an answer: the right words, and nothing of an article as markup."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest

from dateline.page.cards import citation_text, hit_html, lead_html, quote_html, state_html
from dateline.page.html import (
    article_html,
    article_page,
    format_staleness,
    holdings_html,
    index_html,
    notice_html,
    source_html,
    unknown_html,
)
from dateline.page.links import Place
from indexer.catalog.statistics import Facets
from indexer.corpus.roots import CorpusRoot, CorpusRoots
from indexer.documents import NO_METADATA, Document, Finding, Metadata, Region, Span
from indexer.encoding.encoder import EncoderSpec
from indexer.storage.manifest import Manifest, Versions
from indexer.storage.read_settings import DEFAULT_SETTINGS
from indexer.storage.staleness import SourceState, Staleness
from retrieval.answering.answers import Answer, IndexInfo, Quote
from retrieval.answering.citations import cite
from retrieval.ranking.hits import Explanation, RetrieverRank
from tests.support.answer_builders import DOCUMENTS, answer_with, hit, quote

FERRY = DOCUMENTS["ferry.txt"]
INFO = IndexInfo("index", 3, 1234, 56789, Staleness(0, 0, 0), ("my articles",))
MANIFEST = Manifest(
    generation=3,
    roots=CorpusRoots((CorpusRoot("articles"),)),
    settings=DEFAULT_SETTINGS,
    files_read=1234,
    corpus_sha256="",
    built_at="2026-07-29T19:14:05+00:00",
    built_by="Dateline",
    encoder=EncoderSpec("sentence-transformers/all-MiniLM-L6-v2", "", 384, 256),
    bm25="tantivy",
    versions=Versions(1, 1, 1, 1, 1),
    documents=1234,
    passages=56789,
    skipped={},
    removed={},
    languages={},
    files=(),
)
HOSTILE = "<img src=x onerror=alert(1)>"


def described(document: Document, title: str, source: str, published: str) -> Document:
    metadata = Metadata(
        title=Finding(title, "first line"),
        source=Finding(source, "credit line"),
        published=Finding(published, "date line"),
    )
    return replace(document, metadata=metadata)


def quote_of(document: Document, state: SourceState = "same") -> Quote:
    citation = cite(document, Span(0, 25), Span(10, 24), state)
    return replace(quote("ferry.txt", "The"), citation=citation, score=0.876)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (answer_with(quotes=(quote("ferry.txt", "The"),)), "1 quote from 1 article."),
        (
            answer_with(
                quotes=(
                    quote("ferry.txt", "The"),
                    quote("ferry.txt", "Nobody"),
                    quote("port.txt", "The"),
                )
            ),
            "3 quotes from 2 articles.",
        ),
        (
            answer_with(("ferry.txt",), state="related"),
            "<h2>No confident answer. It may be here:</h2>",
        ),
        (
            answer_with(("ferry.txt",), (quote("ferry.txt", "The", confirmed=False),)),
            "Possible answer, not confirmed.",
        ),
        (answer_with(state="not_found"), "<h2>No answer found in these articles</h2>"),
    ],
)
def test_the_state_is_said_in_words(answer: Answer, words: str) -> None:
    assert words in state_html(answer)


def test_the_answer_stands_on_top_with_its_outlet_and_date() -> None:
    found = quote_of(described(FERRY, "Ferry", "The Post", "2023-10-26"))
    page = state_html(answer_with(quotes=(found,)))
    assert '<p class="words"><mark>sank on Monday</mark></p>' in page
    assert "<span><bdi>The Post</bdi></span><span>2023-10-26</span>" in page
    unsure = state_html(answer_with(quotes=(replace(found, confirmed=False),)))
    assert '<p class="words"><mark class="possible">sank on Monday</mark></p>' in unsure
    assert "sank" not in state_html(answer_with(quotes=(found,)), "changed")


def test_a_card_shows_the_marked_words_the_source_and_how_sure_it_is() -> None:
    page = quote_html(quote_of(described(FERRY, "Ferry", "The Post", "2023-10-26T20:42")), "same")
    assert "<blockquote>The ferry <mark>sank on Monday</mark>.</blockquote>" in page
    assert '<p class="headline">Ferry</p>' in page
    assert "<span><bdi>The Post</bdi></span><span>2023-10-26 20:42</span>" in page
    assert '<span class="sure strong">strong</span>' in page
    assert "the reader estimates it: 0.88" in page
    likely = quote_html(replace(quote_of(FERRY), score=0.5), "same")
    assert '<span class="sure likely">likely</span>' in likely


def test_a_quote_that_is_not_confirmed_is_possible_on_its_card_and_in_its_article() -> None:
    possible = replace(quote_of(FERRY), confirmed=False)
    page = quote_html(possible, "same")
    assert 'The ferry <mark class="possible">sank on Monday</mark>.' in page
    assert '<span class="sure possible">possible</span>' in page
    article = article_html(FERRY, (), Place.of_quote(possible), "same", show_removed=True)
    assert '<mark id="quote" class="possible">' in article


def test_an_answer_explains_dashed_marks_only_where_it_has_some() -> None:
    sure, unsure = quote("ferry.txt", "The"), quote("port.txt", "The", confirmed=False)
    words = "Dashed marks are possible answers, not confirmed."
    assert words in state_html(answer_with(quotes=(sure, unsure)))
    assert words not in state_html(answer_with(quotes=(sure,)))
    assert words not in state_html(answer_with(quotes=(unsure,)))


def test_a_card_says_what_is_unknown() -> None:
    page = quote_html(quote_of(FERRY), "same")
    assert "outlet unknown" in page
    assert "date unknown" in page
    assert "headline" not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [("changed", "has changed since it was indexed"), ("missing", "is missing or unreadable")],
)
def test_nothing_is_marked_when_the_file_is_not_the_one_indexed(
    state: SourceState, words: str
) -> None:
    page = quote_html(quote_of(FERRY), state)
    assert "<mark" not in page
    assert words in page
    place = Place.of_quote(quote_of(FERRY))
    assert "<mark" not in article_html(FERRY, (), place, state, show_removed=True)
    assert words in source_html(FERRY, state)


def test_a_quoted_headline_is_called_one_and_not_said_twice() -> None:
    page = quote_html(
        quote_of(described(FERRY, "The ferry sank on Monday.", "Post", "2023")), "same"
    )
    assert page.count("The ferry") == 1
    assert "<span>2023</span><span><bdi>headline</bdi></span>" in page


def test_a_card_names_the_outlets_of_its_copies() -> None:
    page = quote_html(quote("ferry.txt", "The", copies=("copy.txt",)), "same")
    assert 'Also published by <span class="unknown">outlet unknown</span>' in page


def test_nothing_that_an_article_says_about_itself_is_markup() -> None:
    document = described(FERRY, HOSTILE, HOSTILE, HOSTILE)
    shown = quote_html(quote_of(document), "same") + source_html(document, "same")
    found = replace(hit("ferry.txt", 1).found, title=HOSTILE, source=HOSTILE, text=HOSTILE)
    shown += hit_html(replace(hit("ferry.txt", 1), found=found), HOSTILE)
    shown += state_html(answer_with(quotes=(quote_of(document),))) + unknown_html([HOSTILE])
    shown += lead_html(quote_of(document), "same", "onerror")
    shown += notice_html(HOSTILE, HOSTILE) + index_html(
        INFO, replace(MANIFEST, roots=CorpusRoots((CorpusRoot(HOSTILE),)))
    )
    assert "<img" not in shown
    assert shown.count("&lt;img src=x ") == 17


def test_a_passage_says_how_it_was_found() -> None:
    both = Explanation(RetrieverRank(1, 12.345), RetrieverRank(3, 0.6), "sum")
    page = hit_html(replace(hit("ferry.txt", 2), explanation=both), "?")
    assert '<strong class="number">2</strong>' in page
    assert "score 0.5000; keywords rank 1 (12.35), meaning rank 3 (0.60)" in page
    one = Explanation(None, RetrieverRank(3, 0.6), "sum")
    page = hit_html(replace(hit("ferry.txt", 2), explanation=one), "?")
    assert "<span>score 0.5000; meaning rank 3 (0.60)</span>" in page


def test_words_of_the_question_are_bold_in_any_form() -> None:
    page = hit_html(hit("ferry.txt", 1), "which ferries were sinking?")
    assert '<p class="text">The <b>ferry</b> sank on Monday.' in page


def test_a_lead_has_the_candidate_marked_lightly() -> None:
    page = lead_html(quote_of(FERRY), "same", "did a ferry sink on Monday?")
    assert (
        '<blockquote>The <b>ferry</b> <mark class="possible">sank on <b>Monday</b></mark>.'
        "</blockquote>" in page
    )
    assert "<mark" not in lead_html(quote_of(FERRY), "changed", "ferry")


def test_a_citation_is_one_line_to_copy() -> None:
    cited = quote_of(described(FERRY, "Ferry", "The Post", "2023-10-26")).citation
    assert citation_text(cited) == "The Post, “Ferry”, 2023-10-26, ferry.txt"
    assert citation_text(quote_of(FERRY).citation) == "undated, ferry.txt"


def test_what_an_index_holds_is_one_line() -> None:
    facets = Facets(65, (("A", 40), ("B", 20)), (), (), (("2023-01", 5), ("2025-12", 9)))
    assert holdings_html(facets) == (
        '<p class="holdings">65 articles · 2 outlets · Jan 2023 – Dec 2025</p>'
    )
    assert holdings_html(Facets(1)) == '<p class="holdings">1 article</p>'


def test_the_reading_panel_links_only_to_addresses_of_the_web() -> None:
    for url, is_link in (("https://x.example/a", True), ("javascript:alert(1)", False)):
        metadata = replace(NO_METADATA, url=Finding(url, "address line"))
        page = source_html(replace(FERRY, metadata=metadata), "same")
        assert ("<a href" in page) is is_link
        assert url in page


def test_the_reading_panel_says_where_a_date_was_found() -> None:
    page = source_html(described(FERRY, "Ferry", "The Post", "2023-10-26T20:42"), "same")
    assert "<h2>Ferry</h2>" in page
    assert "<dt>Published</dt><dd>2023-10-26 20:42 (date line)</dd>" in page


def test_other_quotes_of_an_article_are_marked_lightly() -> None:
    place = Place(FERRY.doc_id, Span(0, 25))
    page = article_html(FERRY, (), place, "same", others=[Span(26, 42)], show_removed=True)
    assert page == (
        '<mark id="quote">The ferry sank on Monday.</mark> '
        '<mark class="other">Nobody was hurt.</mark>'
    )


def test_an_opened_passage_is_marked_in_its_whole_article() -> None:
    page = article_html(FERRY, (), Place.of_hit(hit("ferry.txt", 1)), "same", show_removed=True)
    assert page == '<mark id="quote">The ferry sank on Monday. Nobody was hurt.</mark>'


def test_the_headline_inside_the_article_is_a_heading() -> None:
    title = Metadata(title=Finding("The ferry", "first line", 0, 9))
    document = replace(FERRY, metadata=title)
    regions = (Region(0, 25, kept=True), Region(26, 42, kept=False, reason="footer"))
    place = Place(document.doc_id, Span(10, 14))
    assert article_html(document, regions, place, "same", show_removed=False) == (
        '<span class="title" role="heading" aria-level="2">The ferry</span> '
        '<mark id="quote">sank</mark> on Monday. '
        '<span class="gap" role="note">[footer removed]</span>'
    )


def test_the_policy_of_the_panel_lets_in_only_its_own_style_and_script() -> None:
    page = article_page("<p>text</p>", "p{}", "go()", chosen=False)
    policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    digests = [b64encode(sha256(part).digest()).decode() for part in (b"p{}", b"go()")]
    assert policy
    assert policy[1] == (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'"
    )
    assert "<style>p{}</style>" in page
    assert "<script>go()</script>" in page


def test_only_a_chosen_place_may_move_the_page() -> None:
    assert "data-chosen" in article_page("", "", "", chosen=True)
    assert "data-chosen" not in article_page("", "", "", chosen=False)


@pytest.mark.parametrize(
    ("stale", "words"),
    [
        (None, "Not checked (large folder)"),
        (Staleness(0, 0, 0), "Up to date"),
        (
            Staleness(1, 2, 3),
            "1 changed, 2 added, 3 deleted since the last build. "
            "To update: python -m indexer update --index index",
        ),
    ],
)
def test_staleness_is_told_with_the_command_that_updates(
    stale: Staleness | None, words: str
) -> None:
    assert format_staleness(replace(INFO, stale=stale)) == words


def test_the_index_is_described_with_all_that_a_reader_can_check() -> None:
    assert index_html(INFO, MANIFEST) == (
        '<dl class="facts"><dt>Articles</dt><dd>1,234</dd><dt>Passages</dt><dd>56,789</dd>'
        "<dt>Encoder</dt><dd>sentence-transformers/all-MiniLM-L6-v2</dd>"
        "<dt>Built</dt><dd>2026-07-29 19:14 UTC</dd><dt>Generation</dt><dd>3</dd>"
        "<dt>Folder</dt><dd>articles</dd>"
        "<dt>State</dt><dd>Up to date</dd></dl>"
    )
