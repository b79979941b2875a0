"""An answer: its state, its quotes, the related passages, and the article beside them.

A reader copies quotes, exports the answer, and goes through it by keys.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dateline.page import cards, html
from dateline.page.links import Link, Place
from dateline.page.reading import reading_panel
from dateline.page.sidebar import go_to
from indexer.storage.staleness import SourceState
from retrieval import Answer, Hit, Quote, SearchEngine
from retrieval.answering.answers import QUOTED
from retrieval.evidence.export import FORMATS

_HERE = Path(__file__).resolve().parent
_LEADS = 5
_EXPORTS = {
    ".json": "Evidence pack (JSON)",
    ".md": "Markdown",
    ".csv": "Spreadsheet (CSV)",
    ".bib": "BibTeX",
    ".html": "Web page (HTML)",
}

_actions = st.components.v2.component(
    "dateline_actions",
    js=(_HERE / "actions.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def show_answer(engine: SearchEngine, answer: Answer, link: Link) -> None:
    """Draw an answer, with the open quote or the first one in its article."""
    for warning in answer.warnings:
        notice(warning)
    shown = answer.quotes or answer.leads[:_LEADS]
    quotes = [Place.of_quote(quote) for quote in shown]
    hits = [Place.of_hit(hit) for hit in answer.hits]
    chosen = next((place for place in [*quotes, *hits] if place.name == link.open), None)
    if link.open and not chosen:
        notice("The quote in this link is no longer part of the answer.")
    opened = chosen or next(iter(quotes), None)
    left, right = st.columns([6, 7], gap="large") if opened else (st.container(), None)
    with left:
        state = _state(engine, quotes[0]) if quotes else "same"
        st.html(cards.state_html(answer, state))
        _offer_other_questions(answer, link)
        for number, (place, quote) in enumerate(zip(quotes, shown, strict=True), 1):
            _quote_card(engine, answer, quote, link, number, is_open=place == opened)
        if shown:
            _export_menu(answer)
        _related_passages(answer, hits, link)
    if opened and right:
        with right, st.container(key="reading"):
            reading_panel(engine, opened, quotes, link, chosen=bool(chosen))


def keyboard(*, focus: bool) -> None:
    """Let keys go through the quotes; `focus` begins in the question box."""
    _mount("keyboard", {"keys": True, "focus": focus})


def notice(text: str, title: str = "") -> None:
    """Draw a message."""
    st.html(html.notice_html(text, title))


def _offer_other_questions(answer: Answer, link: Link) -> None:
    """Draw which words no article has, similar ones to ask with, and the question unfiltered."""
    unsure = answer.state not in QUOTED
    unknown = [each for each in answer.unknown_words if unsure or each.similar]
    if unknown:
        st.html(html.unknown_html([each.word for each in unknown]))
        with st.container(horizontal=True, gap="small"):
            for each in unknown:
                for similar in each.similar:
                    asked = link.q.replace(each.word, similar)
                    st.button(
                        f"Did you mean {html.plain_label(similar)}?",
                        key=f"similar-{each.word}-{similar}",
                        type="tertiary",
                        on_click=go_to,
                        args=(replace(link, q=asked, open=""),),
                    )
    if unsure and link.filters:
        st.button(
            "Search without filters",
            icon=":material/filter_alt_off:",
            on_click=go_to,
            args=(link.without(),),
        )


def _quote_card(
    engine: SearchEngine, answer: Answer, quote: Quote, link: Link, number: int, *, is_open: bool
) -> None:
    place = Place.of_quote(quote)
    state = _state(engine, place)
    name = f"{'opened' if is_open else 'quote'}-{place.name}"
    with st.container(border=True, gap="xxsmall", key=name):
        if answer.quotes:
            st.html(cards.quote_html(quote, state, _hit_of(answer, place)))
        else:
            st.html(cards.lead_html(quote, state, link.q))
        _open_button(place, link, f"quote {number}")
        _copy_buttons(number, quote, link)


def _state(engine: SearchEngine, place: Place) -> SourceState:
    """Compare the file of a place again, since a cached answer may be older than it."""
    return engine.source_state(engine.document(place.doc_id))


def _hit_of(answer: Answer, place: Place) -> Hit | None:
    """Return the hit whose passage holds a quote."""
    return next(
        (
            hit
            for hit in answer.hits
            if hit.found.passage.doc_id == place.doc_id
            and hit.found.passage.span.contains(place.span)
        ),
        None,
    )


def _related_passages(answer: Answer, places: list[Place], link: Link) -> None:
    if not answer.hits:
        return
    expanded = answer.state == "related" and not answer.leads
    with st.expander(f"Related passages ({len(answer.hits)})", expanded=expanded):
        for hit, place in zip(answer.hits, places, strict=True):
            with st.container(gap="xxsmall"):
                st.html(cards.hit_html(hit, link.q))
                _open_button(place, link, f"passage {hit.rank}")


def _open_button(place: Place, link: Link, what: str) -> None:
    st.button(
        f"Open {what} in its article",
        key=f"open-{what}-{place.name}",
        type="tertiary",
        icon=":material/article:",
        on_click=go_to,
        args=(replace(link, open=place.name),),
    )


def _copy_buttons(number: int, quote: Quote, link: Link) -> None:
    """Draw the buttons that copy a quote, its citation, and a link to it."""
    place = Place.of_quote(quote)
    opened = replace(link, open=place.name).parameters()
    _mount(
        f"copy-{place.name}",
        {
            "number": number,
            "quote": quote.citation.quote,
            "citation": cards.citation_text(quote.citation),
            "link": f"?{urlencode(opened)}",
        },
    )


def _export_menu(answer: Answer) -> None:
    """Draw the menu that downloads an answer."""
    with st.popover("Export", icon=":material/download:"):
        for ending, write in FORMATS.items():
            st.download_button(
                _EXPORTS[ending],
                write(answer, None).encode("utf-8", "backslashreplace"),
                file_name=f"dateline-answer{ending}",
                key=f"export{ending}",
                on_click="ignore",
                type="tertiary",
            )


def _mount(key: str, data: dict[str, Any]) -> None:
    _actions(key=key, data=data)
