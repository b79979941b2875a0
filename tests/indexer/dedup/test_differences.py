import pytest

from indexer.dedup.differences import StatementIndex, find_difference
from indexer.dedup.facts import Statements, statements_of

STORY = (
    "The old pier of Vellmar was closed after the storm.",
    "Engineers measured the damage on Tuesday.",
    "Mayor Berta Quint said that the town would pay for the repairs.",
)


def told(*sentences: str) -> Statements:
    return statements_of([*STORY, *sentences])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Over 10 million people lost power.", "Over 4.7 million people lost power.", "number"),
        ("The bridge will reopen.", "The bridge will not reopen.", "denial"),
        ("The bridge will reopen.", "The bridge won't reopen.", "denial"),
        ("Anna Keller won the race.", "Maria Weber won the race.", "name"),
        ("Keller won.", "Weber won.", "name"),
        ("The ferry sank on Monday.", "The ferry sank on Friday.", "name"),
        ("The ferry sank on 3 May.", "The ferry sank on 4 May.", "number"),
        ("The ferry sank yesterday.", "The ferry sank today.", "name"),
        ("Five sailors drowned.", "Six sailors drowned.", "number"),
        ("Prices rose by 5%.", "Prices rose by 6 percent.", "number"),
        ("Prices changed by 5%.", "Prices changed by -5%.", "number"),
        ("It cost $40.", "It cost €40.", "number"),
        ("Some 300 people were rescued.", "Some people were rescued.", "number"),
        ("Team Oslo beat Team Bergen 3-1.", "Team Oslo beat Team Bergen 1-3.", "number"),
        ("Norland attacked Sudland.", "Sudland attacked Norland.", "order"),
        ("He took 5 of the 10 boats.", "He took 10 of the 5 boats.", "order"),
        ("The minister confirmed it.", "The minister denied it.", "denial"),
        ("45 dead", "50 dead", "number"),
    ],
)
def test_a_number_date_name_or_denial_makes_two_stories(
    one: str, other: str, expected: str
) -> None:
    assert find_difference(told(one), told(other)) == expected
    assert find_difference(told(other), told(one)) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ten boats left on Monday.", "10 boats left on Mon."),
        ("Prices rose by 5 per cent.", "Prices rose by 5%."),
        ("The U.S. envoy left.", "The US envoy left."),
        ("It was 03:00 when they left.", "It was 3:00 when they left."),
        ("It held 17,400 tons of sand.", "It held 17400 tons of sand."),
        ("Keller said that it was over.", "Anna Keller said that it was over."),
        ("Officials said that it was over.", "In the end officials said that it was over."),
    ],
)
def test_another_way_to_write_the_same_is_no_find_difference(one: str, other: str) -> None:
    assert find_difference(told(one), told(other)) is None


def test_a_paragraph_that_only_one_text_has_is_no_difference() -> None:
    assert (
        find_difference(told(), told("A crane of 40 tons comes from Port Osk on Friday.")) is None
    )


def test_the_same_words_in_other_sentences_are_no_difference() -> None:
    joined = statements_of([" ".join(STORY)])
    assert find_difference(joined, told()) is None


def test_a_word_with_a_capital_at_the_beginning_of_a_sentence_names_nobody() -> None:
    one = told("Crews cleared the road.", "The crews were tired and the workers too.")
    other = told("Workers cleared the road.", "The crews were tired and the workers too.")
    assert find_difference(one, other) is None


def test_the_duration_that_a_video_player_shows_is_not_part_of_a_story() -> None:
    one = told("Video Ad Feedback Storm hits the pier 02:10 - Source: Osk TV")
    other = told("Just Watched Storm hits the pier 03:40 Replay More Videos ...")
    assert find_difference(one, other) is None
    assert find_difference(one, told("Must Watch Calm hits the pier 03:40")) is None
    assert find_difference(one, told("Must Watch Storm 4 hits the pier 03:40")) == "number"


def test_texts_without_a_word_do_not_differ() -> None:
    assert find_difference(statements_of([]), statements_of(["…", ""])) is None


def test_a_sentence_says_nothing_new_where_the_text_has_it_or_nearly_its_words() -> None:
    (same, edited, other, added) = statements_of(
        [
            "Engineers measured the damage on Tuesday.",
            "Engineers measured all the damage on Tuesday.",
            "Engineers measured the damage on Friday.",
            "A crane comes from Port Osk.",
        ]
    ).sentences
    index = StatementIndex(told())
    assert [index.contains(each) for each in (same, edited, other, added)] == [
        True,
        False,
        False,
        False,
    ]
    assert [index.contains_paraphrase(each) for each in (edited, other, added)] == [
        True,
        False,
        False,
    ]


def test_texts_that_each_give_numbers_which_the_other_has_not_differ() -> None:
    one = told("Rescuers counted 45 victims by the evening.")
    other = told("A new tally from the coast guard put it at 60.")
    assert find_difference(one, other) == "number"
    assert find_difference(one, told()) is None
