"""What a reader does with an answer: copy it, export it, and go through it by keys."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dateline.page.cards import citation_text
from dateline.page.links import Link, Place
from retrieval import Answer, Quote
from retrieval.evidence.export import FORMATS

_HERE = Path(__file__).resolve().parent
_NAMES = {
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


def copy_buttons(number: int, quote: Quote, link: Link) -> None:
    """Draw the buttons that copy a quote, its citation, and a link to it."""
    place = Place.of_quote(quote)
    opened = replace(link, open=place.name).parameters()
    _mount(
        f"copy-{place.name}",
        {
            "number": number,
            "quote": quote.citation.quote,
            "citation": citation_text(quote.citation),
            "link": f"?{urlencode(opened)}",
        },
    )


def keyboard(*, focus: bool) -> None:
    """Let keys go through the quotes; `focus` begins in the question box."""
    _mount("keyboard", {"keys": True, "focus": focus})


def export_menu(answer: Answer) -> None:
    """Draw the menu that downloads an answer."""
    with st.popover("Export", icon=":material/download:"):
        for ending, write in FORMATS.items():
            st.download_button(
                _NAMES[ending],
                write(answer, None).encode("utf-8", "backslashreplace"),
                file_name=f"dateline-answer{ending}",
                key=f"export{ending}",
                on_click="ignore",
                type="tertiary",
            )


def _mount(key: str, data: dict[str, Any]) -> None:
    _actions(key=key, data=data)
