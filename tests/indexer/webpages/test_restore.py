import pytest

from indexer.webpages.extract import read_page
from tests.support.story_pages import STORY, TITLE, kept_of, page_of, paragraphs, story_with

LEAD = "Two of its supports are cracked, and shops will have to wait for months, the council warns."


@pytest.mark.parametrize(
    "markup",
    [
        f'<p class="standfirst">{LEAD}</p>',
        f'<h2 class="subtitle">{LEAD}</h2>',
        f'<div class="article-dek"><p><strong>{LEAD}</strong></p></div>',
        f'<div itemprop="description">{LEAD}</div>',
        f"<p>{LEAD}</p>",
        f'<p class="byline">By Ida Holm</p><p class="lede">{LEAD}</p>',
    ],
)
def test_the_lead_stands_between_title_and_story(markup: str) -> None:
    body = paragraphs(*STORY)
    for page in (
        f"<article><header><h1>{TITLE}</h1>{markup}</header>"
        f'<div class="article-body">{body}</div></article>',
        f'<div><h1>{TITLE}</h1>{markup}</div><div class="article-body">{body}</div>',
        f"<article><h1>{TITLE}</h1>{markup}{body}</article>",
    ):
        text = kept_of(page)
        assert text.count(LEAD) == 1
        assert text.index(TITLE) < text.index(LEAD) < text.index(STORY[0])


def test_the_lead_is_told_by_the_description_of_the_page() -> None:
    body = f'<div><h1>{TITLE}</h1><div class="q">{LEAD}</div></div>'
    body += f'<div class="article-body">{paragraphs(*STORY)}</div>'
    page = read_page(page_of(body, f'<meta name="description" content="{LEAD}">'), None)
    assert page.lead == LEAD
    assert page.text == "\n\n".join(STORY)


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="photo"><p class="caption">The bridge in May, from the west.</p></div>',
        '<p class="meta">Published on 4 May 2023</p>',
        '<div class="share"><a href="#">Share this story with all of your friends here</a></div>',
        f'<p class="summary">{STORY[0]}</p>',
    ],
)
def test_what_is_no_lead_or_repeats_the_story_is_none(markup: str) -> None:
    body = (
        f'<div><h1>{TITLE}</h1>{markup}</div><div class="article-body">{paragraphs(*STORY)}</div>'
    )
    assert read_page(page_of(body), None).lead is None


def test_lists_and_tables_of_a_bare_page_are_kept() -> None:
    points = "<ul><li>Who pays for the piers?</li><li>Who keeps the railing?</li></ul>"
    rows = "<tr><td>North pier</td><td>1911</td></tr><tr><td>South pier</td><td>1934</td></tr>"
    table = f"<table>{rows}</table>"
    text = kept_of(
        f"<h1>{TITLE}</h1>{paragraphs(*STORY[:2])}{points}{paragraphs(STORY[2])}{table}"
        f"{paragraphs(STORY[3])}"
    )
    for words in ("Who pays for the piers?", "Who keeps the railing?", "South pier", "1934"):
        assert text.count(words) == 1
    assert text.index(STORY[1]) < text.index("Who pays") < text.index(STORY[2])


def test_a_list_of_links_between_paragraphs_is_not_put_back() -> None:
    links = "".join(f'<li><a href="/{i}">Read about pier number {i}</a></li>' for i in range(4))
    text = kept_of(
        f"<h1>{TITLE}</h1>{paragraphs(*STORY[:2])}<ul>{links}</ul>{paragraphs(*STORY[2:])}"
    )
    assert "pier number 2" not in text


@pytest.mark.parametrize("name", ["newsletter", "related", "caption", "author-bio"])
def test_boxes_between_paragraphs_are_not_put_back(name: str) -> None:
    letter = "Our letter on Fridays has all of the news about this bridge."
    box = f'<div class="{name}"><div>{letter}</div></div>'
    text = kept_of(story_with(box))
    assert "letter on Fridays" not in text
    assert all(each in text for each in STORY)
