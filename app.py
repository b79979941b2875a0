"""The page: ask, read quotes, open each in its article. Widgets and rendering only.

The address holds the question, the filters and the open quote, so that a link reproduces the page.
Whatever comes from an article, a file name or an error is shown by `markup`, which escapes it:
Streamlit's own text elements read Markdown, and article text is untrusted.
"""

import os
import shlex
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import streamlit as st

from dateline.page import html as markup
from dateline.page.generations import offer_update, open_engine, session_engine
from dateline.page.links import MOST_HITS, MOST_QUOTES, Link, Place, each_of, read_link
from indexer.build.pipeline import build
from indexer.errors import DatelineError, IndexNotFoundError, ReaderError
from retrieval import SearchEngine
from retrieval.answering.answers import Answer, Quote
from retrieval.opening import Stamp

HERE = Path(__file__).resolve().parent
LOOKS = HERE / ".streamlit"
SEEDS = HERE / "seeds"
DAYS = ("after", "before")
NAMES = (("source", "Outlet"), ("author", "Author"), ("lang", "Language"))
WIDGETS = ("q", *(name for name, _ in NAMES), *DAYS, "undated", "quotes", "k")

ANY_OF = "Several, with a semicolon between them: any of these."

EXAMPLES = (
    "What did the US ask Iran?",
    "Who met the Iranian ambassador to the UN?",
    "How many Iranians signed up to go to Gaza?",
)


class ProgressBar:
    """Shows the stages of a build."""

    def __init__(self) -> None:
        self._bar = st.progress(0.0, "Starting")
        self._name, self._total, self._done = "", 0, 0

    def stage(self, name: str, total: int | None) -> None:
        """Begin a stage."""
        self._name, self._total, self._done = name, total or 0, 0
        self.advance(0)

    def advance(self, steps: int = 1) -> None:
        """Move the bar."""
        self._done += steps
        share = min(1.0, self._done / self._total) if self._total else 0.0
        count = f": {self._done:,}" + (f" of {self._total:,}" if self._total else "")
        self._bar.progress(share, f"{self._name}{count}")

    def close(self) -> None:
        """Take the bar away."""
        self._bar.empty()


@st.cache_resource(max_entries=64, show_spinner="Reading the articles…")
def ask(
    _engine: SearchEngine,
    stamp: Stamp,  # noqa: ARG001 - part of the key
    asked: Link,
) -> Answer:
    """Answer once per question, filters and generation of the index."""
    return _engine.answer(
        asked.q,
        max_quotes=asked.quotes,
        k=asked.k,
        source=each_of(asked.source),
        author=each_of(asked.author),
        lang=each_of(asked.lang),
        after=asked.after or None,
        before=asked.before or None,
        undated=asked.undated,
    )


def main() -> None:
    """Draw the page from its address."""
    link, problems = read_link(st.query_params.to_dict())
    st.set_page_config(
        page_title=f"{link.q} – Dateline" if link.q else "Dateline",
        page_icon=str(LOOKS / "icon.svg"),
        layout="wide",
    )
    st.html(LOOKS / "page.css")
    fill_widgets(link)
    st.html(markup.MASTHEAD)
    question_box()
    for problem in [*problems, *st.session_state.pop("problems", ())]:
        notice(problem)
    index = Path(os.environ.get("DATELINE_INDEX", "index"))
    try:
        with session_engine(index) as engine:
            offer_update(index, engine)
            sidebar(engine)
            if link.q:
                stamp = st.session_state["stamp"]
                show_answer(engine, ask(engine, stamp, replace(link, open="")), link)
            else:
                show_help(engine)
    except IndexNotFoundError as error:
        offer_build(index, error)
    except ReaderError as error:
        open_engine.clear()  # the next run finds the restored file
        notice(str(error), title="Questions cannot be answered")
    except DatelineError as error:
        notice(str(error), title="The index cannot be used")


def fill_widgets(link: Link) -> None:
    """Put what the address says into the widgets, when it has changed since the last run."""
    state = st.session_state
    values = asdict(link)
    for name in DAYS:
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    for name in WIDGETS:
        if state.get("link") != link or name not in state:
            state[name] = values[name]
    state["link"] = link


def follow_widgets() -> None:
    """Put what the widgets say into the address; nothing is open after a new question."""
    state = st.session_state
    given = {name: state[name] for name in WIDGETS if state.get(name)}
    given |= {name: given[name].isoformat() for name in DAYS if name in given}
    link, state["problems"] = read_link(Link(**given).parameters())
    state["link"] = link  # what was typed stays, even where it is not understood
    go_to(link)


def go_to(link: Link) -> None:
    """Show another address."""
    st.query_params.from_dict(link.parameters())


def question_box() -> None:
    """Draw the question and its button; Enter asks too."""
    with st.form("question", border=False):
        box, button = st.columns([6, 1], vertical_alignment="bottom")
        box.text_input("Question", key="q", placeholder="What did the US ask Iran?")
        button.form_submit_button("Ask", type="primary", width="stretch", on_click=follow_widgets)


def sidebar(engine: SearchEngine) -> None:
    """Draw the filters and what the index holds."""
    with st.sidebar:
        st.html('<h2 class="side">Filters</h2>')
        for name, label in NAMES:
            st.text_input(label, key=name, on_change=follow_widgets, help=ANY_OF)
        for name, label in zip(DAYS, ("Published from", "Published until"), strict=True):
            st.date_input(
                label,
                value=None,
                min_value=date.min,
                max_value=date.max,
                format="YYYY-MM-DD",
                key=name,
                on_change=follow_widgets,
            )
        st.toggle("Keep articles without a date", key="undated", on_change=follow_widgets)
        numbers = (("quotes", "Quotes", MOST_QUOTES), ("k", "Passages", MOST_HITS))
        for column, (name, label, most) in zip(st.columns(2), numbers, strict=True):
            column.number_input(label, 1, most, key=name, on_change=follow_widgets)
        st.html(f'<h2 class="side">Index</h2>{markup.index_html(engine.info, engine.manifest)}')


def show_help(engine: SearchEngine) -> None:
    """Say what can be asked; the examples are about the articles that come with Dateline."""
    if Path(engine.manifest.corpus_root).resolve() == SEEDS:
        st.html('<p class="small">For example</p>')
        with st.container(horizontal=True):
            for example in EXAMPLES:
                st.button(example, on_click=go_to, args=(Link(q=example),))
    st.html(markup.HELP)


def offer_build(index: Path, error: IndexNotFoundError) -> None:
    """Say how to build the index, or build it here."""
    notice(str(error), title="There is no index yet")
    place = "" if index == Path("index") else f" --index {shlex.quote(str(index))}"
    st.html("<p>To try it with the articles that come with Dateline, in its folder:</p>")
    st.code(f"python -m indexer build seeds{place}", language=None)
    if not st.button("Build it now from the five articles in seeds/", type="primary"):
        return
    try:
        build(SEEDS, index, progress=ProgressBar())
    except DatelineError as failure:
        notice(str(failure), title="The index could not be built")
    else:
        st.rerun()


def show_answer(engine: SearchEngine, answer: Answer, link: Link) -> None:
    """Draw the state, the quotes, the ranked passages and the article beside them."""
    for warning in answer.warnings:
        notice(warning)
    quotes = [Place.of_quote(quote) for quote in answer.quotes]
    hits = [Place.of_hit(hit) for hit in answer.hits]
    chosen = next((place for place in [*quotes, *hits] if place.name == link.open), None)
    if link.open and not chosen:
        notice("The quote that this link opens is not part of the answer any more.")
    opened = chosen or next(iter(quotes), None)
    left, right = st.columns([6, 7], gap="large") if opened else (st.container(), None)
    with left:
        st.html(markup.state_html(answer))
        for place, quote in zip(quotes, answer.quotes, strict=True):
            quote_card(engine, quote, link, is_open=place == opened)
        ranked_passages(answer, hits, link)
    if opened and right:
        with right, st.container(key="reading"):
            reading_panel(engine, opened, chosen=bool(chosen))


def quote_card(engine: SearchEngine, quote: Quote, link: Link, *, is_open: bool) -> None:
    """Draw one quote with its source and the button that opens it."""
    place = Place.of_quote(quote)
    # A cached answer may be older than its file.
    state = engine.source_state(engine.document(quote.citation.doc_id))
    name = f"{'opened' if is_open else 'quote'}-{place.name}"
    with st.container(border=True, gap="xxsmall", key=name):
        st.html(markup.quote_html(quote, state))
        open_button(place, link, "quote")


def ranked_passages(answer: Answer, places: list[Place], link: Link) -> None:
    """Draw every passage that was found, with its rank, its score and how it was found."""
    if not answer.hits:
        return
    with st.expander(f"Ranked passages ({len(answer.hits)})", expanded=answer.state == "related"):
        for hit, place in zip(answer.hits, places, strict=True):
            with st.container(gap="xxsmall"):
                st.html(markup.hit_html(hit))
                open_button(place, link, "passage")


def open_button(place: Place, link: Link, kind: str) -> None:
    """Draw the button that opens a place in its article."""
    st.button(
        "Open in article",
        key=f"open-{kind}-{place.name}",
        type="tertiary",
        icon=":material/article:",
        on_click=go_to,
        args=(replace(link, open=place.name),),
    )


def reading_panel(engine: SearchEngine, place: Place, *, chosen: bool) -> None:
    """Draw a whole article, scrolled to the place."""
    document = engine.document(place.doc_id)
    state = engine.source_state(document)
    st.html(markup.source_html(document, state, engine.copies(place.doc_id)))
    show_removed = st.toggle("Show removed text", key="removed")
    body = markup.article_html(
        document, engine.regions(place.doc_id), place, state, show_removed=show_removed
    )
    style, script = ((LOOKS / name).read_text("utf-8") for name in ("article.css", "article.js"))
    page = markup.article_page(body, style, script, chosen=chosen)
    st.iframe(page, height=640, alt="The whole article, scrolled to the quote")


def notice(text: str, title: str = "") -> None:
    """Draw a message."""
    st.html(markup.notice_html(text, title))


main()
