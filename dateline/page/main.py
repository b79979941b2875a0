"""Entry point of the page, drawn anew from its address at each interaction.

The address holds the question, the filters and the open quote, so that a link reproduces the page.
Text from articles, file names and errors is shown by `html.py`, which escapes it: Streamlit's own
text elements read Markdown, and article text is untrusted.
"""

import os
import shlex
from dataclasses import replace
from pathlib import Path

import streamlit as st

from dateline.page import html
from dateline.page.actions import keyboard
from dateline.page.answer import notice, show_answer
from dateline.page.generations import offer_update, open_engine, session_engine
from dateline.page.links import Link, each_of, read_link
from dateline.page.sidebar import fill_widgets, follow_widgets, sidebar
from dateline.page.start import start_page
from indexer.build.pipeline import build
from indexer.catalog.facets import Facets, Headline
from indexer.errors import DatelineError, IndexNotFoundError, ReaderError
from retrieval import Answer, SearchEngine
from retrieval.snapshot import Stamp

HERE = Path(__file__).resolve().parent
SEEDS = HERE.parents[1] / "seeds"
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
    fill_widgets(link)
    st.html(html.MASTHEAD)
    _question_box()
    _tell([*problems, *st.session_state.pop("problems", ())])
    index = Path(os.environ.get("DATELINE_INDEX", "index"))
    try:
        with session_engine(index) as engine:
            offer_update(index, engine)
            stamp = st.session_state["stamp"]
            facets = _facets(engine, stamp, link.q)
            sidebar(engine, facets, link)
            if link.q:
                _remember(link.q)
                show_answer(engine, _ask(engine, stamp, replace(link, open="")), link)
            else:
                start_page(engine, facets, _newest(engine, stamp), link)
        keyboard(focus=not link.q)
    except IndexNotFoundError as error:
        _offer_build(index, error)
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


def _offer_build(index: Path, error: IndexNotFoundError) -> None:
    """Draw the command that builds the sample index, and a button that runs it."""
    notice(str(error), title="There is no index yet")
    option = "" if index == Path("index") else f" --index {shlex.quote(str(index))}"
    st.html("<p>To try the sample articles, run this in the Dateline folder:</p>")
    st.code(f"python -m indexer build seeds{option}", language=None)
    if not st.button("Index the five sample articles", type="primary"):
        return
    try:
        build(SEEDS, index, progress=ProgressBar())
    except DatelineError as failure:
        notice(str(failure), title="The index could not be built")
    else:
        st.rerun()


class ProgressBar:
    """Progress of a build as a bar of the page."""

    def __init__(self) -> None:
        self._bar = st.progress(0.0, "Starting")
        self._name, self._total, self._done = "", 0, 0

    def stage(self, name: str, total: int | None) -> None:
        """Begin a stage."""
        self._name, self._total, self._done = name, total or 0, 0
        self.advance(0)

    def advance(self, steps: int = 1) -> None:
        """Move the bar."""
        self._done += steps
        share = min(1.0, self._done / self._total) if self._total else 0.0
        count = f": {self._done:,}" + (f" of {self._total:,}" if self._total else "")
        self._bar.progress(share, f"{self._name}{count}")

    def close(self) -> None:
        """Remove the bar."""
        self._bar.empty()
