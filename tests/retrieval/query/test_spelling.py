"""Words that no article has, and those that are spelt like them."""

from collections.abc import Iterator

import pytest

from indexer.storage.local_store import LocalStore
from retrieval.query.spelling import UnknownWord, unknown_words
from tests.support.builders import entry, write_index

TEXTS = {
    "a.txt": "President Macron met Chancellor Scholz. Macron and Macon differ.",
    "b.txt": "Prime Minister Özdemir asked Macron to sign.",
    "c.txt": "Ismail Haniyeh left Doha. Storms hit 40 towns.",
}


@pytest.fixture(scope="module", params=["tantivy", "rank-bm25"])
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalStore]:
    index = tmp_path_factory.mktemp("spelling")
    manifest = write_index(
        index, [entry(path, text) for path, text in TEXTS.items()], bm25=request.param
    )
    with LocalStore(index, manifest) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("Who met Macrn?", [UnknownWord("Macrn", ("Macron", "Macon"))]),
        ("Who met Marcon?", [UnknownWord("Marcon", ("Macron", "Macon"))]),
        ("Where is Haniya?", [UnknownWord("Haniya", ("Haniyeh",))]),
        (
            "Who met chancelor Schloz?",
            [
                UnknownWord("chancelor", ("Chancellor",)),
                UnknownWord("Schloz", ("Scholz",)),
            ],
        ),
        ("Did Macron sign?", []),
        ("Were storms signed?", []),
        ("Who asked Bundesliga?", [UnknownWord("Bundesliga")]),
        ("What hit 41 towns?", [UnknownWord("41")]),
        ("", []),
    ],
)
def test_unknown_words_come_with_similar_ones_nearest_first(
    question: str, unknown: list[UnknownWord], store: LocalStore
) -> None:
    assert list(unknown_words(question, store)) == unknown


def test_a_word_is_told_once_and_of_a_long_text_only_the_first(store: LocalStore) -> None:
    assert unknown_words("Xylo xylo XYLO", store) == (UnknownWord("Xylo"),)
    made_up = " ".join(f"qx{letter}zz" for letter in "abcdefghijklmnop")
    assert len(unknown_words(made_up, store)) == 8
