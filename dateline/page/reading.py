"""The reading panel: a whole article, scrolled to the open quote."""

from pathlib import Path

import streamlit as st

from dateline.page import html
from dateline.page.links import Place
from retrieval import SearchEngine

_HERE = Path(__file__).resolve().parent


def reading_panel(engine: SearchEngine, place: Place, *, chosen: bool) -> None:
    """Draw an article with a place marked; `chosen` says that the user opened it."""
    document = engine.document(place.doc_id)
    state = engine.source_state(document)
    st.html(html.source_html(document, state, engine.copies(place.doc_id)))
    show_removed = st.toggle("Show page clutter (menus, comments)", key="removed")
    body = html.article_html(
        document, engine.regions(place.doc_id), place, state, show_removed=show_removed
    )
    style, script = ((_HERE / name).read_text("utf-8") for name in ("article.css", "article.js"))
    page = html.article_page(body, style, script, chosen=chosen)
    st.iframe(page, height=640, alt="The whole article, scrolled to the quote")
