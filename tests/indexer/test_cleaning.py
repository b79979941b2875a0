import os
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.cleaning import NEWS, extraction_table, removed_from_news
from indexer import cleaning
from indexer.cleaning import Cleaning, clean

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
DATA = Path(
    os.environ.get(
        "DATELINE_EVAL_DATA", str(Path(__file__).resolve().parents[3] / "shared" / "data")
    )
)

BRIDGE = (
    "The council voted on Tuesday to close the old bridge for repairs after engineers found cracks "
    "in two of its main supports last month."
)
DETOUR = (
    "Residents said the detour would add half an hour to their journey, and several shop owners "
    "asked for compensation from the city."
)
MAYOR = (
    "The mayor, who had opposed the closure, said that the work would be finished before winter "
    "and that buses would run more often."
)


def page(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def seed(prefix: str) -> str:
    (path,) = SEEDS.glob(f"{prefix}_*.txt")
    return path.read_bytes().decode("utf-8")


def kept(text: str) -> str:
    return "\n".join(text[r.start : r.end] for r in clean(text).regions if r.kept)


def removed(text: str) -> list[tuple[str, str]]:
    return [(text[r.start : r.end], r.reason) for r in clean(text).regions if not r.kept]


def headline(text: str) -> str | None:
    span = clean(text).headline
    return span.slice(text) if span else None


def check_invariants(text: str, result: Cleaning) -> None:
    position = 0
    for region in result.regions:
        assert position <= region.start < region.end <= len(text)
        assert not text[position : region.start].strip()
        assert region.kept == (region.reason == "")
        assert region.kept or region.reason in cleaning.REASONS
        position = region.end
    assert not text[position:].strip()
    inside = [(r.start, r.end) for r in result.regions if r.kept]
    spans = [(p.start, p.end) for p in result.paragraphs]
    assert spans == sorted(spans)
    for start, end in spans:
        assert any(first <= start and end <= last for first, last in inside)
    kept_size = sum(len("".join(text[a:b].split())) for a, b in inside)
    assert kept_size == sum(len("".join(text[a:b].split())) for a, b in spans)
    assert result.headline is None or result.headline in result.paragraphs
    for item in result.items:
        assert item.headline in result.paragraphs
        assert item.summary in result.paragraphs
        assert item.headline.end <= item.summary.start


# --- the five seeds -----------------------------------------------------------------------------


def test_the_reader_comment_the_form_and_the_footer_of_000_are_left_out() -> None:
    text = seed("000")
    assert kept(text).startswith("US Asks Iran to Urge Hamas")
    assert kept(text).endswith("release Iranian-American national Morad Tahbaz from prison.")
    assert [(part[:26], reason) for part, reason in removed(text)] == [
        ("The IFP Editorial Staff is", cleaning.FOOTER),
        ("1. jews must arm themselve", cleaning.COMMENTS),
        ("Please enter your comment!", cleaning.FORM),
    ]


def test_only_the_article_of_001_is_kept() -> None:
    text = seed("001")
    assert kept(text).startswith("Hamas says resistance to last until cessation")
    assert kept(text).endswith("support for the Israeli atrocities.")
    assert [(part.split("\n")[0], reason) for part, reason in removed(text)] == [
        ("Media Wire", cleaning.NAVIGATION),
        ("IFP Media Wire", cleaning.FOOTER),
        ("Recent Posts", cleaning.RELATED),
    ]
    assert "9 hours ago" in removed(text)[-1][0]
    assert headline(text) == (
        "Hamas says resistance to last until cessation of Israeli aggression, occupation"
    )


def test_the_form_the_captcha_and_the_credits_of_002_are_left_out() -> None:
    text = seed("002")
    assert removed(text) == [
        ("0 Persons\n26 October 2023 - 20:42", cleaning.CREDIT),
        ("News ID 196349", cleaning.CREDIT),
        ("Tags", cleaning.SHARE),
        ("Your Comment", cleaning.COMMENTS),
        ("You are replying to: .\n1 + 10 =", cleaning.FORM),
    ]
    assert headline(text) == "What US told Iran in recent messages on Gaza?"
    assert kept(text).endswith("resistance groups should not be played with.")


def test_003_is_a_list_of_headlines_with_their_summaries() -> None:
    text = seed("003")
    result = clean(text)
    assert result.is_list_page
    assert headline(text) == "Iran-Palestine Relations"
    assert removed(text) == [("Latest news", cleaning.RELATED)]
    pairs = [(i.headline.slice(text), i.summary.slice(text)) for i in result.items]
    assert len(pairs) == 25
    assert pairs[0][0] == "Iran FM: Stop Gaza strikes before it’s too late"
    assert pairs[0][1].startswith("The Iranian foreign minister has called for")
    assert pairs[5][0] == "Over 10 million Iranians sign up to go to Gaza to fight Israel"
    assert pairs[-1][0].startswith("US still seeking to determine")
    assert pairs[-1][1].endswith("Iran’s history of aiding Hamas, officials say.")
    listed = {span for item in result.items for span in (item.headline, item.summary)}
    assert set(result.paragraphs) - listed == {result.headline}


def test_a_doubled_article_is_kept_once() -> None:
    text = seed("004")
    ((part, reason),) = removed(text)
    assert reason == cleaning.REPEATED
    assert part == text[-len(part) :].strip()
    assert kept(text).count("“We are making clear to all of our allies") == 1
    assert set(kept(text).split("\n")) == {line for line in text.split("\n") if line}


@pytest.mark.parametrize(
    ("prefix", "first_removed", "articles_lines"),
    [("000", "The IFP Editorial Staff", 9), ("001", "IFP Media Wire", 10), ("002", "News ID", 8)],
)
def test_no_sentence_of_an_article_is_lost(
    prefix: str, first_removed: str, articles_lines: int
) -> None:
    text = seed(prefix)
    start = text.index("\n\n") if prefix == "001" else text.index(headline(text) or "")
    body = [line for line in text[start : text.index(first_removed)].split("\n") if line.strip()]
    assert len(body) == articles_lines
    for line in body:
        assert line.strip() in kept(text)


@pytest.mark.parametrize("prefix", ["000", "001", "002", "003", "004"])
def test_the_seeds_are_covered_exactly(prefix: str) -> None:
    text = seed(prefix)
    check_invariants(text, clean(text))


# --- articles that talk about what the rules look for --------------------------------------------


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("Paper closes its comment section", BRIDGE, "Comments", DETOUR, MAYOR),
        ("Paper closes", BRIDGE, "“Please enter your comment!” is all the site says now.", DETOUR),
        ("Five ways to save", BRIDGE, "1. Fix leaking taps.", "2. Collect rain water", MAYOR),
        ("At the gate", BRIDGE, "“Where are you going?”", "“Home.”", "“Home.”", "“Now?”", DETOUR),
        ("Q&A", BRIDGE, "Q: Did you share this?", "A: No.", "Q: Why?", "A: Nobody asked.", MAYOR),
        ("Networks", "Facebook", BRIDGE, "Twitter", DETOUR, "LinkedIn", MAYOR),
        ("Markets", BRIDGE, "Share prices fell again on Friday.", "Tags on the goods lied.", MAYOR),
        ("Cases", BRIDGE, "Related cases are pending in two courts.", "Read more books.", MAYOR),
        (
            "Bridge",
            BRIDGE,
            "What happens next",
            DETOUR,
            "Latest",
            MAYOR,
            "More on the bridge",
            DETOUR[1:],
        ),
        ("Dates", "October 7, 2023", BRIDGE, "October 9, 2023", DETOUR, "October 12, 2023", MAYOR),
        ("Age", BRIDGE, DETOUR, "He was 83."),
        ("Silence", BRIDGE, DETOUR, "No comment."),
        (
            "Sports",
            BRIDGE,
            *"Archery Football Tennis Golf Cricket Soccer Basketball".split(),
            MAYOR,
        ),
        ("Trailing off", BRIDGE, DETOUR, "And then the line went dead…"),
        (
            "Search",
            BRIDGE,
            "The search goes on",
            DETOUR,
            "Sign up for the army, he was told.",
            MAYOR,
        ),
        ("Sums", BRIDGE, "The pupils wrote 1 + 10 = 11 on the board.", DETOUR),
    ],
    ids=lambda paragraphs: paragraphs[0],
)
def test_an_article_keeps_every_paragraph(paragraphs: tuple[str, ...]) -> None:
    assert removed(page(*paragraphs)) == []


@pytest.mark.parametrize(
    "last",
    [
        "The editorial staff of the newspaper, which is edited and published by a foundation, can "
        "be contacted only through a lawyer, its website said.",
        "The tweet does not necessarily reflect the views of the company, a spokesman said.",
        "Copyright law does not protect ideas, the judge said, and all rights reserved notices "
        "on the website change nothing.",
        "The editorial board of the paper resigned, and its website was taken offline.",
        "Five hours ago the first boats left the harbour.",
        "This report was published by the agency in Geneva on Monday.",
        "This story was first told by fishermen who crossed the river every day.",
    ],
)
def test_news_about_editors_and_rights_at_the_end_is_not_a_footer(last: str) -> None:
    assert removed(page("Staff walk out", BRIDGE, DETOUR, last)) == []


def test_a_poem_keeps_its_refrain() -> None:
    text = (
        "A Winter Song\n\nThe river sleeps beneath the snow\nThe river sleeps, the wind is low\n"
        "And none shall wake it\nNone shall wake it\n\nThe river sleeps beneath the snow\n"
        "And none shall wake it"
    )
    assert removed(text) == []


@pytest.mark.parametrize(
    "text",
    [
        BRIDGE,
        "An article without punctuation\n\nit goes on and on over many words\n\nand ends",
        "أعلنت الوزارة\n\nقال الوزير يوم الثلاثاء إن المحادثات ستستمر خلال الأسبوع.\n\nانتهى",
        "外相会談\n\n外務大臣は火曜日、来週も首都で協議を続けると述べた。\n\n関係者は合意に近いと語った。",
    ],
)
def test_short_and_foreign_articles_are_kept_whole(text: str) -> None:
    assert removed(text) == []
    assert "".join(kept(text).split()) == "".join(text.split())


# --- boilerplate ---------------------------------------------------------------------------------


def test_a_comment_section_goes_with_its_comments() -> None:
    comment = (
        "I cannot believe that they let it rot for so long and that we must all pay for it now."
    )
    text = page("Bridge closes", BRIDGE, DETOUR, "Comments (2)", "Jane says:", comment, "Reply")
    assert kept(text) == page("Bridge closes", BRIDGE, DETOUR)
    assert [reason for _, reason in removed(text)] == [cleaning.COMMENTS]


def test_a_numbered_list_above_a_form_is_kept_unless_it_reads_like_comments() -> None:
    tips = ("1. Fix leaking taps before summer.", "2. Collect rain water in a barrel.")
    text = page("Two ways to save", BRIDGE, *tips, "Leave a reply")
    assert kept(text) == page("Two ways to save", BRIDGE, *tips)
    rant = "they should all go to prison " * 10
    text = page("Bridge closes", BRIDGE, DETOUR, f"\n  1. {rant}", "Please enter your comment!")
    assert [reason for _, reason in removed(text)] == [cleaning.COMMENTS, cleaning.FORM]


def test_teasers_with_relative_times_go_even_without_a_label() -> None:
    ferry = (
        "Ferry to start on Monday",
        "The new ferry will start on Monday and run…",
        "1 hour ago",
    )
    school = (
        "School trips are off",
        "All trips to the old bridge are off until […]",
        "3 hours ago",
    )
    text = page("Bridge closes", BRIDGE, DETOUR, *ferry, *school)
    assert removed(text) == [(page(*ferry, *school), cleaning.RELATED)]


def test_a_related_list_inside_an_article_ends_where_the_article_goes_on() -> None:
    related = (
        "Related stories",
        "Ferry to start on Monday",
        "School trips are cancelled this week",
    )
    text = page("Bridge closes", BRIDGE, *related, MAYOR)
    assert kept(text) == page("Bridge closes", BRIDGE) + "\n" + MAYOR
    assert removed(text) == [(page(*related), cleaning.RELATED)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Please enter your name here", cleaning.FORM),
        ("Your email address will not be published. Required fields are marked *", cleaning.FORM),
        ("7 × 3 = ?", cleaning.FORM),
        ("Share this article", cleaning.SHARE),
        ("Facebook Twitter WhatsApp Email", cleaning.SHARE),
        ("Tags: bridge, council, repairs", cleaning.SHARE),
        ("Skip to main content", cleaning.NAVIGATION),
        ("Home > World > Europe", cleaning.NAVIGATION),
        ("ADVERTISEMENT", cleaning.NAVIGATION),
        ("Published: October 26, 2023 at 8:42 pm", cleaning.CREDIT),
        ("3 min read", cleaning.CREDIT),
        ("READ MORE: Ferry to start on Monday", cleaning.RELATED),
    ],
)
def test_a_line_that_is_never_article_text_goes(line: str, reason: str) -> None:
    text = page("Bridge closes for repairs", BRIDGE, line, MAYOR)
    assert removed(text) == [(line, reason)]


@pytest.mark.parametrize(
    "footer",
    [
        "© 2023 The Daily Example. All rights reserved.",
        "The views expressed in this article do not necessarily reflect the position of our site.",
        "This article was originally published by The Example.",
    ],
)
def test_what_an_outlet_says_about_itself_below_the_article_goes(footer: str) -> None:
    text = page("Bridge closes", BRIDGE, DETOUR, footer)
    assert removed(text) == [(footer, cleaning.FOOTER)]


def test_dates_and_bylines_above_the_story_are_credits() -> None:
    text = page("Bridge closes", "By Jane Doe", "26 October 2023", BRIDGE)
    assert removed(text) == [("By Jane Doe\n\n26 October 2023", cleaning.CREDIT)]


def test_only_equal_paragraphs_are_repeats() -> None:
    similar = BRIDGE.replace("two", "three")
    spaced = BRIDGE.replace(" ", "\u00a0 ")
    text = page("Bridge closes", BRIDGE, similar, spaced)
    assert removed(text) == [(spaced, cleaning.REPEATED)]


def test_short_lines_are_repeats_only_inside_a_repeated_run() -> None:
    text = page(
        "Bridge closes", "“No.”", BRIDGE, "“Why?”", DETOUR, "“No.”", BRIDGE, "“Why?”", MAYOR
    )
    assert removed(text) == [(page("“No.”", BRIDGE, "“Why?”"), cleaning.REPEATED)]


def test_the_menu_of_a_web_page_goes_and_its_article_stays() -> None:
    menu = "\n".join(f"  * {word}" for word in "Home News World Sports Opinion Weather".split())
    links = "\n".join(f"  * {word}" for word in ("About us", "Careers", "Privacy", "Help"))
    article = page(BRIDGE, DETOUR, MAYOR)
    text = page("Daily Example", menu, "# Old bridge closes for repairs", article, links)
    assert kept(text) == page("# Old bridge closes for repairs", article)
    assert headline(text) == "# Old bridge closes for repairs"
    assert {reason for _, reason in removed(text)} == {cleaning.NAVIGATION}


def test_lines_wrapped_to_a_width_are_one_paragraph() -> None:
    wrapped = [
        "The council voted on Tuesday to close the old bridge for repairs after",
        "engineers found cracks in two of its main supports last month, and it",
        "asked the ferry company to run more boats until the work is finished by",
        "winter.",
    ]
    text = page("Bridge closes", "\n".join(wrapped), "He agreed.")
    assert [p.slice(text) for p in clean(text).paragraphs] == [
        "Bridge closes",
        "\n".join(wrapped),
        "He agreed.",
    ]


# --- lists, headlines, limits --------------------------------------------------------------------


def test_an_article_with_subheadings_is_not_a_list_page() -> None:
    text = page("Bridge closes", BRIDGE, DETOUR, "What happens next", MAYOR, BRIDGE + " Again.")
    assert not clean(text).is_list_page


def test_a_list_of_stories_needs_no_blank_lines() -> None:
    stories = [
        f"Story number {n} has a headline\nThe story number {n} says that something has happened."
        for n in "one two three four five".split()
    ]
    text = "\n".join(["Town news", *stories])
    assert [i.headline.slice(text)[:16] for i in clean(text).items] == [
        "Story number one",
        "Story number two",
        "Story number thr",
        "Story number fou",
        "Story number fiv",
    ]


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        (("Bridge closes", BRIDGE), "Bridge closes"),
        (("Is the bridge safe?", BRIDGE), "Is the bridge safe?"),
        (("World", "Old bridge closes for repairs", BRIDGE), "Old bridge closes for repairs"),
        (("Riverside", "Old bridge closes for repairs", BRIDGE), "Old bridge closes for repairs"),
        ((BRIDGE, DETOUR), None),
        ((BRIDGE,), None),
        (("It rained.", BRIDGE), None),
    ],
)
def test_the_headline_is_the_first_line_that_reads_like_one(
    paragraphs: tuple[str, ...], expected: str | None
) -> None:
    assert headline(page(*paragraphs)) == expected


def test_a_text_that_is_all_boilerplate_is_kept_whole() -> None:
    text = "Please enter your comment!\nPlease enter your name here\nShare this"
    assert removed(text) == []
    assert kept(text) == text
    assert removed("© 2023 The Daily Example. All rights reserved.") == []


@pytest.mark.parametrize("text", ["", " \n\t\u2003\n", "\x1c\x85\u2028"])
def test_white_space_has_no_regions(text: str) -> None:
    assert clean(text) == Cleaning(regions=())


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "word " * 200_000,
        BRIDGE + "\n\n" + "Comments\n" * 100_000 + BRIDGE,
        BRIDGE + "\n\n" + "Trending\n\nHe left.\n\n" * 50_000,
        BRIDGE + "\n" + "1. yes\n" * 100_000 + "Please enter your comment!",
    ],
    ids=["one word", "one line", "labels", "headings", "numbered"],
)
def test_a_megabyte_takes_seconds_at_most(text: str) -> None:
    start = perf_counter()
    result = clean(text)
    assert perf_counter() - start < 30
    check_invariants(text, result)


SNIPPETS = st.sampled_from(
    [
        *(
            "Comments",
            "Tags",
            "Share this",
            "Related stories",
            "Read more",
            "Please enter your name",
        ),
        *("1 + 10 =", "5 hours ago", "Home", "News", "Sports", "* Weather", "26 October 2023"),
        *("By Jane Doe", "© 2023 The Example", "1. no", "Trailing off…", BRIDGE, DETOUR, MAYOR),
        *("A headline of five words", "Jane says:", "", " ", "“Yes.”"),
    ]
)


@given(st.text())
def test_any_text_is_covered_exactly(text: str) -> None:
    check_invariants(text, clean(text))


@settings(max_examples=200)
@given(st.lists(SNIPPETS, max_size=25), st.sampled_from(["\n", "\n\n", "\r\n", "\u2028", "\n \n"]))
def test_any_mixture_of_boilerplate_is_covered_exactly(lines: list[str], separator: str) -> None:
    text = separator.join(lines)
    result = clean(text)
    check_invariants(text, result)
    assert result == clean(text)
    if text.strip():
        assert any(region.kept for region in result.regions)


@given(st.lists(st.sampled_from([BRIDGE, DETOUR, MAYOR]), min_size=1, max_size=3, unique=True))
def test_running_text_is_never_removed(paragraphs: list[str]) -> None:
    assert removed(page("Old bridge closes", *paragraphs)) == []


# --- evaluation data -----------------------------------------------------------------------------


@pytest.fixture
def data() -> Path:
    if not (DATA / "extraction" / "ground-truth.json").is_file():
        pytest.skip(f"no evaluation data in {DATA} (set DATELINE_EVAL_DATA)")
    return DATA


@pytest.mark.data
def test_articles_are_found_in_whole_pages(data: Path) -> None:
    rows = {(tool, half): after for tool, half, _, after in extraction_table(data / "extraction")}
    for tool in ("html2text", "inscriptis"):
        found = rows[tool, "held out"]
        assert found.f1 >= 0.84
        assert found.recall >= 0.90
    assert rows["trafilatura", "held out"].recall >= 0.96


@pytest.mark.data
@pytest.mark.parametrize("name", NEWS)
def test_next_to_nothing_is_removed_from_clean_news(data: Path, name: str) -> None:
    count, total, reasons = removed_from_news(data / "news" / f"{name}_articles.jsonl.xz", 200)
    assert count == 200
    assert reasons.total() <= 0.015 * total
    assert reasons[cleaning.COMMENTS] == 0
