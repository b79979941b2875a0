"""An answer: its state, its quotes, the related passages, and the article beside them."""

from dataclasses import replace

import streamlit as st

from dateline.page import html
from dateline.page.links import Link, Place
from dateline.page.reading import reading_panel
from dateline.page.sidebar import go_to
from retrieval import Answer, Quote, SearchEngine


def show_answer(engine: SearchEngine, answer: Answer, link: Link) -> None:
    """Draw an answer, with the open quote or the first one in its article."""
    for warning in answer.warnings:
        notice(warning)
    quotes = [Place.of_quote(quote) for quote in answer.quotes]
    hits = [Place.of_hit(hit) for hit in answer.hits]
    chosen = next((place for place in [*quotes, *hits] if place.name == link.open), None)
    if link.open and not chosen:
        notice("The quote in this link is no longer part of the answer.")
    opened = chosen or next(iter(quotes), None)
    left, right = st.columns([6, 7], gap="large") if opened else (st.container(), None)
    with left:
        st.html(html.state_html(answer))
        for place, quote in zip(quotes, answer.quotes, strict=True):
            _quote_card(engine, quote, link, is_open=place == opened)
        _related_passages(answer, hits, link)
    if opened and right:
        with right, st.container(key="reading"):
            reading_panel(engine, opened, chosen=bool(chosen))


def notice(text: str, title: str = "") -> None:
    """Draw a message."""
    st.html(html.notice_html(text, title))


def _quote_card(engine: SearchEngine, quote: Quote, link: Link, *, is_open: bool) -> None:
    place = Place.of_quote(quote)
    # A cached answer may be older than its file.
    state = engine.source_state(engine.document(quote.citation.doc_id))
    name = f"{'opened' if is_open else 'quote'}-{place.name}"
    with st.container(border=True, gap="xxsmall", key=name):
        st.html(html.quote_html(quote, state))
        _open_button(place, link, "quote")


def _related_passages(answer: Answer, places: list[Place], link: Link) -> None:
    if not answer.hits:
        return
    expanded = answer.state == "related"
    with st.expander(f"Related passages ({len(answer.hits)})", expanded=expanded):
        for hit, place in zip(answer.hits, places, strict=True):
            with st.container(gap="xxsmall"):
                st.html(html.hit_html(hit))
                _open_button(place, link, "passage")


def _open_button(place: Place, link: Link, kind: str) -> None:
    st.button(
        "Open in article",
        key=f"open-{kind}-{place.name}",
        type="tertiary",
        icon=":material/article:",
        on_click=go_to,
        args=(replace(link, open=place.name),),
    )
