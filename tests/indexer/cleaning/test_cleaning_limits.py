import os
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.components.cleaning import (
    NEWS,
    extraction_table,
    recall_of_bodies,
    removed_from_news,
)
from indexer.cleaning import vocabulary as rules
from indexer.cleaning.cleaner import Cleaning, clean
from tests.support.pages import BRIDGE, DETOUR, MAYOR, check_invariants, kept, page, removed

DATA = Path(
    os.environ.get(
        "DATELINE_EVAL_DATA", str(Path(__file__).resolve().parents[4] / "shared" / "data")
    )
)


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


# --- evaluation data ---


@pytest.fixture
def data() -> Path:
    if not (DATA / "extraction" / "ground-truth.json").is_file():
        pytest.skip(f"no evaluation data in {DATA} (set DATELINE_EVAL_DATA)")
    return DATA


@pytest.mark.data
def test_articles_are_found_in_whole_pages(data: Path) -> None:
    table = extraction_table(data / "extraction")
    rows = {row.tool: row.after for row in table if row.half == "held out"}
    for tool, f1, recall in (
        ("html2text", 0.90, 0.935),
        ("inscriptis", 0.915, 0.945),
        ("beautifulsoup", 0.855, 0.91),
    ):
        assert rows[tool].f1 >= f1, tool
        assert rows[tool].recall >= recall, tool
    assert rows["trafilatura"].recall >= 0.95


@pytest.mark.data
def test_the_bodies_of_pages_are_kept_when_they_are_texts_of_their_own(data: Path) -> None:
    assert recall_of_bodies(data / "extraction", "all") >= 0.994
    assert recall_of_bodies(data / "extraction", "all", joined=True) >= 0.999


@pytest.mark.data
@pytest.mark.parametrize("name", NEWS)
def test_next_to_nothing_is_removed_from_clean_news(data: Path, name: str) -> None:
    count, total, reasons = removed_from_news(data / "news" / f"{name}_articles.jsonl.xz", 200)
    assert count == 200
    assert reasons.total() <= 0.015 * total
    assert reasons[rules.COMMENTS] == 0


@pytest.mark.data
@pytest.mark.parametrize("name", NEWS)
def test_next_to_nothing_is_removed_from_clean_news_in_one_line(data: Path, name: str) -> None:
    file = data / "news" / f"{name}_articles.jsonl.xz"
    count, total, reasons = removed_from_news(file, 50, joined=True)
    assert count == 50
    assert reasons.total() <= 0.01 * total
