"""The page before a question: what the index holds, and questions to begin with."""

import re
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from dateline.page import html
from dateline.page.links import Link, Place
from dateline.page.reading import reading_panel
from dateline.page.sidebar import go_to
from indexer.catalog.statistics import Facets, Headline
from indexer.documents import Span
from retrieval import SearchEngine

_HEADLINES = 20
_SHOWN_HEADLINES = 6
_OUTLETS = 8
_QUESTIONS = 3
_RECENT = 5
# Verbs of headlines with a base form to ask with, and whether "What did X say?" needs no object.
_VERBS = {
    "asks": "ask", "urges": "urge", "tells": "tell", "warns": "warn", "promises": "promise",
    "offers": "offer", "orders": "order", "accuses": "accuse", "says": "say", "announces":
    "announce", "demands": "demand", "plans": "plan", "proposes": "propose", "rejects": "reject",
    "denies": "deny", "approves": "approve", "wants": "want", "wins": "win", "signs": "sign",
    "opens": "open", "closes": "close", "launches": "launch", "bans": "ban", "backs": "back",
}  # fmt: skip
_ALONE = {"say", "announce", "demand", "plan", "propose", "reject", "deny", "approve", "want"} | {
    *("win", "sign", "open", "close", "launch", "ban", "back", "offer", "promise"),
}
_SUBJECT = re.compile(
    r"(?P<subject>[A-Z][\w.'’-]*(?: [\w.'’-]+){0,4}?) (?P<verb>[A-Za-z]+s)\b(?P<rest>.*)"
)
_OBJECT = re.compile(
    r" (?P<object>[\w.'’-]+(?: [\w.'’-]+)?) (?:to|of|that|over|about|not|against)\b", re.IGNORECASE
)


def start_page(
    engine: SearchEngine, facets: Facets, newest: Sequence[Headline], link: Link
) -> None:
    """Draw what an index holds; an article that the address names is open beside it."""
    opened = _opened(engine, link)
    left, right = st.columns([6, 7], gap="large") if opened else (st.container(), None)
    with left:
        st.html(html.holdings_html(facets))
        _outlets(facets, link)
        _buttons("Try one of these", questions(newest), link)
        _buttons("Your recent questions", st.session_state.get("asked", [])[:_RECENT], link)
        _newest(newest[:_SHOWN_HEADLINES], engine, link)
        st.html(html.HELP)
    if opened and right:
        with right, st.container(key="reading"):
            reading_panel(engine, opened, [opened], link, chosen=True)


def questions(newest: Sequence[Headline]) -> list[str]:
    """Return questions that headlines answer, made by rule; else headlines themselves.

    >>> questions([Headline("a", "Council tells ferry crews to wait", None, None)])
    ['What did Council tell ferry crews?', 'Council tells ferry crews to wait']
    """
    made = dict.fromkeys(filter(None, (_question(headline.title) for headline in newest)))
    whole = dict.fromkeys(headline.title for headline in newest)
    return [*made, *whole][:_QUESTIONS]


def _question(title: str) -> str | None:
    match = _SUBJECT.match(title)
    verb = _VERBS.get(match["verb"].lower()) if match else None
    if match is None or verb is None:
        return None
    named = _OBJECT.match(match["rest"])
    if named is None:
        return f"What did {match['subject']} {verb}?" if verb in _ALONE else None
    if verb == "say":
        return f"What did {match['subject']} say?"
    return f"What did {match['subject']} {verb} {named['object']}?"


def _outlets(facets: Facets, link: Link) -> None:
    if not facets.outlets:
        return
    with st.container(horizontal=True, gap="xxsmall"):
        for name, number in facets.outlets[:_OUTLETS]:
            st.button(
                f"{html.plain_label(name)} ({number:,})",
                key=f"outlet-{name}",
                on_click=go_to,
                args=(replace(link, source=name),),
            )


def _buttons(title: str, texts: Sequence[str], link: Link) -> None:
    if not texts:
        return
    st.html(f'<h2 class="side">{title}</h2>')
    with st.container(horizontal=True, gap="xxsmall"):
        for text in texts:
            st.button(
                html.plain_label(text),
                key=f"{title}-{text}",
                on_click=go_to,
                args=(replace(link, q=text, open=""),),
            )


def _newest(newest: Sequence[Headline], engine: SearchEngine, link: Link) -> None:
    if not newest:
        return
    st.html('<h2 class="side">Newest articles</h2>')
    listed = st.container(gap=None)
    for headline in newest:
        document = engine.document(headline.doc_id)
        title = document.metadata.title
        start = title.start if title and title.start is not None else 0
        end = title.end if title and title.end else max(1, min(len(document.text), start + 1))
        name = Place(headline.doc_id, Span(start, end)).name
        day = (headline.published or "undated")[:10]
        listed.button(
            html.plain_label(f"{headline.title} · {headline.source or 'outlet unknown'} · {day}"),
            key=f"newest-{headline.doc_id}",
            type="tertiary",
            on_click=go_to,
            args=(replace(link, open=name),),
        )


def _opened(engine: SearchEngine, link: Link) -> Place | None:
    """Return the place that the address names, if an article has it."""
    place = Place.named(link.open)
    if place is None:
        return None
    try:
        document = engine.document(place.doc_id)
    except KeyError:
        return None
    return place if place.span.end <= len(document.text) else None
