from evaluation.components.recurring import learn
from indexer.recurring.counts import fold
from indexer.recurring.lines import MIN_ARTICLES, RecurringLine
from tests.support.stories import CREDIT, NO_COMMENT, PUZZLE, story

PLANET = "The Planet"


def learned(*texts: str, outlet: str = PLANET) -> dict[str, RecurringLine]:
    found = learn(lambda: [(outlet, text) for text in texts])
    return {line.line: line for _, line in found}


def test_a_credit_is_learned_from_five_stories_and_not_from_four() -> None:
    assert MIN_ARTICLES == 5
    expected = RecurringLine(fold(CREDIT), 5, at_edge=False)
    assert learned(*(story(i, CREDIT) for i in range(5))) == {fold(CREDIT): expected}
    assert learned(*(story(i, CREDIT) for i in range(4))) == {}


def test_stories_of_several_outlets_do_not_add_up() -> None:
    articles = [(f"Outlet {i % 2}", story(i, CREDIT)) for i in range(8)]
    assert list(learn(lambda: articles)) == []


def test_a_sentence_of_the_story_stays_however_often_it_is_printed() -> None:
    background = "The bridge was closed two years ago, after a barge had struck its third pier."
    texts = [story(i, NO_COMMENT, background) for i in range(12)] + [
        story(i) for i in range(12, 40)
    ]
    assert learned(*texts) == {}


def test_an_invitation_in_the_middle_of_stories_is_learned_for_everywhere() -> None:
    texts = [story(i, PUZZLE, f"Later, {i + 2} boats left the harbour.") for i in range(6)]
    assert learned(*texts) == {fold(PUZZLE): RecurringLine(fold(PUZZLE), 6, at_edge=False)}


def test_a_menu_over_most_pages_is_learned_without_any_known_word() -> None:
    menu = "Harbour\n\nCity\n\nSea and shore\n\n"
    pages = [menu + story(i) for i in range(10)] + [story(i) for i in range(10, 15)]
    assert set(learned(*pages)) == {"harbour", "city", "sea and shore"}
    assert all(line.at_edge for line in learned(*pages).values())


def test_a_line_over_some_pages_needs_a_known_word() -> None:
    pages = ["Harbour\n\n" + story(i) for i in range(10)] + [story(i) for i in range(10, 40)]
    assert learned(*pages) == {}


def test_an_article_that_is_reprinted_eight_times_teaches_nothing() -> None:
    reprints = [story(0, PUZZLE, CREDIT)] * 8
    assert learned(*reprints) == {}
    assert learned(*(f"Version {i}\n\n{text}" for i, text in enumerate(reprints))) == {}


def test_a_page_long_paragraph_and_a_row_of_signs_are_never_learned() -> None:
    caption = "Photos: click here to see the harbour. " + "A boat is seen at the old quay. " * 40
    texts = [story(i, caption, "* * *") for i in range(9)]
    assert learned(*texts) == {}


def test_lines_that_were_learned_come_sorted_whatever_the_order_of_articles() -> None:
    articles = [(f"Outlet {i % 2}", story(i, PUZZLE, CREDIT)) for i in range(12)]
    found = [(outlet, line.line) for outlet, line in learn(lambda: articles)]
    assert found == sorted(found)
    assert list(learn(lambda: articles[::-1])) == list(learn(lambda: articles))
