"""The reading panel: a whole article, scrolled to the open quote."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from dateline.page import html
from dateline.page.links import Link, Place
from dateline.page.sidebar import go_to
from retrieval import SearchEngine

_HERE = Path(__file__).resolve().parent


def reading_panel(
    engine: SearchEngine, place: Place, quotes: Sequence[Place], link: Link, *, chosen: bool
) -> None:
    """Draw an article with a place marked, and the other quotes from it lighter.

    Args:
        engine: the engine that answered.
        place: the place to scroll to.
        quotes: the quotes of the answer, in order.
        link: the address of the page.
        chosen: the user opened this place.
    """
    document = engine.document(place.doc_id)
    state = engine.source_state(document)
    corrections = engine.corrections(place.doc_id)
    st.html(html.source_html(document, state, engine.copies(place.doc_id), corrections))
    with st.container(horizontal=True, vertical_alignment="center"):
        _steps(place, quotes, link)
        show_removed = st.toggle("Show page clutter (menus, comments)", key="removed")
    others = [each.span for each in quotes if each.doc_id == place.doc_id and each != place]
    body = html.article_html(
        document,
        engine.regions(place.doc_id),
        place,
        state,
        others=others,
        show_removed=show_removed,
    )
    style, script = ((_HERE / name).read_text("utf-8") for name in ("article.css", "article.js"))
    page = html.article_page(body, style, script, chosen=chosen)
    st.iframe(page, height=640, alt="The whole article, scrolled to the quote")


def _steps(place: Place, quotes: Sequence[Place], link: Link) -> None:
    """Draw the buttons that open the quotes before and after the open one."""
    if place not in quotes or len(quotes) == 1:
        return
    at = quotes.index(place)
    steps = (
        ("Previous quote", at - 1, ":material/arrow_upward:"),
        ("Next quote", at + 1, ":material/arrow_downward:"),
    )
    for label, to, icon in steps:
        inside = 0 <= to < len(quotes)
        st.button(
            label,
            icon=icon,
            type="tertiary",
            disabled=not inside,
            on_click=go_to,
            args=(replace(link, open=quotes[to].name),) if inside else (),
        )
