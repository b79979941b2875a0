"""The title is the headline, not a logo, a greeting, a section or a live blog's entry."""

import pytest

from indexer.webpages.page_title import page_title
from indexer.webpages.tree import parse_page
from tests.support.pages import BRIDGE

HEADLINE = "Old bridge closes for repairs"


def title(head: str, top: str, given: str | None, site: str | None = None) -> str | None:
    page = f"<html><head>{head}</head><body>{top}<p>{BRIDGE}</p></body></html>"
    return page_title(parse_page(page.encode()).root, given, site)


@pytest.mark.parametrize(
    ("head", "top", "given"),
    [
        # a greeting, a section, a banner
        (
            f"<title>{HEADLINE} - Blog - Ann</title>",
            f"<h1>Hello!</h1><h2>{HEADLINE}</h2>",
            "Hello!",
        ),
        (f"<title>{HEADLINE} | Town</title>", f"<h1>Town</h1><h2>{HEADLINE}</h2>", "Town"),
        (
            f"<title>Town » {HEADLINE}</title>",
            f"<h1>Subscribe</h1><h3>{HEADLINE}</h3>",
            "Subscribe",
        ),
        # logos
        (
            f"<title>{HEADLINE} - The Daily Example of Norrby County</title>",
            f'<h1><a href="/">The Daily Example of Norrby County</a></h1><h2>{HEADLINE}</h2>',
            "The Daily Example of Norrby County",
        ),
        (
            f"<title>{HEADLINE} — Example</title>",
            f'<a href="https://example.org"><h1>Example beta</h1></a><h2>{HEADLINE}</h2>',
            "Example beta",
        ),
        # the site's name is all that the head says
        (
            '<title>Example</title><meta property="og:title" content="Example">'
            '<meta property="og:site_name" content="Example">',
            f"<h1>{HEADLINE}</h1>",
            "Example",
        ),
        (
            '<title>Example</title><script type="application/ld+json">[{"@type": "WebSite", '
            f'"name": "Example"}}, {{"@type": "NewsArticle", "headline": "{HEADLINE}"}}]</script>',
            '<h1><a href="/">Example</a></h1>',
            "Example",
        ),
    ],
)
def test_the_headline_is_what_a_heading_and_the_head_agree_on(
    head: str, top: str, given: str
) -> None:
    assert title(head, top, given) == HEADLINE


def test_the_title_of_a_live_blog_is_not_that_of_its_entries() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": '
        f'"{HEADLINE}", "liveBlogUpdate": [{{"@type": "BlogPosting", "headline": "First crane"}}]}}'
        "</script>"
    )
    assert title(head, f"<h2>{HEADLINE}</h2>", "First crane") == HEADLINE
    assert title(head, "<h2>First crane</h2>", "First crane") == "First crane"
    assert title(head, "", "First crane") == HEADLINE


@pytest.mark.parametrize(
    ("head", "top", "given"),
    [
        # the heading and the title for search engines differ
        ("<title>Bridge: what to know | Example</title>", f"<h1>{HEADLINE}</h1>", HEADLINE),
        (f'<meta property="og:title" content="{HEADLINE}">', "<h1>Other words</h1>", HEADLINE),
        # other stories have headings, too
        (f"<title>{HEADLINE} - Example</title>", f"<h1>{HEADLINE}</h1><h2>Fog</h2>", HEADLINE),
        ("", f"<h1>{HEADLINE}</h1><h2>Read this too, it is longer</h2>", HEADLINE),
        ("", "", HEADLINE),
        ("", "", None),
    ],
)
def test_a_title_that_nothing_contradicts_is_kept(head: str, top: str, given: str | None) -> None:
    assert title(head, top, given) == given
