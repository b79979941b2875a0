"""Links from corrections to what they correct, on the test set of invented articles."""

import re
from pathlib import Path

import pytest

from indexer.build.links import corrections_in
from indexer.corrections.values import find_values
from indexer.documents import Span
from tests.indexer.corrections.material import PARTS, Told, told
from tests.support.builders import entry, write_index

MIN_PRECISION = 0.95
# The rules have seen the first two parts; docs/quality.md has what they found in each at first.
MIN_RECALL = {"first_half": 0.95, "held_out": 0.95, "second_held_out": 0.6}


VALUES = [each for part in PARTS for each in told(part) if each.old]


def has_words(words: str, text: str) -> bool:
    return bool(re.search(rf"(?<![\w.,]){re.escape(words)}(?!\w|[.,]\d)", text))


def sentences(text: str) -> list[Span]:
    passages = entry("a.txt", text).passages
    return [span for passage in passages for span in passage.sentences]


def found(articles: list[Told], folder: Path) -> set[tuple[str, str]]:
    write_index(folder, [each.entry() for each in articles])
    names = {each.doc_id: each.name for each in articles}
    return {
        (names[one], names[other]) for one, other in corrections_in(folder / "000001", "tantivy")
    }


def wanted(articles: list[Told]) -> set[tuple[str, str]]:
    return {(each.name, other) for each in articles for other in each.corrects}


@pytest.mark.parametrize("part", PARTS)
def test_corrections_are_linked_to_the_articles_that_they_correct(
    part: str, tmp_path: Path
) -> None:
    articles = told(part)
    links, pairs = found(articles, tmp_path), wanted(articles)
    assert len(links & pairs) / len(links) >= MIN_PRECISION, links - pairs
    assert len(links & pairs) / len(pairs) >= MIN_RECALL[part], pairs - links


def test_the_set_has_enough_pairs_and_articles_that_only_look_like_corrections() -> None:
    articles = [each for part in PARTS for each in told(part)]
    assert sum(len(each.corrects) for each in articles) >= 40
    assert sum(each.is_hard for each in articles) >= 40


@pytest.mark.parametrize("each", VALUES, ids=lambda each: each.name)
def test_the_values_of_a_notice_are_told_apart(each: Told) -> None:
    text = each.text.strip()
    values = find_values(text, sentences(text), each.outlet, each.title)
    withdrawn = " | ".join(span.slice(text) for span in values.withdrawn)
    stands = " | ".join(span.slice(text) for span in values.stands)
    assert has_words(each.old, withdrawn)
    assert not has_words(each.new, withdrawn)
    assert has_words(each.new, stands)
    assert not has_words(each.old, stands)
