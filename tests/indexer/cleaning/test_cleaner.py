from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.cleaning import vocabulary as rules
from indexer.cleaning.cleaner import Cleaning, clean
from tests.support.pages import (
    BRIDGE,
    DETOUR,
    MAYOR,
    check_invariants,
    headline,
    kept,
    page,
    removed,
)

SEEDS = Path(__file__).resolve().parents[3] / "seeds"


def seed(prefix: str) -> str:
    (path,) = SEEDS.glob(f"{prefix}_*.txt")
    return path.read_bytes().decode("utf-8")


# --- the five seeds ---


def test_the_reader_comment_the_form_and_the_footer_of_000_are_left_out() -> None:
    text = seed("000")
    assert kept(text).startswith("US Asks Iran to Urge Hamas")
    assert kept(text).endswith("release Iranian-American national Morad Tahbaz from prison.")
    assert [(part[:26], reason) for part, reason in removed(text)] == [
        ("The IFP Editorial Staff is", rules.FOOTER),
        ("1. jews must arm themselve", rules.COMMENTS),
        ("Please enter your comment!", rules.FORM),
    ]


def test_only_the_article_of_001_is_kept() -> None:
    text = seed("001")
    assert kept(text).startswith("Hamas says resistance to last until cessation")
    assert kept(text).endswith("support for the Israeli atrocities.")
    assert [(part.split("\n")[0], reason) for part, reason in removed(text)] == [
        ("Media Wire", rules.NAVIGATION),
        ("IFP Media Wire", rules.FOOTER),
        ("Recent Posts", rules.RELATED),
    ]
    assert "9 hours ago" in removed(text)[-1][0]
    assert headline(text) == (
        "Hamas says resistance to last until cessation of Israeli aggression, occupation"
    )


def test_the_form_the_captcha_and_the_credits_of_002_are_left_out() -> None:
    text = seed("002")
    assert removed(text) == [
        ("0 Persons\n26 October 2023 - 20:42", rules.CREDIT),
        ("News ID 196349", rules.CREDIT),
        ("Tags", rules.SHARE),
        ("Your Comment", rules.COMMENTS),
        ("You are replying to: .\n1 + 10 =", rules.FORM),
    ]
    assert headline(text) == "What US told Iran in recent messages on Gaza?"
    assert kept(text).endswith("resistance groups should not be played with.")


def test_003_is_a_list_of_headlines_with_their_summaries() -> None:
    text = seed("003")
    result = clean(text)
    assert headline(text) == "Iran-Palestine Relations"
    assert removed(text) == [("Latest news", rules.RELATED)]
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
    assert reason == rules.REPEATED
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


# --- articles that talk about what the rules look for ---


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


def test_only_equal_paragraphs_are_repeats() -> None:
    similar = BRIDGE.replace("two", "three")
    spaced = BRIDGE.replace(" ", "\u00a0 ")
    text = page("Bridge closes", BRIDGE, similar, spaced)
    assert removed(text) == [(spaced, rules.REPEATED)]


def test_short_lines_are_repeats_only_inside_a_repeated_run() -> None:
    text = page(
        "Bridge closes", "“No.”", BRIDGE, "“Why?”", DETOUR, "“No.”", BRIDGE, "“Why?”", MAYOR
    )
    assert removed(text) == [(page("“No.”", BRIDGE, "“Why?”"), rules.REPEATED)]


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
    start = process_time()  # not of the clock, which other processes share
    result = clean(text)
    assert process_time() - start < 30
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
