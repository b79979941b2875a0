"""The store joins catalog, BM25 and vectors by row: the same ids, texts and limits everywhere."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.documents import doc_id_of
from indexer.errors import IndexFormatError
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import generation_folder
from indexer.store import Restriction, ScoredPassages
from tests.support.builders import by_doc_id, entry, unit_rows, write_index
from tests.support.scored_passages import rows

ARTICLES = {
    "asked.txt": ("The U.S. asked Iran to wait. Iran refused.", "The Post", "2023-10-26"),
    "iran.txt": ("Iran asked the U.S. to wait. Nobody answered.", "The Mail", "2024-01"),
    "ferry.txt": ("The ferry sank on Monday. Iran was told.", None, None),
    "port.txt": ("The port was shut. Two ships waited outside.", "The Post", "2022"),
}


@pytest.fixture(params=["tantivy", "rank-bm25"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalStore]:
    manifest = write_index(
        tmp_path,
        [
            entry(path, text, source=source, published=published)
            for path, (text, source, published) in ARTICLES.items()
        ],
        bm25=request.param,
    )
    with LocalStore(tmp_path, manifest) as opened:
        yield opened


def paths(store: LocalStore, found: ScoredPassages) -> list[str]:
    passages = store.passages([scored.passage_id for scored in rows(found)])
    return [store.document(stored.passage.doc_id).path for stored in passages]


def passage_id(path: str) -> str:
    return f"{doc_id_of(path)}:0"


def test_every_row_has_its_text_in_the_three_structures(store: LocalStore) -> None:
    for row, name in enumerate(sorted(ARTICLES, key=doc_id_of)):
        (nearest, *_) = rows(store.match_vector(unit_rows(4)[row], 4, Restriction()))
        assert nearest.passage_id == passage_id(name)
        assert nearest.score == pytest.approx(1.0, abs=1e-6)
        (stored,) = store.passages([passage_id(name)])
        assert stored.text == store.document(doc_id_of(name)).text == ARTICLES[name][0]


def test_both_engines_rank_by_the_same_terms(tmp_path: Path) -> None:
    found = {}
    for bm25 in ("tantivy", "rank-bm25"):
        index = tmp_path / bm25
        manifest = write_index(index, [entry(p, text) for p, (text, *_) in ARTICLES.items()], bm25)
        with LocalStore(index, manifest) as store:
            found[bm25] = paths(
                store, store.match_terms(["iran", "ask", "wait"], 10, Restriction())
            )
    assert found["tantivy"] == found["rank-bm25"]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("documents", r"found 4 documents in the catalog, expected 5"),
        ("passages", r"found 4 passages in the catalog, expected 5"),
    ],
)
def test_counts_that_do_not_fit_are_damage(tmp_path: Path, field: str, message: str) -> None:
    manifest = write_index(tmp_path, [entry(p, text) for p, (text, *_) in ARTICLES.items()])
    changed = replace(manifest, **{field: 5})  # type: ignore[arg-type] # both fields are numbers
    with pytest.raises(IndexFormatError, match=message):
        LocalStore(tmp_path, changed)


@pytest.mark.parametrize("part", ["bm25", "bm25-articles", "vectors.faiss"])
def test_a_part_of_another_index_is_damage(tmp_path: Path, part: str) -> None:
    kept, other = tmp_path / "kept", tmp_path / "other"
    manifest = write_index(kept, [entry("a.txt", "One. Two.")])
    write_index(other, [entry("a.txt", "One."), entry("b.txt", "Two.")])
    own, foreign = generation_folder(kept, 1) / part, generation_folder(other, 1) / part
    own.rename(tmp_path / "away")
    foreign.rename(own)
    maps = tuple(file for file in manifest.files if file.path in ("documents.bin", "places.bin"))
    unchecked = replace(manifest, files=maps)  # other sizes fit by chance
    with pytest.raises(IndexFormatError, match=r"found 2 .*, expected 1\. Rebuild it"):
        LocalStore(kept, unchecked)


def test_a_vector_of_another_dimension_is_damage(tmp_path: Path) -> None:
    manifest = write_index(tmp_path, [entry("a.txt", "One. Two.")])
    other = replace(manifest, encoder=replace(manifest.encoder, dimension=384))
    with pytest.raises(IndexFormatError, match="found 8 dimensions, expected 384"):
        LocalStore(tmp_path, other)


def test_rankings_of_equal_scores_are_in_the_order_of_passages(tmp_path: Path) -> None:
    twins = by_doc_id(entry(f"{i}.txt", "The ferry sank.") for i in range(30))
    manifest = write_index(tmp_path, twins)
    with LocalStore(tmp_path, manifest) as store:
        found = rows(store.match_terms(["ferri"], 20, Restriction()))
        assert [s.passage_id for s in found] == [f"{t.document.doc_id}:0" for t in twins[:20]]
        assert len({s.score for s in found}) == 1
