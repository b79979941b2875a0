"""Filters with the numbers of articles that they leave, and facts of the index."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import altair as alt
import streamlit as st

from dateline.page import html
from dateline.page.links import MOST_HITS, MOST_QUOTES, SEPARATOR, Link, each_of, read_link
from indexer.catalog.statistics import Facets
from indexer.text.languages import language_name
from retrieval import SearchEngine

_DAYS = {"after": "From", "before": "To"}
_NAMES = {"source": "Outlet", "author": "Author", "lang": "Language"}
_WIDGETS = ("q", *_NAMES, *_DAYS, "undated", "quotes", "k", "index")
_HISTOGRAM = "months"
_YEAR_ALONE = len("2023")


def fill_widgets(link: Link) -> None:
    """Set the widgets from the address when it has changed since the last run."""
    state = st.session_state
    values: dict[str, Any] = asdict(link)
    for name in _NAMES:
        values[name] = each_of(values[name])
    for name in _WIDGETS:
        if state.get("link") != link or name not in state:
            state[name] = values[name]
    state["link"] = link


def follow_widgets() -> None:
    """Set the address from the widgets; a new question opens nothing."""
    state = st.session_state
    given = {name: state[name] for name in _WIDGETS if state.get(name)}
    given |= {name: f"{SEPARATOR} ".join(given[name]) for name in _NAMES if name in given}
    link, state["problems"] = read_link(Link(**given).parameters())
    state["link"] = link  # what was typed stays, even where it is not understood
    go_to(link)


def go_to(link: Link) -> None:
    """Show another address."""
    st.query_params.from_dict(link.parameters())


def choose_view(link: Link) -> None:
    """Draw the way from questions to the check of a draft, and back."""
    label, view = ("Ask a question", "") if link.view else ("Check a draft", "draft")
    st.sidebar.button(
        label,
        icon=":material/question_answer:" if link.view else ":material/fact_check:",
        width="stretch",
        on_click=go_to,
        args=(Link(index=link.index, view=view),),
    )


def choose_index(served: str, others: Sequence[str]) -> None:
    """Draw the choice among the indexes of one folder, if there are several."""
    if others:
        st.sidebar.selectbox(
            "Index",
            ["", *others],
            key="index",
            format_func=lambda name: name or served,
            on_change=follow_widgets,
        )


def sidebar(engine: SearchEngine, facets: Facets, link: Link) -> None:
    """Draw the filters, with counts for the present question, and what the index is."""
    counted = {"source": facets.outlets, "author": facets.authors, "lang": facets.languages}
    with st.sidebar:
        st.html('<h2 class="side">Filters</h2>')
        for name, label in _NAMES.items():
            _names(name, label, dict(counted[name]))
        _histogram(facets)
        for name, label in _DAYS.items():
            st.text_input(
                label,
                key=name,
                placeholder="2023-02-14, 14 Feb 2023, Feb 2023",
                on_change=follow_widgets,
            )
        st.toggle("Include undated articles", key="undated", on_change=follow_widgets)
        numbers = (("quotes", "Max. quotes", MOST_QUOTES), ("k", "Max. passages", MOST_HITS))
        for column, (name, label, most) in zip(st.columns(2), numbers, strict=True):
            column.number_input(label, 1, most, key=name, on_change=follow_widgets)
        with st.expander("About this index"):
            st.html(html.index_html(engine.info, engine.manifest))
    _chips(link)


def _names(name: str, label: str, counts: dict[str, int]) -> None:
    """Draw a filter by names; those that are chosen stay, and others can be typed."""
    chosen: Sequence[str] = st.session_state[name]

    def told(value: str) -> str:
        shown = language_name(value) if name == "lang" else value
        return f"{shown} ({counts[value]:,})" if value in counts else shown

    st.multiselect(
        label,
        [*counts, *(value for value in chosen if value not in counts)],
        key=name,
        format_func=told,
        placeholder="Any",
        accept_new_options=True,
        on_change=follow_widgets,
    )


def _histogram(facets: Facets) -> None:
    """Draw the articles by month; dragging over months sets the date filter.

    Of a year alone there is no month.
    """
    chart = _month_bars(facets.months)
    if chart is not None:
        st.altair_chart(
            chart,
            width="stretch",
            key=_HISTOGRAM,
            on_select=_follow_histogram,
            selection_mode="months",
        )


def _month_bars(months: Sequence[tuple[str, int]]) -> alt.Chart | None:
    """Return a chart whose months can be chosen by dragging; None where it would say nothing."""
    values = [{"month": f"{m}-01", "articles": n} for m, n in months if len(m) > _YEAR_ALONE]
    if len(values) < 2:  # noqa: PLR2004 - one bar says nothing
        return None
    month = alt.X("month:T", timeUnit="utcyearmonth", title=None)
    chart: alt.Chart = (
        alt.Chart(alt.Data(values=values))  # type: ignore[no-untyped-call] # altair has no types here
        .mark_bar()
        .encode(
            x=month,
            y=alt.Y("articles:Q", title=None, axis=alt.Axis(tickCount=2, format="d")),
            tooltip=[
                alt.Tooltip("month:T", timeUnit="utcyearmonth", title="Month"),
                alt.Tooltip("articles:Q", title="Articles"),
            ],
        )
        .add_params(alt.selection_interval(name="months", encodings=["x"]))
        .properties(height=80)
    )
    return chart


def _follow_histogram() -> None:
    chosen = st.session_state[_HISTOGRAM].selection.get("months") or {}
    span = next(iter(chosen.values()), None)
    if not span:
        return
    # Vega gives milliseconds since 1970 in UTC.
    days = [datetime.fromtimestamp(each / 1000, UTC).date() for each in (span[0], span[-1])]
    st.session_state["after"], st.session_state["before"] = (day.isoformat() for day in days)
    follow_widgets()


def _chips(link: Link) -> None:
    """Draw each filter that is set, to be taken away, and one for all."""
    if not link.filters:
        return
    labels = _NAMES | _DAYS
    with st.container(horizontal=True, gap="xxsmall", key="chips"):
        for name, value in link.filters.items():
            st.button(
                f"{labels[name]}: {html.plain_label(value)}",
                key=f"chip-{name}",
                icon=":material/close:",
                help="Remove this filter",
                on_click=go_to,
                args=(link.without(name),),
            )
        st.button("Clear filters", type="tertiary", on_click=go_to, args=(link.without(),))
