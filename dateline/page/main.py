"""Entry point of the page, drawn anew from its address at each interaction.

The address holds the question, the filters and the open quote, so that a link reproduces the page.
Text from articles, file names and errors is shown by `html.py`, which escapes it: Streamlit's own
text elements read Markdown, and article text is untrusted.
"""

import os
from dataclasses import replace
from pathlib import Path

import streamlit as st

from dateline.page import building, html
from dateline.page.answer import keyboard, notice, show_answer
from dateline.page.draft import draft_page
from dateline.page.generations import (
    chosen_index,
    offer_update,
    open_engine,
    other_indexes,
    session_engine,
)
from dateline.page.links import Link, each_of, read_link
from dateline.page.sidebar import choose_index, choose_view, fill_widgets, follow_widgets, sidebar
from dateline.page.start import start_page
from indexer.catalog.statistics import Facets, Headline
from indexer.errors import DatelineError, IndexNotFoundError, ReaderError
from indexer.storage.notes import version_note
from retrieval import Answer, SearchEngine
from retrieval.snapshot import Stamp

HERE = Path(__file__).resolve().parent
_NEWEST = 20
_MOST_PROBLEMS = 8


def main() -> None:
    """Draw the page from its address."""
    link, problems = read_link(st.query_params.to_dict())
    st.set_page_config(
        page_title=f"{link.q} – Dateline" if link.q else "Dateline",
        page_icon=str(HERE / "icon.svg"),
        layout="wide",
    )
    st.html(HERE / "page.css")
    served = Path(os.environ.get("DATELINE_INDEX", "index"))
    if link.index and link.index not in other_indexes(served):
        problems.append(f"There is no index {link.index!r} beside {served.absolute().name!r}.")
        link = replace(link, index="")
    fill_widgets(link)
    st.html(html.MASTHEAD)
    if not link.view:
        _question_box()
    _tell([*problems, *st.session_state.pop("problems", ())])
    index = chosen_index(served, link.index)
    try:
        with session_engine(index) as engine:
            offer_update(index, engine)
            _tell_state(index, engine, link)
            choose_view(link)
            if link.view:
                draft_page(engine)
                return
            stamp = st.session_state["stamp"]
            facets = _facets(engine, stamp, link.q)
            choose_index(served.absolute().name, other_indexes(served))
            sidebar(engine, facets, link)
            if link.q:
                _remember(link.q)
                show_answer(engine, _ask(engine, stamp, replace(link, open="")), link)
            else:
                start_page(engine, facets, _newest(engine, stamp), link)
        keyboard(focus=not link.q)
    except IndexNotFoundError as error:
        building.offer_build(index, error)
    except ReaderError as error:
        open_engine.clear()  # the next run finds the restored file
        notice(str(error), title="Questions cannot be answered")
    except DatelineError as error:
        notice(str(error), title="This index can't be opened")


@st.cache_resource(max_entries=64, show_spinner="Reading the articles…")
def _ask(
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


def _tell_state(index: Path, engine: SearchEngine, link: Link) -> None:
    """Offer an update of an index whose folder has changed, or that another version made."""
    stale, other_version = engine.info.stale, version_note(index, engine.manifest)
    if other_version and (link.view or not link.q):  # an answer says so itself
        notice(other_version)
    has_changed = stale is not None and not stale.is_current
    building.offer_update(index, stale=has_changed or other_version is not None)


def _question_box() -> None:
    with st.form("question", border=False):
        box, button = st.columns([6, 1], vertical_alignment="bottom")
        box.text_input("Question", key="q", placeholder="Ask your articles")
        button.form_submit_button("Ask", type="primary", width="stretch", on_click=follow_widgets)


@st.cache_resource(max_entries=64, show_spinner=False)
def _facets(_engine: SearchEngine, stamp: Stamp, question: str) -> Facets:  # noqa: ARG001 - part of the key
    """Count the articles for a question once per generation."""
    return _engine.facets(question)


@st.cache_resource(max_entries=4, show_spinner=False)
def _newest(_engine: SearchEngine, stamp: Stamp) -> list[Headline]:  # noqa: ARG001 - part of the key
    """Read the newest headlines once per generation."""
    return _engine.newest(_NEWEST)


def _remember(question: str) -> None:
    """Put a question first among those of this visit."""
    asked = st.session_state.get("asked", [])
    st.session_state["asked"] = [question, *(each for each in asked if each != question)][:20]


def _tell(problems: list[str]) -> None:
    """Draw what was ignored of an address; of many problems, the first."""
    for problem in problems[:_MOST_PROBLEMS]:
        notice(problem)
    if len(problems) > _MOST_PROBLEMS:
        notice(f"{len(problems) - _MOST_PROBLEMS:,} more parts of the link were ignored.")
