"""The page in every state, over real indexes; nothing of it may end in a traceback."""

import re
import shutil
import time
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from lxml.html import fromstring
from streamlit.testing.v1 import AppTest

from indexer.build.pipeline import IndexConfig, build
from indexer.documents import doc_id_of
from indexer.storage.manifest import read_manifest, write_manifest
from retrieval import SearchEngine
from retrieval.readers import trained as trained_reader
from retrieval.readers.trained_files import BUNDLED_READER
from tests.support.evidence import XSS
from tests.support.page_states import (
    SECONDS,
    Page,
    address,
    ask,
    click,
    corpus_of,
    first_passage,
    labels,
    marked,
    panel,
    shown,
)

ROOT = Path(__file__).resolve().parents[2]
ASKED = "What did the US ask Iran?"
OFF_TOPIC = "Which sourdough starter rises fastest in winter?"

HOSTILE = """<img src=x onerror=alert(1)> ferry strike

The ferry captain **boldly** refused [the harbour](javascript:alert(1)) $\\LaTeX$ :smile: :red[x].
<script>alert(2)</script> The ferry strike began on Monday, said \u202ethe captain.
"""


def test_without_a_question_the_page_says_what_can_be_asked(open_page: Page) -> None:
    page = open_page()
    assert "What you can ask" in shown(page)
    assert "5 articles · 1 outlet · Oct 2023" in shown(page)
    assert not page.get("iframe")


def test_a_question_made_from_a_headline_is_asked(open_page: Page) -> None:
    page = click(open_page(), "What did US ask Iran?")
    assert address(page) == {"q": "What did US ask Iran?"}
    assert page.text_input(key="q").value == "What did US ask Iran?"
    assert " quotes from " in shown(page)


def test_the_outlets_and_the_newest_articles_are_a_click_away(open_page: Page) -> None:
    page = click(open_page(), "Iran Front Page (2)")
    assert address(page) == {"source": "Iran Front Page"}
    page = open_page()
    newest = [each for each in page.button if str(each.key).startswith("newest-")]
    page = newest[0].click().run()
    assert marked(page) == "What US told Iran in recent messages on Gaza?"


def test_questions_of_this_visit_are_listed_latest_first(open_page: Page) -> None:
    page = ask(ask(open_page(), OFF_TOPIC), "Who met Murphy?")
    page = ask(page, "")
    recent = [str(b.key) for b in page.button if str(b.key).startswith("Your recent")]
    assert recent == [
        "Your recent questions-Who met Murphy?",
        f"Your recent questions-{OFF_TOPIC}",
    ]


def test_a_misspelt_name_offers_the_one_that_the_articles_have(open_page: Page) -> None:
    page = open_page(q="Who killed Haniya?")
    assert "In no article: <b>Haniya</b>" in shown(page)
    page = click(page, "Did you mean Haniyeh?")
    assert address(page) == {"q": "Who killed Haniyeh?"}
    assert "In no article" not in shown(page)


def test_the_next_quote_opens_from_the_reading_panel(open_page: Page, seeds_index: Path) -> None:
    page = open_page(q=ASKED)
    with SearchEngine.open(seeds_index) as engine:
        quotes = [quote.citation.quote for quote in engine.answer(ASKED).quotes]
    assert marked(page) == quotes[0]
    assert next(b for b in page.button if b.label == "Previous quote").disabled
    page = click(page, "Next quote")
    assert marked(page) == quotes[1]
    assert marked(click(page, "Previous quote")) == quotes[0]


def test_an_answer_is_exported_in_every_format(open_page: Page) -> None:
    page = open_page(q=ASKED)
    assert [each.proto.label for each in page.get("download_button")] == [
        "Evidence pack (JSON)",
        "Markdown",
        "Spreadsheet (CSV)",
        "BibTeX",
        "Web page (HTML)",
    ]


def test_crossed_dates_find_nothing_and_say_so(open_page: Page) -> None:
    page = open_page(q=ASKED, after="2024-01-01", before="2023-01-01")
    assert "No answer found in these articles" in shown(page)


def test_a_typed_question_is_answered_with_the_quotes_of_the_engine(
    open_page: Page, seeds_index: Path
) -> None:
    page = ask(open_page(), ASKED)
    with SearchEngine.open(seeds_index) as engine:
        quotes = engine.answer(ASKED).quotes
    assert address(page) == {"q": ASKED}
    text = unescape(re.sub("</?mark[^>]*>", "", shown(page)))
    assert len(quotes) > 1
    assert [quote.citation.quote for quote in quotes if quote.citation.quote not in text] == []
    assert marked(page) == quotes[0].citation.quote


def test_a_clicked_quote_opens_in_its_article_and_in_the_address(
    open_page: Page, seeds_index: Path
) -> None:
    page = click(open_page(q=ASKED), "Open quote 2 in its article")
    with SearchEngine.open(seeds_index) as engine:
        cited = engine.answer(ASKED).quotes[1].citation
    assert address(page)["open"] == f"{cited.doc_id}:{cited.start}-{cited.end}"
    assert marked(page) == cited.quote
    assert cited.path in shown(page)


def test_a_link_reproduces_question_filters_and_open_quote(open_page: Page) -> None:
    first = click(open_page(q=ASKED, quotes="3", undated="1"), "Open quote 2 in its article")
    second = open_page(**address(first))
    assert shown(second) == shown(first)
    assert panel(second) == panel(first)
    assert second.number_input(key="quotes").value == 3
    assert second.toggle(key="undated").value is True


def test_a_ranked_passage_opens_in_its_article(open_page: Page, seeds_index: Path) -> None:
    page = open_page(q=ASKED)
    with SearchEngine.open(seeds_index) as engine:
        answer = engine.answer(ASKED)
    last = answer.hits[-1].found
    page = click(page, f"Open passage {len(answer.hits)} in its article")
    assert marked(page) == last.text
    assert f"Related passages ({len(answer.hits)})" in [found.label for found in page.expander]


def test_a_quote_that_is_no_longer_part_of_the_answer_is_said_to_be(open_page: Page) -> None:
    page = open_page(q=ASKED, open="0123456789abcdef:1-9")
    assert "is no longer part of the answer" in shown(page)
    assert page.get("iframe")


def test_removed_text_is_hidden_until_it_is_asked_for(open_page: Page) -> None:
    article = doc_id_of("000_ea7539c17dd2a708.txt")
    page = open_page(q="Which senator met Takht-Ravanchi?")
    opening = [each for each in page.button if each.label.endswith("in its article")]
    page = next(each for each in opening if article in str(each.key)).click().run()
    assert "comment section removed]" in panel(page)
    assert "Please enter your comment!" not in panel(page)
    page.toggle(key="removed").set_value(True).run()
    assert "comment section removed]" not in panel(page)
    assert "Please enter your comment!" in panel(page)


def test_a_question_off_the_topic_is_not_answered(open_page: Page) -> None:
    page = open_page(q=OFF_TOPIC)
    assert "No answer found in these articles" in shown(page)
    assert not page.get("iframe")


def test_related_passages_are_shown_as_such_and_open(open_page: Page, seeds_index: Path) -> None:
    candidates = (
        "What did Iran ask Chris Murphy to do about Canada?",
        "How many rockets did Hamas fire in May?",
        "When will the nuclear talks in Vienna end?",
        "Who is the prime minister of Lebanon?",
        "What did Mousavi say about the price of oil?",
    )
    with SearchEngine.open(seeds_index) as engine:
        question = next(q for q in candidates if engine.answer(q).state == "related")
    page = open_page(q=question)
    html = shown(page)
    assert "No confident answer. It may be here:" in html
    assert 1 <= html.count('<article class="quote lead">') <= 5
    assert "<b>" in html
    (passages,) = [each for each in page.expander if each.label.startswith("Related passages")]
    assert not passages.proto.expanded
    assert marked(click(page, "Open quote 1 in its article")) != ""
    assert marked(click(page, "Open passage 1 in its article")) != ""


@pytest.mark.usefixtures("only_possible")
def test_a_possible_answer_is_shown_as_not_confirmed(open_page: Page, seeds_index: Path) -> None:
    st.cache_resource.clear()
    try:
        page = open_page(q=ASKED)
        with SearchEngine.open(seeds_index) as engine:
            answer = engine.answer(ASKED)
    finally:
        st.cache_resource.clear()
    assert answer.state == "possible"
    html = shown(page)
    assert "Possible answer, not confirmed. Check it in context." in html
    assert "No confident answer" not in html
    assert "No answer" not in html
    cards, on_top = len(answer.quotes), 1
    assert html.count('<mark class="possible">') == html.count("<mark") == cards + on_top
    assert html.count('<span class="sure possible">') == cards
    assert '<mark id="quote" class="possible">' in panel(page)
    assert marked(page) == answer.quotes[0].citation.quote
    (passages,) = [each for each in page.expander if each.label.startswith("Related passages")]
    assert not passages.proto.expanded


def test_no_hits_at_all_is_said_and_offers_nothing_to_open(open_page: Page) -> None:
    page = open_page(q=ASKED, source="The Outlet That Is Not There")
    assert "No answer found in these articles" in shown(page)
    assert "Outlet The Outlet That Is Not There leaves none of 5 articles." in shown(page)
    assert not [button for button in page.button if button.label.endswith("in its article")]
    assert [each.label for each in page.expander] == ["About this index"]
    page = click(page, "Search without filters")
    assert address(page) == {"q": ASKED}
    assert " quotes from " in shown(page)


def test_a_filter_goes_into_the_address_and_out_of_it_again(open_page: Page) -> None:
    page = open_page(q=ASKED)
    outlets = page.multiselect(key="source")
    assert outlets.options == ["Iran Front Page (2)"]
    outlets.set_value(["Iran Front Page"]).run()
    assert address(page) == {"q": ASKED, "source": "Iran Front Page"}
    assert "outlet unknown" not in shown(page)
    page = click(page, "Outlet: Iran Front Page")
    assert address(page) == {"q": ASKED}
    assert page.multiselect(key="source").value == []


def test_an_author_and_a_language_are_filters_too(open_page: Page) -> None:
    page = open_page(q=ASKED, lang="English; newspeak")
    assert page.multiselect(key="lang").value == ["English"]
    assert "Ignored the filter lang=&#x27;newspeak&#x27;" in shown(page)
    page = open_page(q=ASKED, lang="English", author="Nobody At All")
    assert page.multiselect(key="author").value == ["Nobody At All"]
    assert "No article is by &#x27;Nobody At All&#x27;" in shown(page)


def test_a_date_filter_says_how_many_undated_articles_it_leaves_out(open_page: Page) -> None:
    page = open_page(q="What messages did the US send?", after="2023-10-01")
    assert page.text_input(key="after").value == "2023-10-01"
    assert "date unknown" not in shown(page)
    assert "The date filter hides 4 undated articles." in shown(page)


def test_an_address_that_cannot_be_read_is_explained(open_page: Page) -> None:
    page = open_page(q=ASKED, after="soon", k="0")
    assert "Ignored the date filter after=&#x27;soon&#x27;" in shown(page)
    assert "&#x27;k=0&#x27; in the link is out of range" in shown(page)
    assert " quotes from " in shown(page)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_every_day_that_a_calendar_has_can_be_a_limit(open_page: Page, day: str) -> None:
    assert "Filters" in shown(open_page(q=ASKED, after=day, before=day))


def test_a_question_of_100_000_characters_is_refused_in_words(open_page: Page) -> None:
    page = ask(open_page(), "why " * 25_000)
    assert "Your question is 99,999 characters long; the limit is 2,000" in shown(page)
    assert address(page) == {}
    assert "the limit is 2,000" in shown(open_page(q="why " * 25_000))


@pytest.mark.parametrize(
    "question", ["?", "the of and", "😀", "Что США просили?", '"', "-a", "\u202e"]
)
def test_no_question_ends_in_a_traceback(open_page: Page, question: str) -> None:
    assert 'class="state"' in shown(open_page(q=question))


def test_the_sidebar_tells_what_the_index_holds(open_page: Page, seeds_index: Path) -> None:
    manifest = read_manifest(seeds_index)
    facts = shown(open_page())
    assert "<dt>Articles</dt><dd>5</dd>" in facts
    assert f"<dt>Passages</dt><dd>{manifest.passages}</dd>" in facts
    assert f"<dd>{manifest.encoder.name}</dd>" in facts
    assert "<dd>Up to date</dd>" in facts


def wait_until_built(page: AppTest) -> AppTest:
    """Run the page again, as its timer does, until no process writes the index."""
    end = time.monotonic() + SECONDS
    while "Building the index" in "".join(each.proto.text for each in page.get("progress")):
        assert time.monotonic() < end
        time.sleep(0.5)
        page.run()
    return page


def test_a_missing_index_is_built_by_its_button_and_then_answers(
    open_page: Page, tmp_path: Path
) -> None:
    index = tmp_path / "in dex"
    page = open_page(index=index, q=ASKED)
    assert "There is no index yet" in shown(page)
    assert page.code[0].value == f"python -m indexer build seeds --index '{index}'"
    page = click(page, "Index the five sample articles")
    other = open_page(index=index)
    assert "Building the index" in "".join(each.proto.text for each in other.get("progress"))
    page = wait_until_built(page)
    assert read_manifest(index).documents == 5
    assert " quotes from " in shown(page)


def test_an_empty_folder_is_offered_to_be_built(open_page: Page, tmp_path: Path) -> None:
    assert "There is no index yet" in shown(open_page(index=tmp_path))


def test_a_build_that_cannot_be_done_says_why(open_page: Page, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("not a folder")
    page = wait_until_built(click(open_page(index=place), "Index the five sample articles"))
    assert "The index could not be built" in shown(page)
    assert "is a file, not an index folder" in shown(page)


def test_a_stale_index_is_updated_by_its_button(open_page: Page, ferry: tuple[Path, Path]) -> None:
    corpus, index = ferry
    assert "Update the index" not in labels(open_page(index=index))
    (corpus / "new.txt").write_text("Captain\n\nThe captain of the ferry went home on Monday.\n")
    st.cache_resource.clear()
    page = wait_until_built(click(open_page(index=index), "Update the index"))
    assert read_manifest(index).documents == 2
    assert LOAD in labels(page)


def test_another_index_of_the_folder_is_chosen_and_kept_in_the_address(
    open_page: Page, ferry: tuple[Path, Path], seeds_index: Path, tmp_path: Path
) -> None:
    shutil.copytree(seeds_index, tmp_path / "seeds")
    page = open_page(index=ferry[1])
    assert page.selectbox(key="index").options == ["index", "seeds"]
    assert "1 article" in shown(page)
    page.selectbox(key="index").set_value("seeds").run()
    assert address(page) == {"index": "seeds"}
    assert "5 articles · 1 outlet" in shown(page)
    assert " quotes from " in shown(ask(page, ASKED))
    assert address(page) == {"q": ASKED, "index": "seeds"}


@pytest.mark.parametrize("name", ["none", "..", "../index", "/etc", "seeds/000001"])
def test_no_address_opens_an_index_of_another_folder(
    open_page: Page, ferry: tuple[Path, Path], name: str
) -> None:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
    open_page(index=ferry[1])
    page.query_params["index"] = name
    page.run()
    assert "There is no index" in shown(page)
    assert "1 article" in shown(page)


@pytest.mark.parametrize("damaged", ["manifest.json", "catalog.sqlite", "vectors.faiss"])
def test_a_damaged_index_says_what_to_do(
    open_page: Page, seeds_index: Path, tmp_path: Path, damaged: str
) -> None:
    index = tmp_path / "index"
    shutil.copytree(seeds_index, index)
    (file,) = index.rglob(damaged)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    page = open_page(index=index, q=ASKED)
    assert "This index can&#x27;t be opened" in shown(page)
    assert "python -m indexer build" in shown(page)
    assert not page.get("iframe")


def add_an_article(corpus: Path, index: Path) -> None:
    number = sum(1 for _ in corpus.iterdir())
    text = f"Captain {number}\n\nThe captain of ferry number {number} went home on Monday.\n"
    (corpus / f"{number}.txt").write_text(text)
    build(corpus, index, IndexConfig(threads=2))


def generation(page: AppTest) -> str:
    return shown(page).partition("<dt>Generation</dt><dd>")[2].partition("<")[0]


LOAD = "Load the updated index"


def test_a_visitor_keeps_the_generation_of_the_visit_and_loads_the_next_when_wanted(
    open_page: Page, ferry: tuple[Path, Path]
) -> None:
    page = open_page(index=ferry[1], q="when did the ferry strike begin?")
    assert LOAD not in labels(page)
    add_an_article(*ferry)
    page.run()
    assert generation(page) == "1"
    assert ("A newer index is available: 2 articles (you are using 1).") in shown(page)
    newcomer = open_page(index=ferry[1])
    assert generation(newcomer) == "2"
    assert LOAD not in labels(newcomer)
    click(page, LOAD)
    assert generation(page) == "2"
    assert LOAD not in labels(page)
    assert "newer index is available" not in shown(page)
    assert "on Monday" in shown(page)


def test_an_update_that_cannot_be_loaded_leaves_the_visitor_where_he_was(
    open_page: Page, ferry: tuple[Path, Path]
) -> None:
    page = open_page(index=ferry[1], q="when did the ferry strike begin?")
    add_an_article(*ferry)
    vectors = ferry[1] / "000002/vectors.faiss"
    vectors.write_bytes(vectors.read_bytes()[:100])
    click(page.run(), LOAD)
    assert "The updated index could not be loaded" in shown(page)
    assert "has 100 bytes, expected" in shown(page)
    assert generation(page) == "1"
    assert "strike began on" in shown(page)


def test_a_generation_that_is_kept_no_more_gives_way_to_the_live_one(
    open_page: Page, ferry: tuple[Path, Path]
) -> None:
    asked = "when did the ferry strike begin?"
    pages = [open_page(index=ferry[1], q=asked)]
    for _ in range(2):
        add_an_article(*ferry)
        pages.append(open_page(index=ferry[1], q=asked))
    assert [generation(page.run()) for page in pages[1:]] == ["2", "3"]
    assert generation(pages[0].run()) == "3"
    assert "strike began on" in shown(pages[0])


def test_an_index_that_was_written_again_with_the_same_articles_is_no_update(
    open_page: Page, ferry: tuple[Path, Path]
) -> None:
    page = open_page(index=ferry[1])
    write_manifest(ferry[1], read_manifest(ferry[1]))
    page.run()
    assert LOAD not in labels(page)
    (ferry[1] / "manifest.json").write_text("{")
    page.run()
    assert LOAD not in labels(page)
    assert generation(page) == "1"


def test_opening_quotes_answers_the_question_only_once(
    open_page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answer = SearchEngine.answer

    def counted(engine: SearchEngine, question: str, **options: Any) -> object:  # noqa: ANN401 - passed on
        asked.append(question)
        return answer(engine, question, **options)

    st.cache_resource.clear()
    monkeypatch.setattr(SearchEngine, "answer", counted)
    page = open_page(q=ASKED)
    click(page, "Open quote 2 in its article")
    page.toggle(key="removed").set_value(True).run()
    open_page(q=ASKED)
    assert asked == [ASKED]
    page.number_input(key="quotes").set_value(2).run()
    assert asked == [ASKED, ASKED]


def test_a_file_that_changes_or_vanishes_loses_its_marks(open_page: Page, tmp_path: Path) -> None:
    text = "Ferry strike\n\nThe ferry strike began on Monday, said the captain of the ferry.\n"
    corpus = corpus_of(tmp_path / "corpus", ferry=text)
    index = tmp_path / "index"
    build(corpus, index, IndexConfig(threads=2))
    asked = "the captain of the ferry said Monday"
    page = open_page(index=index, q=asked, open=first_passage(index, asked))
    assert "captain of the ferry" in marked(page)
    (corpus / "ferry.txt").write_text(text.replace("Monday", "Friday"))
    page.run()
    assert "has changed since it was indexed" in shown(page)
    assert "<mark" not in shown(page) + panel(page)
    assert "began on Monday" in panel(page)
    (corpus / "ferry.txt").unlink()
    page.run()
    assert "is missing or unreadable" in shown(page)
    assert "<mark" not in shown(page) + panel(page)


def test_article_text_reaches_only_escaped_html(open_page: Page, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build(corpus_of(tmp_path / "corpus", hostile=HOSTILE), index, IndexConfig(threads=2))
    asked = "the ferry strike began on Monday"
    page = open_page(index=index, q=asked, open=first_passage(index, asked))
    html = shown(page) + panel(page)
    assert "<img" not in html
    assert html.count("<script>") == 1, "the panel's own"
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert '<bdi class="control" data-code="U+202E">' in html
    for element in [*page.markdown, *page.caption, *page.expander, *page.toggle]:
        assert "ferry" not in str(getattr(element, "label", "") or getattr(element, "value", ""))


def test_a_missing_reader_is_said_and_its_restored_model_is_found(
    open_page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    st.cache_resource.clear()
    model = replace(BUNDLED_READER, path=tmp_path / "reader-1.onnx")
    monkeypatch.setattr(trained_reader, "BUNDLED_READER", model)
    page = open_page(q=ASKED)
    assert "Questions cannot be answered" in shown(page)
    assert "git checkout -- retrieval/models/reader-1.onnx" in shown(page)
    shutil.copyfile(BUNDLED_READER.path, model.path)
    assert "cannot be" not in shown(page.run())
    assert "Open quote 1 in its article" in labels(page)


DRAFT = (
    "The senator asked for calm.\n\n“The United States has called on Iran to convince the "
    "Palestinian resistance movement Hamas to agree to a ceasefire”, the site wrote. "
    "“Nobody in this archive ever said these eight words”, he added.\n"
)


def test_a_pasted_draft_is_shown_with_the_verdicts_in_its_margin(open_page: Page) -> None:
    page = click(open_page(), "Check a draft")
    assert address(page) == {"view": "draft"}
    page.text_area[0].set_value(DRAFT)
    page = click(page, "Check the quotations")
    assert "2 quotations in 5 articles" in shown(page)
    margin, report = (str(frame.proto.srcdoc) for frame in page.get("iframe"))
    assert '<mark class="stands">The United States has called on Iran' in margin
    assert '<mark class="fails">Nobody in this archive' in margin
    assert "Not in this archive" in margin
    assert "000_ea7539c17dd2a708.txt" in report
    assert address(click(page, "Ask a question")) == {}


def test_a_block_quote_of_a_draft_is_shown_without_its_marks(open_page: Page) -> None:
    page = open_page(view="draft")
    page.text_area[0].set_value("He wrote:\n\n> Nobody here ever said these words\n\nMore.\n")
    margin, _ = (
        str(frame.proto.srcdoc) for frame in click(page, "Check the quotations").get("iframe")
    )
    assert '<mark class="fails">Nobody here ever said these words</mark>' in margin
    assert "⟦" not in margin
    assert "⟧" not in margin


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "Paste a draft, or choose a file."), ("A draft without any.", "no quotations found.")],
)
def test_a_draft_without_quotations_is_told(open_page: Page, text: str, told: str) -> None:
    page = open_page(view="draft")
    page.text_area[0].set_value(text)
    page = click(page, "Check the quotations")
    assert told in shown(page)
    assert not page.get("iframe")


def test_nothing_in_a_draft_is_markup(open_page: Page) -> None:
    page = open_page(view="draft")
    hostile = "".join(f"He said “{payload} was what he had seen there”.\n\n" for payload in XSS)
    page.text_area[0].set_value(hostile)
    page = click(page, "Check the quotations")
    for frame in page.get("iframe"):
        found = fromstring(str(frame.proto.srcdoc))
        inside = found.find(".//main")
        assert {each.tag for each in inside.iter()} <= {
            *("main", "mark", "span", "section", "p", "blockquote", "h1", "div", "a", "bdi"),
        }
        for each in inside.iter():
            assert not [name for name in each.attrib if name.startswith("on")]
            assert not str(each.get("href", "https:")).lower().startswith(("java", "data", "vb"))
