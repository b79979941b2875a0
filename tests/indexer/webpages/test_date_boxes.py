"""Days in side columns, boxes of facts and lists are not the day of publication."""

from datetime import date

import pytest

from indexer.webpages.date_boxes import boxes
from indexer.webpages.page_dates import find_page_dates
from indexer.webpages.tree import parse_page
from tests.support.pages import BRIDGE, DETOUR, MAYOR

TODAY = date(2024, 6, 1)
STORIES = [
    '<a href="/1">Ferry sinks off Norrby</a> <span>12 May 2023</span>',
    '<a href="/2">Schools stay closed today</a> <span>11 May 2023</span>',
]
LIST = f"<ul><li>{STORIES[0]}</li><li>{STORIES[1]}</li></ul>"


def page(top: str = "", bottom: str = "") -> bytes:
    story = f"<p>{BRIDGE}</p><p>{DETOUR}</p><p>{MAYOR}</p>"
    body = f"{top}<h1>Old bridge closes for repairs</h1>{story}{bottom}"
    return f"<html><body>{body}</body></html>".encode()


def published(content: bytes) -> str | None:
    found = find_page_dates(content, None, TODAY).published
    return found.value if found else None


@pytest.mark.parametrize(
    "box",
    [
        f"<aside><h3>Latest</h3>{LIST}</aside>",
        '<aside><a href="/1">Ferry sinks off Norrby</a> 12 May 2023</aside>',
        f'<div class="sidebar-left">{LIST}</div>',
        f'<div id="related"><p>{STORIES[0]}</p></div>',
        LIST,
        "<ol><li>12 May 2023: first crack</li><li>30 May 2023: second crack</li></ol>",
        '<table class="infobox"><tr><th>Opened</th><td>12 May 2003</td></tr></table>',
        "<table><tr><th>Built by</th><td>Roe</td></tr><tr><th>Inauguration</th>"
        "<td>12 May 2003</td></tr></table>",
        "<dl><dt>Inauguration</dt><dd>12 May 2003</dd></dl>",
        '<div class="fact-box"><b>Inauguration</b> 12 May 2003</div>',
        "<p>Founded: 12 May 2003</p>",
        "<p>Last changed: 12 May 2023</p>",
        "<p>Last review on 12 May 2023</p>",
    ],
)
def test_a_day_of_something_else_is_not_taken(box: str) -> None:
    assert published(page(top=box)) is None
    assert published(page(bottom=box)) is None


@pytest.mark.parametrize(
    "line",
    [
        '<p class="date">4 May 2023</p>',
        '<aside class="meta">By Jane Doe, 4 May 2023</aside>',
        '<ul class="meta"><li>By <a href="/jane">Jane Doe</a></li><li>4 May 2023</li></ul>',
        "<ul><li>Published 4 May 2023</li><li>Updated 6 May 2023</li></ul>",
        '<div id="sidebar">Published on 4 May 2023. <a href="/1">Ferry sinks off Norrby</a></div>',
        "<p>Stand: 4. Mai 2023</p>",
        "<dl><dt>Date</dt><dd>4 May 2023</dd></dl>",
        "<table><tr><th>Published</th><td>4 May 2023</td></tr></table>",
    ],
)
def test_the_article_s_own_day_is_taken_wherever_it_stands(line: str) -> None:
    content = page().replace(b"</h1>", b"</h1>" + line.encode())
    assert published(content) == "2023-05-04"


def test_what_holds_the_headline_is_no_box() -> None:
    content = (
        f'<html><title>Old bridge closes - Example</title><body class="sidebar"><p>{BRIDGE * 9}</p>'
        f'{LIST}<div class="related"><h1>Bridge</h1></div><div class="related"><h2>Old bridge '
        f'closes</h2>4 May 2023, 5 May 2023</div><div class="with-sidebar">{STORIES[0]}</div>'
    )
    root = parse_page(content.encode()).root
    assert {element.tag for element in boxes(root)} == {"ul"}


def test_a_table_that_the_story_stands_in_is_no_box() -> None:
    rows = (BRIDGE, "4 May 2023", DETOUR, "See also the fire of 9 April 1998")
    table = "".join(f"<tr><td>{row}</td></tr>" for row in rows)
    root = parse_page(f"<html><body><p>{MAYOR}</p><table>{table}</table></body>".encode()).root
    assert boxes(root) == set()
