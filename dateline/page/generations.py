"""The generation of the index that each visitor sees: the one the visit began with.

A newer one is offered, so that an answer never changes while somebody reads it.
"""

from pathlib import Path

import streamlit as st

from dateline.page import html
from indexer.errors import DatelineError
from indexer.storage.manifest import MANIFEST_FILE, read_manifest
from retrieval import SearchEngine
from retrieval.snapshot import Stamp, stamp_of


class ReleasedError(Exception):
    """The generation that a visitor began with is closed."""


# At most two generations stay open, whatever visitors who stay away began with.
@st.cache_resource(
    max_entries=2,
    on_release=SearchEngine.close,
    show_spinner="Opening the index. The first time, this also prepares the language model…",
)
def open_engine(
    index: str, stamp: Stamp | None, _before: SearchEngine | None = None
) -> SearchEngine:
    """Open the live generation once for all visitors, reusing the models of the one before."""
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


def other_indexes(index: Path) -> list[str]:
    """Return the names of the indexes in the folder of an index, itself left out."""
    try:
        found = [each.parent for each in index.absolute().parent.glob(f"*/{MANIFEST_FILE}")]
    except OSError:
        return []
    return sorted(each.name for each in found if each != index.absolute())


def chosen_index(index: Path, name: str) -> Path:
    """Return the index of a name beside the server's own; the server's own for any other name.

    A visitor who changes to another index begins with its live generation.
    """
    chosen = index.parent / name if name in other_indexes(index) else index
    if st.session_state.get("opened_index") != str(chosen):
        st.session_state.pop("stamp", None)
        st.session_state["opened_index"] = str(chosen)
    return chosen


def session_engine(index: Path) -> SearchEngine:
    """Return the generation this visitor began with, or the live one; the caller closes it."""
    live, state = stamp_of(index), st.session_state
    try:
        state.setdefault("stamp", live)
        return open_engine(str(index), state["stamp"]).pinned()
    except (ReleasedError, ValueError):  # closed for a newer one, now or a moment ago
        state["stamp"] = live
        return open_engine(str(index), live).pinned()


def offer_update(index: Path, engine: SearchEngine) -> None:
    """Offer a newer generation."""
    if not engine.is_outdated():
        return
    try:
        live = read_manifest(index)
    except DatelineError:
        return  # nothing to load: this generation goes on answering
    if live != engine.manifest:
        st.html(html.update_html(engine.info, live))
        st.button("Load the updated index", on_click=load_update, args=(index,))


def load_update(index: Path) -> None:
    """Switch to the live generation; if it cannot be opened, stay with this one and say why."""
    stamp = stamp_of(index)
    try:
        with session_engine(index) as before:
            open_engine(str(index), stamp, before)
        st.session_state["stamp"] = stamp
    except (DatelineError, ReleasedError) as error:
        st.session_state["problems"] = [f"The updated index could not be loaded: {error}"]
