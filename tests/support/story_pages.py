"""Pages with one story, around a piece of markup that a test is about."""

from indexer.cleaning.cleaner import clean
from indexer.loaders.formats.html import article_of_page
from tests.support.pages import BRIDGE, DETOUR, MAYOR

ENGINEERS = (
    "Engineers from the county will present two plans in March, one of which keeps the old piers "
    "and the iron railing."
)
STORY = (BRIDGE, DETOUR, MAYOR, ENGINEERS)
TITLE = "Old bridge closes"


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def story_with(markup: str, at: int = 2) -> str:
    """Return an article element with some markup before its paragraph number `at`."""
    inside = paragraphs(*STORY[:at]) + markup + paragraphs(*STORY[at:])
    return f"<main><article><h1>{TITLE}</h1>{inside}</article></main>"


def page_of(body: str, head: str = "") -> bytes:
    menu = '<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>'
    footer = "<footer><p>© Example Media. All rights reserved.</p></footer>"
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>{head}'
        f"</head><body><header>{menu}</header>{body}{footer}</body></html>"
    ).encode()


def kept_of(body: str, head: str = "") -> str:
    """Return what a build would keep of a page, white space folded."""
    text = article_of_page(page_of(body, head), None).text
    kept = (text[r.start : r.end] for r in clean(text).regions if r.kept)
    return " ".join(" ".join(kept).split())
