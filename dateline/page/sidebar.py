"""Filters and facts of the index, and the two-way link between widgets and address."""

from dataclasses import asdict
from datetime import date

import streamlit as st

from dateline.page import html
from dateline.page.links import MOST_HITS, MOST_QUOTES, Link, read_link
from retrieval import SearchEngine

_DAYS = {"after": "From", "before": "To"}
_NAMES = {"source": "Outlet", "author": "Author", "lang": "Language"}
_WIDGETS = ("q", *_NAMES, *_DAYS, "undated", "quotes", "k")


def fill_widgets(link: Link) -> None:
    """Set the widgets from the address when it has changed since the last run."""
    state = st.session_state
    values = asdict(link)
    for name in _DAYS:
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    for name in _WIDGETS:
        if state.get("link") != link or name not in state:
            state[name] = values[name]
    state["link"] = link


def follow_widgets() -> None:
    """Set the address from the widgets; a new question opens nothing."""
    state = st.session_state
    given = {name: state[name] for name in _WIDGETS if state.get(name)}
    given |= {name: given[name].isoformat() for name in _DAYS if name in given}
    link, state["problems"] = read_link(Link(**given).parameters())
    state["link"] = link  # what was typed stays, even where it is not understood
    go_to(link)


def go_to(link: Link) -> None:
    """Show another address."""
    st.query_params.from_dict(link.parameters())


def sidebar(engine: SearchEngine) -> None:
    """Draw the filters and what the index holds."""
    with st.sidebar:
        st.html('<h2 class="side">Filters</h2>')
        for name, label in _NAMES.items():
            st.text_input(
                label,
                key=name,
                on_change=follow_widgets,
                help="To include several, separate them with semicolons.",
            )
        for name, label in _DAYS.items():
            st.date_input(
                label,
                value=None,
                min_value=date.min,
                max_value=date.max,
                format="YYYY-MM-DD",
                key=name,
                on_change=follow_widgets,
            )
        st.toggle("Include undated articles", key="undated", on_change=follow_widgets)
        numbers = (("quotes", "Max. quotes", MOST_QUOTES), ("k", "Max. passages", MOST_HITS))
        for column, (name, label, most) in zip(st.columns(2), numbers, strict=True):
            column.number_input(label, 1, most, key=name, on_change=follow_widgets)
        st.html(f'<h2 class="side">Index</h2>{html.index_html(engine.info, engine.manifest)}')
