"""The page in Streamlit's tester: what it shows, and clicks on it."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import TypeAlias

from streamlit.testing.v1 import AppTest

from dateline.page.links import Place
from retrieval import SearchEngine

SECONDS = 120  # an index may be built and an encoder exported within one run

Page: TypeAlias = Callable[..., AppTest]
"""Opens the page as an address does."""


def shown(page: AppTest) -> str:
    """All HTML of the page outside the reading panel, which must have drawn without a traceback."""
    assert not page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def panel(page: AppTest) -> str:
    """The HTML of the reading panel."""
    (frame,) = page.get("iframe")
    return str(frame.proto.srcdoc)


def marked(page: AppTest) -> str:
    """The text that is marked in the reading panel."""
    html = re.search('<mark id="quote"[^>]*>(.*?)</mark>', panel(page), re.DOTALL)
    return unescape(re.sub("<[^>]+>", "", html[1])) if html else ""


def address(page: AppTest) -> dict[str, str]:
    """The parameters; the tester holds one as a text or as a list of one."""
    return {name: "".join(value) for name, value in page.query_params.items()}


def click(page: AppTest, label: str, number: int = 0) -> AppTest:
    return [button for button in page.button if button.label == label][number].click().run()


def ask(page: AppTest, question: str) -> AppTest:
    page.text_input(key="q").set_value(question)
    return click(page, "Ask")


def corpus_of(folder: Path, **articles: str) -> Path:
    folder.mkdir()
    for name, text in articles.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def first_passage(index: Path, question: str) -> str:
    """How an address names the best passage, whatever the reader makes of it."""
    with SearchEngine.open(index) as engine:
        return Place.of_hit(engine.answer(question).hits[0]).name
