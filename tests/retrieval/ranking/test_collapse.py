"""A hit is hidden only when another article of its story says all of it."""

from collections.abc import Sequence
from typing import cast

from indexer.store import DocIds, PassageStore, StoredPassage, doc_id_array, doc_id_text
from retrieval.ranking.collapse import collapse
from retrieval.ranking.fusion import single
from tests.support.reader_models import passage_of
from tests.support.scored_passages import ScoredPassage, columns

PIER = "The pier of Vellmar will reopen in May."
COST = "Repairs cost 4 million crowns."


class Stories:
    """The texts of passages, and the representative of each article that is a copy."""

    def __init__(self, texts: dict[str, str], **representatives: str) -> None:
        self.texts = texts
        self.representative = representatives
        self.fetched: list[str] = []

    def representatives(self, doc_ids: DocIds) -> DocIds:
        names = [doc_id_text(doc_id) for doc_id in doc_ids]
        return doc_id_array([self.representative.get(name, name) for name in names])

    def passages(self, passage_ids: Sequence[str]) -> list[StoredPassage]:
        self.fetched += passage_ids
        return [passage_of(self.texts[name], doc_id=name.partition(":")[0]) for name in passage_ids]


def shown(stories: Stories, k: int = 9, question: str = "pier") -> list[int]:
    """Return the ranks shown; the texts are ranked as they are given."""
    found = [ScoredPassage(name, 9.0 - rank) for rank, name in enumerate(stories.texts)]
    fused = single(columns(found), dense=False)
    return collapse(fused, k, question, cast(PassageStore, stories))


def test_a_copy_that_says_no_more_is_hidden() -> None:
    assert shown(Stories({"a:0": PIER, "b:0": f"{PIER} {COST}"}, a="b")) == [2]
    assert shown(Stories({"a:0": f"{PIER} {COST}", "b:0": PIER}, b="a")) == [1]


def test_a_copy_with_a_sentence_or_number_of_its_own_is_shown() -> None:
    assert shown(Stories({"a:0": PIER, "b:0": f"{PIER} {COST}"}, b="a")) == [1, 2]
    other = COST.replace("4", "5")
    assert shown(Stories({"a:0": f"{PIER} {COST}", "b:0": f"{PIER} {other}"}, b="a")) == [1, 2]


def test_other_stories_are_never_compared() -> None:
    stories = Stories({"a:0": PIER, "b:0": PIER})
    assert shown(stories) == [1, 2]
    assert stories.fetched == []


def test_a_story_is_shown_at_the_rank_of_its_best_copy() -> None:
    stories = Stories({"copy:0": PIER, "b:0": COST, "a:0": PIER}, copy="a")
    assert shown(stories, k=1) == [3]
    assert shown(stories, k=2) == [2, 3]


def test_no_more_than_k_are_shown_and_no_later_story_is_fetched() -> None:
    stories = Stories({"a:0": PIER, "b:0": COST, "c:0": PIER, "d:0": PIER}, d="c")
    assert shown(stories, k=2) == [1, 2]
    assert stories.fetched == []
