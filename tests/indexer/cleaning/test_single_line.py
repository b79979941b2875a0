import pytest

from indexer.cleaning.cleaner import clean
from indexer.cleaning.single_line import Line, unfold
from indexer.cleaning.vocabulary import FOOTER, NAVIGATION
from indexer.text.blocks import split_blocks
from tests.support.pages import BRIDGE, DETOUR, MAYOR, check_invariants, kept, removed

MENU = (
    "The Example Home News Sports Weather Search Log in Subscribe Privacy Contact About "
    "Local World Business Obituaries Classifieds Jobs Cars Homes Follow The Example! "
)
TAIL = (
    " Related Articles Ferry Service To Resume In Spring Harbour Board Elects New Chair "
    "Most Popular Ten Best Beaches Of The Coast Quiz Of The Week Cartoon Horoscope "
    "Sign up for Our Newsletter Privacy Policy Terms of Use "
    "© 2023 The Example. All rights reserved."
)
STORY = " ".join([BRIDGE, DETOUR, MAYOR] * 4)


def test_the_article_is_found_in_a_page_of_one_line() -> None:
    text = MENU + STORY + TAIL
    assert kept(text) == STORY
    assert {reason for _, reason in removed(text)} == {NAVIGATION, FOOTER}


def test_at_most_two_words_of_a_menu_are_taken_for_the_subject_of_the_first_sentence() -> None:
    text = MENU.replace("Example! ", "Example ") + STORY + TAIL
    assert kept(text) == f"Example {STORY}"


def test_every_word_of_the_page_stays_in_a_region() -> None:
    for text in (MENU + STORY + TAIL, f"{MENU}\n{STORY}{TAIL}\n{MENU}", MENU + STORY * 3):
        check_invariants(text, clean(text))


def test_a_list_of_stories_below_the_article_costs_more_than_its_sentences() -> None:
    teaser = "Related Stories The ferry will sail again in spring, the harbour board said."
    assert kept(f"{MENU}{STORY} {teaser}") == STORY


def test_sentences_after_a_heading_of_a_section_are_kept_when_they_are_the_most() -> None:
    half = " ".join([BRIDGE, DETOUR, MAYOR])
    assert kept(f"{MENU}{half} Share this {STORY}{TAIL}") == f"{half} Share this {STORY}"


def test_names_inside_a_sentence_do_not_end_the_article() -> None:
    names = (
        "Mayor Anna Maria Lopez Garcia, Deputy Mayor John Paul Roe Smith and Harbour Master Lee "
        "Min Ho Park signed the order on Tuesday. "
    )
    assert kept(MENU + STORY + " " + names + STORY + TAIL) == f"{STORY} {names}{STORY}"


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        STORY + " Share this story with the Home Office, the mayor told the city.",
        "Standings: " + "Ravens Bears Lions Eagles Giants Bills Chiefs Rams Colts " * 30 + STORY,
        MENU + BRIDGE,
        f"{MENU}\n{BRIDGE}\n{DETOUR}\n{MAYOR}",
        "",
    ],
    ids=["story", "one sign", "names", "short", "lines", "empty"],
)
def test_a_text_that_is_no_page_of_one_line_is_left_to_the_other_rules(text: str) -> None:
    assert unfold(text, split_blocks(text)) is None


def test_an_abbreviation_ends_no_sentence_and_a_label_begins_a_piece() -> None:
    text = (
        "It was late on Monday that a note from Sen. Doe said the bridge would close. It was too "
        "old to be repaired, he said. Related Articles Ferry Service To Resume"
    )
    pieces = Line(text, split_blocks(text)[0]).pieces()
    assert [text[piece.start : piece.end] for piece in pieces] == [
        "It was late on Monday that a note from Sen. Doe said the bridge would close.",
        "It was too old to be repaired, he said.",
        "Related Articles Ferry Service To Resume",
    ]


def test_a_script_without_capitals_is_read_as_running_text() -> None:
    story = "시의회는 화요일에 오래된 다리를 수리하기 위해 폐쇄하기로 결정했다. " * 40
    assert kept(MENU + story + TAIL) == story.strip()
