"""Contract of every `PassageStore`: rankings, restrictions, texts and copies, by id alone."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from indexer.documents import doc_id_of
from indexer.storage.local_store import LocalStore
from indexer.store import PassageStore, Restriction, ScoredPassages, doc_id_array, doc_id_text
from indexer.text.analyzer import terms
from tests.support.builders import entry, unit_rows, write_index
from tests.support.scored_passages import rows

ARTICLES = {
    "asked.txt": ("The U.S. asked Iran to wait. Iran refused.", "The Post", "2023-10-26"),
    "iran.txt": ("Iran asked the U.S. to wait. Nobody answered.", "The Mail", "2024-01"),
    "ferry.txt": ("The ferry sank on Monday. Iran was told.", None, None),
    "port.txt": ("The port was shut. Two ships waited outside.", "The Post", "2022"),
}
STORY = "The pier of Vellmar was closed. The mayor pays."
REPRINTS = {
    "pier-first.txt": (STORY, "The Buoy", "2021-03-04"),
    "pier-later.txt": (STORY, "The Gull", "2021-03-06"),
    "pier-undated.txt": (STORY, "The Herring", None),
}
ALL = ARTICLES | REPRINTS
FIRST, LATER, UNDATED = map(doc_id_of, REPRINTS)
ASKED, FERRY, PORT = map(doc_id_of, ("asked.txt", "ferry.txt", "port.txt"))
QUESTION = unit_rows(1, seed=9)[0]
EVERYTHING = Restriction()


@pytest.fixture(scope="module", params=["tantivy", "rank-bm25"])
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PassageStore]:
    index = tmp_path_factory.mktemp("index")
    entries = [
        entry(path, text, source=source, published=published)
        for path, (text, source, published) in ALL.items()
    ]
    copies = dict.fromkeys((FIRST, LATER, UNDATED), FIRST)
    corrections = [(FERRY, PORT), (ASKED, PORT)]
    manifest = write_index(index, entries, request.param, copies, corrections)
    with LocalStore(index, manifest) as opened:
        yield opened


def paths(store: PassageStore, found: ScoredPassages) -> list[str]:
    passages = store.passages([scored.passage_id for scored in rows(found)])
    return [store.document(stored.passage.doc_id).path for stored in passages]


@pytest.mark.parametrize("depth", [1, 3, 100])
def test_rankings_are_sorted_unique_no_longer_than_asked_for_and_the_same_each_time(
    store: PassageStore, depth: int
) -> None:
    searches: tuple[Callable[[int], ScoredPassages], ...] = (
        lambda at: store.match_terms(["iran", "pier", "wait"], at, EVERYTHING),
        lambda at: store.match_vector(QUESTION, at, EVERYTHING),
    )
    for search in searches:
        found = rows(search(depth))
        assert found == sorted(found, key=lambda each: (-each.score, each.passage_id))
        assert len({each.passage_id for each in found}) == len(found) <= depth
        assert found == rows(search(depth)) == rows(search(100))[:depth]


def test_terms_find_exactly_the_passages_that_have_one_of_them(store: PassageStore) -> None:
    for asked in (["ferri"], ["iran", "ship"], ["unknown"], []):
        found = set(paths(store, store.match_terms(asked, 100, EVERYTHING)))
        assert found == {path for path, (text, *_) in ALL.items() if set(asked) & {*terms(text)}}


def test_a_vector_scores_every_passage_by_its_inner_product(store: PassageStore) -> None:
    found = rows(store.match_vector(QUESTION, 100, EVERYTHING))
    vectors = dict(zip(sorted(map(doc_id_of, ALL)), unit_rows(7), strict=True))
    assert {each.passage_id: each.score for each in found} == {
        f"{doc_id}:0": pytest.approx(vector @ QUESTION, abs=1e-6)
        for doc_id, vector in vectors.items()
    }


def test_an_article_scores_by_all_of_its_text(store: PassageStore) -> None:
    asked, ferry, port = (doc_id_of(f"{name}.txt") for name in ("asked", "ferry", "port"))
    doc_ids = sorted([asked, ferry, port, "unknown"])
    scores = store.match_articles(["iran", "refus"], doc_id_array(doc_ids))
    found = {
        name: score for name, score in zip(doc_ids, scores, strict=True) if not np.isnan(score)
    }
    # The port's article has neither word; only one of the others has both.
    assert found.keys() == {asked, ferry}
    assert found[asked] > found[ferry] > 0
    assert store.match_articles(["iran"], doc_id_array([])).shape == (0,)
    assert np.isnan(store.match_articles([], doc_id_array([asked]))).tolist() == [True]


def test_terms_find_the_passages_that_have_them(store: PassageStore) -> None:
    assert paths(store, store.match_terms(["ferri"], 10, Restriction())) == ["ferry.txt"]
    assert set(paths(store, store.match_terms(["iran"], 10, Restriction()))) == {
        "asked.txt",
        "iran.txt",
        "ferry.txt",
    }
    assert len(store.match_terms([], 10, Restriction())) == 0


@pytest.mark.parametrize(
    ("restriction", "expected"),
    [
        (Restriction(phrases=(("asked", "iran"),)), {"asked.txt"}),
        (Restriction(phrases=(("iran",), ("usa",))), {"asked.txt", "iran.txt"}),
        (Restriction(excluded=(("usa",),)), {"ferry.txt", "port.txt", *REPRINTS}),
        (Restriction(excluded=(("usa",), ("pier",), ("two", "ships"))), {"ferry.txt"}),
        (
            Restriction(phrases=(("iran",),), excluded=(("asked", "iran"),)),
            {"iran.txt", "ferry.txt"},
        ),
        (Restriction(phrases=(("nowhere",),)), set()),
        (Restriction(excluded=(("nowhere",),)), set(ALL)),
        (Restriction(sources=("post",)), {"asked.txt", "port.txt"}),
        (Restriction(after="2023-01-01"), {"asked.txt", "iran.txt"}),
        (
            Restriction(after="2023-01-01", undated=True),
            {"asked.txt", "iran.txt", "ferry.txt", "pier-undated.txt"},
        ),
        (Restriction(sources=("Post",), before="2022-06-01"), {"port.txt"}),
        (Restriction(sources=("Post",), phrases=(("iran",),)), {"asked.txt"}),
        (Restriction(undated=True), set(ALL)),
    ],
)
def test_both_retrievers_keep_to_the_same_limits(
    store: PassageStore, restriction: Restriction, expected: set[str]
) -> None:
    by_vector = store.match_vector(QUESTION, 10, restriction)
    assert set(paths(store, by_vector)) == expected
    by_terms = store.match_terms(["iran", "port", "pier"], 10, restriction)
    assert set(paths(store, by_terms)) == expected


def test_the_depth_is_kept_under_a_limit(store: PassageStore) -> None:
    limit = Restriction(phrases=(("iran",),))
    whole = store.match_vector(QUESTION, 10, limit)
    assert len(whole) == 3
    assert rows(store.match_vector(QUESTION, 2, limit)) == rows(whole)[:2]


def test_an_unknown_id_is_a_key_error(store: PassageStore) -> None:
    with pytest.raises(KeyError, match="nobody"):
        store.document("nobody")
    with pytest.raises(KeyError, match="nobody:0"):
        store.passages(["nobody:0"])


def test_passages_are_slices_of_their_documents_in_the_order_asked_for(
    store: PassageStore,
) -> None:
    wanted = [f"{doc_id_of(path)}:0" for path in ALL]
    found = store.passages(wanted)
    assert [each.passage.passage_id for each in found] == wanted
    for each in found:
        text = store.document(each.passage.doc_id).text
        assert each.text == text[each.passage.start : each.passage.end]
    assert store.passages([]) == []


def names(doc_ids: Sequence[bytes]) -> list[str]:
    return [doc_id_text(each) for each in doc_ids]


def test_a_story_has_one_representative_and_other_articles_represent_themselves(
    store: PassageStore,
) -> None:
    asked = [UNDATED, doc_id_of("port.txt"), FIRST, LATER, "f" * 16]
    found = store.representatives(doc_id_array(asked))
    assert names(found.tolist()) == [FIRST, doc_id_of("port.txt"), FIRST, FIRST, "f" * 16]
    assert np.array_equal(store.representatives(found), found)


def test_copies_are_the_other_articles_of_the_story_the_earliest_first(
    store: PassageStore,
) -> None:
    found = store.copies_of([FIRST, UNDATED, doc_id_of("port.txt"), "f" * 16])
    assert {doc_id: [copy.doc_id for copy in copies] for doc_id, copies in found.items()} == {
        FIRST: [LATER, UNDATED],
        UNDATED: [FIRST, LATER],
    }
    later = found[FIRST][0]
    assert (later.source, later.published) == ("The Gull", "2021-03-06")


def test_corrections_are_known_from_both_sides_the_earliest_first(store: PassageStore) -> None:
    found = store.corrections_of([PORT, FERRY, FIRST, "f" * 16])
    assert found.keys() == {PORT, FERRY}
    assert [each.doc_id for each in found[PORT].by] == [ASKED, FERRY]  # the ferry's has no date
    assert [each.doc_id for each in found[FERRY].of] == [PORT]
    assert (found[PORT].of, found[FERRY].by) == ((), ())
    first = found[PORT].by[0]
    assert (first.path, first.published, first.url) == ("asked.txt", "2023-10-26", None)
    text = store.document(ASKED).text
    assert text[first.start : first.end] == ARTICLES["asked.txt"][0]
    assert store.corrections_of([]) == {}
