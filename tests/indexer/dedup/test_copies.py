from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.dedup import copies as dedup_copies
from indexer.dedup.copies import MIN_WORDS, CopyRank, Signature, copy_rank, find_copies, sign
from indexer.documents import doc_id_of
from indexer.text.analyzer import fold

STORY = [
    "The old pier of Vellmar was closed on Tuesday after the storm had torn away its planks.",
    "Engineers of the harbour office measured the damage and found that every second post moved.",
    "The mayor said that the town would pay for the repairs and that the ferries would land at "
    "the northern quay until the work was done.",
    "Shopkeepers on the promenade fear for their summer because most visitors arrive by boat.",
    "A fisherman who has moored there since his youth said he had never seen such waves.",
]
OTHER = [
    "A library on wheels has begun to visit the villages above Lake Ornesse this winter.",
    "Its driver reads to children in the back of the van while their parents choose novels.",
    "The county had closed the last of its small branches and sold the houses to farmers.",
    "Teachers collected signatures for the bus, and a brewery gave the money for its engine.",
    "Readers may keep a book until the van comes back, which snow may delay for weeks.",
]
WITH_TOLL = [*STORY, "The office counted 14 broken posts."]
OTHER_TOLL = [*STORY, "The office counted 17 broken posts."]
EXTENDED = [*STORY, "A crane comes from Port Osk next month."]


def copies(
    texts: Mapping[str, Sequence[str]], published: dict[str, str] | None = None
) -> dict[str, str]:
    return find_copies(signed(texts, published or {}), texts.__getitem__)


def signed(
    texts: Mapping[str, Sequence[str]], dates: Mapping[str, str]
) -> Iterator[tuple[CopyRank, Signature]]:
    for name, text in texts.items():
        yield copy_rank(name, dates.get(name)), sign(fold("\n".join(text)))


def test_equal_texts_are_copies_whatever_their_case_and_white_space() -> None:
    shouted = [f"  {sentence.upper()}" for sentence in STORY]
    assert copies({"a": STORY, "b": shouted, "c": OTHER}) == {"a": "a", "b": "a"}


def test_a_reprint_with_edits_and_one_with_another_paragraph_are_copies() -> None:
    edited = [STORY[0], STORY[1], STORY[2].replace("said", "announced"), *STORY[3:]]
    assert copies({"a": STORY, "b": edited, "c": EXTENDED}) == {"a": "a", "b": "a", "c": "a"}


def test_a_reprint_of_half_of_a_story_is_a_copy() -> None:
    assert copies({"a": STORY, "b": STORY[:3]}) == {"a": "a", "b": "a"}


@pytest.mark.parametrize(
    ("said", "instead"),
    [("Tuesday", "Friday"), ("Vellmar", "Osk"), ("would pay", "would not pay"), ("every", "11")],
)
def test_stories_that_differ_in_a_fact_are_not_copies(said: str, instead: str) -> None:
    changed = [sentence.replace(said, instead) for sentence in STORY]
    assert changed != STORY
    assert copies({"a": STORY, "b": changed}) == {}


def test_two_stories_that_differ_are_not_joined_by_one_that_is_like_both() -> None:
    found = copies({"a": STORY, "b": WITH_TOLL, "c": OTHER_TOLL})
    assert found == {"a": "a", "b": "a"}


def test_the_earliest_represents_its_copies_then_the_smallest_doc_id_unknown_dates_last() -> None:
    texts = dict.fromkeys("abcd", STORY)
    assert set(copies(texts).values()) == {"a"}
    assert set(copies(texts, {"c": "2024-02-01", "d": "2024-02-01"}).values()) == {"c"}
    dates = {"b": "2024-02-02", "c": "2024-02-01T09:00", "d": "2024-02-01T08:30"}
    assert set(copies(texts, dates).values()) == {"d"}


def test_the_order_of_arrival_changes_nothing() -> None:
    texts = {"a": EXTENDED, "b": WITH_TOLL, "c": OTHER_TOLL, "d": STORY, "e": STORY}
    expected = copies(texts)
    assert expected["d"] == expected["e"]
    for order in permutations(texts):
        assert copies({name: texts[name] for name in order}) == expected


_SENTENCES = st.lists(
    st.sampled_from([*STORY, *OTHER, WITH_TOLL[-1], OTHER_TOLL[-1], EXTENDED[-1]]), max_size=12
)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(_SENTENCES, min_size=1, max_size=7), order=st.randoms(use_true_random=False))
def test_clusters_are_the_same_in_any_order_and_each_holds_its_representative(
    texts: list[list[str]], order: Random
) -> None:
    named = {doc_id_of(str(number)): text for number, text in enumerate(texts)}
    expected = copies(named)
    shuffled = list(named.items())
    order.shuffle(shuffled)
    assert copies(dict(shuffled)) == expected
    assert all(expected[first] == first for first in expected.values())
    assert all(count > 1 for count in Counter(expected.values()).values())


def test_texts_of_few_words_are_copies_only_when_they_are_the_same() -> None:
    brief = ["The pier of Vellmar is closed.", "Ferries land at the northern quay."]
    edited = [brief[0], "All ferries land at the northern quay."]
    assert sum(len(sentence.split()) for sentence in edited) < MIN_WORDS
    assert copies({"a": brief, "b": edited, "c": list(brief)}) == {"a": "a", "c": "a"}


def test_articles_without_a_word_are_nobody_s_copies() -> None:
    assert copies({"a": [], "b": [""], "c": [" … "], "d": STORY}) == {}


def test_one_article_and_none_have_no_copies() -> None:
    assert copies({"a": STORY}) == {}
    assert copies({}) == {}


def test_texts_are_read_again_only_where_articles_are_compared() -> None:
    texts = {"a": STORY, "b": EXTENDED, "c": OTHER, "d": STORY}
    asked: list[str] = []

    def sentences(doc_id: str) -> Sequence[str]:
        asked.append(doc_id)
        return texts[doc_id]

    find_copies(signed(texts, {}), sentences)
    assert sorted(asked) == ["a", "b"]


def test_more_copies_than_texts_are_held_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dedup_copies, "_MAX_CACHED_ARTICLES", 2)
    texts = {f"{number:02}": [*STORY, "And so on" + " again" * number] for number in range(12)}
    assert copies(texts) == dict.fromkeys(texts, "00")


def test_two_stories_that_each_extend_a_third_are_not_joined_by_it() -> None:
    north = [*STORY, *OTHER[:3]]
    south = [*STORY, "Vineyards on the southern slope lost a third of their grapes.", *OTHER[3:]]
    found = copies({"a": STORY, "b": north, "c": south})
    assert found == {"a": "a", "b": "a"}


def test_equal_words_below_different_headlines_are_copies_only_in_a_long_text() -> None:
    offer = [*STORY, *OTHER[:2]]
    one, other = "Who will lead the Harbour Party?", "Can the old theatre be saved?"
    assert copies({"a": [one, *offer], "b": [other, *offer]}) == {}
    assert copies({"a": [one, *offer], "b": offer}) == {"a": "a", "b": "a"}
    tokens = ["".join(letters) for letters in permutations("aeioubdk", 3)]
    long = [*offer, *(" ".join(tokens[start : start + 12]) for start in range(0, 330, 12))]
    assert copies({"a": [one, *long], "b": [other, *long]}) == {"a": "a", "b": "a"}
