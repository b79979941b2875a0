"""Links from corrections to what they correct, on the test set of invented articles."""

from pathlib import Path

import pytest

from indexer.build.links import corrections_in
from tests.indexer.corrections.material import HALVES, Told, told
from tests.support.builders import write_index

MIN_PRECISION = 0.95
MIN_RECALL = 0.9


def found(articles: list[Told], folder: Path) -> set[tuple[str, str]]:
    write_index(folder, [each.entry() for each in articles])
    names = {each.doc_id: each.name for each in articles}
    return {
        (names[one], names[other]) for one, other in corrections_in(folder / "000001", "tantivy")
    }


def wanted(articles: list[Told]) -> set[tuple[str, str]]:
    return {(each.name, other) for each in articles for other in each.corrects}


@pytest.mark.parametrize("half", HALVES)
def test_corrections_are_linked_to_the_articles_that_they_correct(
    half: str, tmp_path: Path
) -> None:
    articles = told(half)
    links, pairs = found(articles, tmp_path), wanted(articles)
    assert len(links & pairs) / len(links) >= MIN_PRECISION, links - pairs
    assert len(links & pairs) / len(pairs) >= MIN_RECALL, pairs - links


def test_the_set_has_enough_pairs_and_as_many_articles_that_only_look_like_corrections() -> None:
    articles = [each for half in HALVES for each in told(half)]
    assert sum(len(each.corrects) for each in articles) >= 40
    assert sum(each.is_hard for each in articles) >= 40
