import pytest

from indexer.dedup.facts import (
    DENIAL,
    NAME,
    NUMBER,
    Fact,
    Statement,
    ambiguous_names,
    split_facts,
    statements_of,
)


def parsed(sentence: str) -> Statement:
    (statement,) = statements_of([sentence]).sentences
    return statement


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Five boats rose by 6 per cent.", "5 boats rose by 6%"),
        ("It began at 03:30 on Tues.", "it began at 3:30 on tuesday"),
        ("He lost -3°, or $40.", "he lost -3° or $40"),
        ("They didn't march in mar.", "they didn't march in mar"),
    ],
)
def test_equal_facts_are_written_in_one_way(sentence: str, words: str) -> None:
    assert " ".join(parsed(sentence).words) == words


def test_sentences_without_a_word_are_dropped_and_lower_case_words_collected() -> None:
    found = statements_of(["…", "The Ferry left.", "Nobody saw the ferry."])
    assert len(found.sentences) == 2
    assert found.lowercase == {"left", "saw", "the", "ferry"}


def test_numbers_names_and_denials_are_facts_and_the_rest_is_plain() -> None:
    plain, facts = split_facts(
        parsed("On Friday the envoy of Osk did not free 12 sailors."), frozenset()
    )
    assert [(fact.kind, fact.value) for fact in facts] == [
        (NAME, "friday"),
        (NAME, "osk"),
        (DENIAL, "not"),
        (NUMBER, "12"),
    ]
    assert plain == ["on", "the", "envoy", "of", "did", "free", "sailors"]


def test_a_capital_proves_no_name_at_the_beginning_or_in_a_headline() -> None:
    opening, headline = parsed("Workers cleared a road."), parsed("Workers Clear Road In Osk")
    assert ambiguous_names(opening) == {"workers"}
    assert ambiguous_names(headline) == {"workers", "clear", "road", "in", "osk"}
    lowercase = frozenset({"workers", "road", "cleared"})
    assert split_facts(opening, lowercase)[1] == []
    assert split_facts(opening, frozenset())[1] == [Fact(NAME, "workers")]
    assert [fact.value for fact in split_facts(headline, lowercase)[1]] == ["clear", "osk"]
