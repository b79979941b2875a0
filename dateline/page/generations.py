"""Which generation of the index does a visitor of the page see? The one that the visit began with.

An update is offered; the page goes on to it when the visitor says so.
"""

from pathlib import Path

import streamlit as st

from dateline.page import html as markup
from indexer.errors import DatelineError
from indexer.storage.manifest import read_manifest
from retrieval import SearchEngine
from retrieval.opening import Stamp, stamp_of


class ReleasedError(Exception):
    """The generation that a visitor began with is kept no more."""


# Two generations at most: what a visitor who stays away holds on to is not kept for ever.
@st.cache_resource(
    max_entries=2,
    on_release=SearchEngine.close,
    show_spinner="Opening the index. The very first time, this prepares the encoder too…",
)
def open_engine(
    index: str, stamp: Stamp | None, _before: SearchEngine | None = None
) -> SearchEngine:
    """Open the live generation once for all visitors, with the models of the one before."""
    if stamp != stamp_of(Path(index)):
        raise ReleasedError
    if _before is None:
        return SearchEngine.open(Path(index))
    engine = _before.pinned()
    try:
        engine.refresh()
    except DatelineError:
        engine.close()
        raise
    return engine


def session_engine(index: Path) -> SearchEngine:
    """Return the generation that this visitor began with, or the live one; close it when drawn."""
    live, state = stamp_of(index), st.session_state
    try:
        state.setdefault("stamp", live)
        return open_engine(str(index), state["stamp"]).pinned()
    except (ReleasedError, ValueError):  # closed for a newer one, now or a moment ago
        state["stamp"] = live
        return open_engine(str(index), live).pinned()


def offer_update(index: Path, engine: SearchEngine) -> None:
    """Say that there is a newer generation; the visitor decides when to go on to it."""
    if not engine.is_outdated():
        return
    try:
        live = read_manifest(index)
    except DatelineError:
        return  # there is nothing to load; this generation answers on
    if live != engine.manifest:
        st.html(markup.update_html(engine.info, live))
        st.button("Load the updated index", on_click=load_update, args=(index,))


def load_update(index: Path) -> None:
    """Go on to the live generation; if it cannot be opened, stay with this one and say why."""
    stamp = stamp_of(index)
    try:
        with session_engine(index) as before:
            open_engine(str(index), stamp, before)
        st.session_state["stamp"] = stamp
    except (DatelineError, ReleasedError) as error:
        st.session_state["problems"] = [f"The updated index could not be loaded: {error}"]
