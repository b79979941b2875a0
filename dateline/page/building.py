"""Builds and updates in processes of their own, which outlive the tab, shown to every visitor."""

import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import streamlit as st

from dateline.page import html
from indexer.errors import IndexNotFoundError, program
from indexer.storage.lock import Writing, writing
from indexer.text.printable import printable

_SEEDS = Path(__file__).resolve().parents[2] / "seeds"
_EVERY = "1s"


@dataclass(frozen=True, slots=True)
class _Started:
    """A process that this server has started, and the file that receives its errors."""

    process: "subprocess.Popen[bytes]"
    errors: IO[bytes]


@st.cache_resource(show_spinner=False)
def _started() -> dict[Path, _Started]:
    """Return the processes of this server, by index."""
    return {}


def offer_build(index: Path, error: IndexNotFoundError) -> None:
    """Draw the command that builds the sample index, and a button that runs it."""
    if is_writing(index):
        _watch(index)
        return
    _tell_failure(index)
    st.html(html.notice_html(str(error), title="There is no index yet"))
    if not _SEEDS.is_dir():  # an installed Dateline has no sample articles
        return
    option = "" if index == Path("index") else f" --index {shlex.quote(str(index))}"
    st.html("<p>To try the sample articles, run this in the Dateline folder:</p>")
    st.code(f"{program('indexer')} build seeds{option}", language=None)
    st.button(
        "Index the five sample articles",
        type="primary",
        on_click=_start,
        args=(index, "build", str(_SEEDS)),
    )


def offer_update(index: Path, *, stale: bool) -> None:
    """Draw how far a build or update is, or the button that updates a stale index."""
    if is_writing(index):
        _watch(index)
        return
    _tell_failure(index)
    if stale:
        st.button(
            "Update the index",
            icon=":material/sync:",
            help="Reads what has changed in the folder since the last build",
            on_click=_start,
            args=(index, "update"),
        )


def is_writing(index: Path) -> bool:
    """Tell whether a process writes an index, be it ours or another's."""
    ours = _started().get(index.absolute())
    return (ours is not None and ours.process.poll() is None) or writing(index) is not None


def _start(index: Path, *command: str) -> None:
    """Start a command of the indexer, unless one writes this index already."""
    if is_writing(index):
        return
    errors = TemporaryFile()  # noqa: SIM115 - the process writes it; closed when it is read
    process = subprocess.Popen(  # noqa: S603 - our own command, no shell
        [sys.executable, "-m", "indexer", *command, "--index", str(index), "--quiet"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        start_new_session=True,  # closing the tab or stopping the server ends no build
    )
    _started()[index.absolute()] = _Started(process, errors)


@st.fragment(run_every=_EVERY)
def _watch(index: Path) -> None:
    """Draw how far the writer of an index is; draw the whole page again when it has ended."""
    if not is_writing(index):
        st.rerun()
    found = writing(index) or Writing(0)
    share = min(1.0, found.done / found.total) if found.total else 0.0
    st.progress(share, format_writing(found))


def format_writing(found: Writing) -> str:
    """Return how far a writer is.

    >>> format_writing(Writing(1, "encode", 26, 46)), format_writing(Writing(1))
    ('Building the index: encode, 26 of 46', 'Building the index')
    """
    if not found.stage:
        return "Building the index"
    of = f" of {found.total:,}" if found.total else ""
    return f"Building the index: {found.stage}, {found.done:,}{of}"


def _tell_failure(index: Path) -> None:
    """Draw why the last process that this server started for an index has failed, once."""
    ours = _started().get(index.absolute())
    if ours is None or ours.process.poll() is None:
        return
    del _started()[index.absolute()]
    with ours.errors as stream:
        stream.seek(0)
        lines = stream.read().decode("utf-8", "replace").strip().splitlines()
    if code := ours.process.returncode:
        lines = lines or [f"It ended with code {code}."]
        told = printable(lines[-1].removeprefix("error: "))
        st.html(html.notice_html(told, title="The index could not be built"))
