import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import PageError
from indexer.webpages.extract import read_page
from tests.support.pages import BRIDGE, DETOUR, MAYOR

URL = "https://example.org/city/2023/05/04/bridge"
MENU = "<nav><ul>" + "".join(f"<li><a href='/{i}'>Section {i}</a></li>" for i in range(9))
MENU += "</ul></nav>"
HEAD = (
    '<meta charset="utf-8"><title>Old bridge closes - The Example</title>'
    '<meta property="og:title" content="Old bridge closes">'
    '<meta property="og:site_name" content="The Example">'
    '<meta name="author" content="Jane Doe">'
    f'<link rel="canonical" href="{URL}">'
)


def html(body: str, head: str = HEAD, language: str = "en-GB") -> bytes:
    page = f'<!DOCTYPE html><html lang="{language}"><head>{head}</head><body>{body}</body></html>'
    return page.encode()


def article(*paragraphs: str) -> str:
    inside = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"{MENU}<article><h1>Old bridge closes</h1>{inside}</article><footer>© Example</footer>"


STORY = article(BRIDGE, DETOUR, MAYOR)


def test_the_article_is_read_and_the_menu_and_footer_are_not() -> None:
    assert read_page(html(STORY), None).text == f"{BRIDGE}\n\n{DETOUR}\n\n{MAYOR}"


def test_what_the_page_says_of_itself_is_read() -> None:
    page = read_page(html(STORY), None)
    assert page.title == "Old bridge closes"
    assert page.site_name == "The Example"
    assert page.authors == ("Jane Doe",)
    assert page.language == "en"
    assert page.url == URL
    assert page.encoding == "utf-8"


def test_what_the_page_does_not_say_is_unknown() -> None:
    page = read_page(f"<html><body>{article(BRIDGE, DETOUR)}</body></html>".encode(), None)
    assert page.authors == ()
    assert page.language is None
    assert page.url is None


def test_the_given_address_serves_when_the_page_has_none() -> None:
    content = html(STORY, head="<title>Old bridge closes</title>")
    assert read_page(content, URL).url == URL
    assert read_page(content, "file:///home/reader/bridge.html").url is None
    assert read_page(content, "http://[broken").url is None


def test_the_name_of_the_site_is_cut_from_the_title() -> None:
    head = '<title>The Example | Old bridge closes</title><meta property="og:site_name" '
    head += 'content="The Example">'
    body = f"<article><p>{BRIDGE}</p><p>{DETOUR}</p></article>"
    assert read_page(html(body, head), None).title == "Old bridge closes"


@pytest.mark.parametrize(
    ("credit", "authors"),
    [
        ("By Jane Doe", ("Jane Doe",)),
        ("Jane Doe and John Roe", ("Jane Doe", "John Roe")),
        ("Example Staff", ()),
        ("The Example", ()),
        ("admin", ()),
    ],
)
def test_only_names_of_people_are_authors(credit: str, authors: tuple[str, ...]) -> None:
    head = HEAD.replace("Jane Doe", credit)
    assert read_page(html(STORY, head), None).authors == authors


def test_a_line_break_in_the_source_is_a_space_and_one_in_the_page_is_kept() -> None:
    wrapped = BRIDGE.replace(" after ", "\n   after ").replace(" cracks ", "\r\ncracks ")
    page = read_page(
        html(article(wrapped, DETOUR, "Mayor:<br>It will be done before winter.")), None
    )
    assert BRIDGE in page.text.split("\n\n")
    assert "Mayor:\n\nIt will be done before winter." in page.text


def test_comments_of_readers_are_left_out() -> None:
    comments = f'<section id="comments" class="comments"><p>First! {DETOUR}</p></section>'
    assert "First!" not in read_page(html(article(BRIDGE, MAYOR) + comments), None).text


def test_an_article_in_a_script_is_not_the_article() -> None:
    fake = '{"@type": "NewsArticle", "articleBody": "' + "The bridge never closed. " * 40 + '"}'
    scripts = f'<script type="application/ld+json">{fake}</script><script>var a = "<p>{fake}</p>"'
    text = read_page(html(f"{scripts}</script>{STORY}"), None).text
    assert "never closed" not in text
    assert BRIDGE in text


def test_unusual_markup_does_not_lose_the_article() -> None:
    # The precise mode alone takes the small text in the article element for the whole.
    lines = "<br><br>".join([BRIDGE, DETOUR, MAYOR] * 3)
    body = f'<div class="post"><article class="teaser">4 May 2023</article></div><div>{lines}</div>'
    assert MAYOR in read_page(html(body), None).text


# --- malformed twins ---


@pytest.mark.parametrize(
    "content",
    [
        html(""),
        b"<html><head><title>Old bridge closes</title></head></html>",
        b"<html><frameset><frame src='file:///etc/passwd'><frame src='b.html'></frameset></html>",
        b"<html><body>" + b"<div>" * 50_000 + BRIDGE.encode(),
    ],
    ids=["empty body", "no body", "frames", "nested"],
)
def test_a_page_without_an_article_is_said_to_have_none(content: bytes) -> None:
    with pytest.raises(PageError, match=r"^no article in the page: its markup"):
        read_page(content, None)


@pytest.mark.parametrize("blank", [" ", "\n", " \n", "\t"])
def test_a_megabyte_of_white_space_is_passed_over(blank: str) -> None:
    body = article(BRIDGE, f"{DETOUR}{blank * 500_000}", MAYOR)
    assert read_page(html(body), None).text == f"{BRIDGE}\n\n{DETOUR}\n\n{MAYOR}"


def test_a_time_zone_that_no_clock_has_does_not_lose_the_article() -> None:
    zone = '<meta property="article:published_time" content="2023-05-04T07:30:00-99:00">'
    page = read_page(html(STORY, HEAD + zone), None)
    assert (page.title, page.authors) == ("Old bridge closes", ("Jane Doe",))
    assert BRIDGE in page.text


def test_a_control_character_is_a_space_and_does_not_lose_the_article() -> None:
    # One as a byte, two as references; a tree is read with them and takes none of them back.
    body = article(f"{BRIDGE}\x11", f"&#17;{DETOUR}", MAYOR.replace(" ", "&#xFFFE;"))
    assert read_page(html(body), None).text == f"{BRIDGE}\n\n{DETOUR}\n\n{MAYOR}"


def test_a_truncated_page_keeps_what_arrived() -> None:
    content = html(article(BRIDGE, DETOUR, "Der Bürgermeister sagte nichts dazu."))
    cut = content[: content.index("ü".encode()) + 1]
    page = read_page(cut, None)
    assert page.encoding == "utf-8"
    assert page.text.endswith("Der B")
    assert BRIDGE in page.text


def test_a_frame_in_a_page_is_not_read() -> None:
    frame = "<iframe src='file:///etc/hostname'><p>Frame text.</p></iframe>"
    text = read_page(
        html(f"{frame}<noframes>{MAYOR}</noframes>{article(BRIDGE, DETOUR)}"), None
    ).text
    assert text == f"{BRIDGE}\n\n{DETOUR}"


def test_entities_of_a_document_type_are_not_expanded() -> None:
    hostile = (
        "<?xml version='1.0'?><!DOCTYPE html [<!ENTITY f SYSTEM 'file:///etc/passwd'>"
        "<!ENTITY a 'bomb'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
        f"<html><body><p>{BRIDGE} &f; &b;</p><p>{DETOUR}</p></body></html>"
    )
    text = read_page(hostile.encode(), None).text
    assert "root:" not in text
    assert "bombbomb" not in text
    assert BRIDGE in text


def test_a_page_of_five_megabytes_is_read_whole() -> None:
    paragraph = " ".join(f"The council noted item {i} of its long agenda." for i in range(110_000))
    content = html(f"<article><p>{BRIDGE}</p><p>{paragraph}</p></article>")
    assert len(content) > 5_000_000
    text = read_page(content, None).text
    assert text.startswith(BRIDGE)
    assert text.endswith("The council noted item 109999 of its long agenda.")


MARKUP = st.sampled_from(
    [
        *(
            BRIDGE,
            "<p>",
            "</p>",
            "<div",
            ">",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "<table><tr>",
        ),
        *("&#0;", "&nbsp;", "\0", "&#xd83d;", "<svg><p>", '<meta name="date" content="'),
    ]
)


@settings(max_examples=25, deadline=None)
@given(st.lists(MARKUP))
def test_broken_markup_is_an_article_or_a_clear_error(pieces: list[str]) -> None:
    try:
        page = read_page(f"<html><body>{''.join(pieces)}".encode(), None)
    except PageError as error:
        assert str(error).startswith(("no article in the page", "no web page"))  # noqa: PT017 - either outcome
    else:
        assert page.text.strip() == page.text != ""
