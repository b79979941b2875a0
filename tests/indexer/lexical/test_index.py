"""tantivy's scores are BM25's, computed by hand; damage and limits are errors."""

import math
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from indexer.errors import IndexFormatError
from indexer.lexical.index import _MAX_NAMED_ROWS, TantivyIndex
from indexer.lexical.reference import RankBm25Index
from indexer.lexical.schema import BM25_FOLDER
from tests.support.index_files import write_lexical

# Three passages of 3, 5 and 4 terms; lengths up to 40 are stored exactly.
TEXTS = ["iran asked washington", "iran iran iran left geneva", "ships waited near geneva"]


def index_of(folder: Path, texts: list[str]) -> TantivyIndex:
    write_lexical(folder, texts)
    return TantivyIndex(folder)


def bm25(frequency: int, length: int, found_in: int, passages: int, mean: float) -> float:
    """BM25 with k1 = 1.2 and b = 0.75, written out (Robertson and Zaragoza, 2009; Lucene's idf)."""
    idf = math.log(1 + (passages - found_in + 0.5) / (found_in + 0.5))
    return idf * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * length / mean))


def test_tantivy_scores_are_those_computed_by_hand(tmp_path: Path) -> None:
    index = index_of(tmp_path, TEXTS)
    found = index.search(["iran"], 3)
    assert [row for row, _ in found] == [1, 0]
    # ln 1.6 x 6.6 / (3 + 1.2 x 1.1875) and ln 1.6 x 2.2 / (1 + 1.2 x 0.8125).
    assert [score for _, score in found] == pytest.approx([0.701022, 0.523548], abs=1e-6)
    assert dict(found) == pytest.approx(
        {1: bm25(3, 5, 2, 3, mean=4), 0: bm25(1, 3, 2, 3, mean=4)}, rel=1e-6
    )


def test_the_scores_of_several_terms_add_up(tmp_path: Path) -> None:
    index = index_of(tmp_path, TEXTS)
    expected = {
        0: bm25(1, 3, 2, 3, mean=4),
        1: bm25(3, 5, 2, 3, mean=4) + bm25(1, 5, 2, 3, mean=4),
        2: bm25(1, 4, 2, 3, mean=4),
    }
    assert dict(index.search(["iran", "geneva"], 3)) == pytest.approx(expected, rel=1e-6)


def test_a_doubled_term_counts_twice(tmp_path: Path) -> None:
    index = index_of(tmp_path, TEXTS)
    once, twice = index.search(["iran"], 1), index.search(["iran", "iran"], 1)
    assert twice[0][1] == pytest.approx(2 * once[0][1], rel=1e-6)


def test_of_alternatives_the_best_counts_and_the_first_weighs_most(tmp_path: Path) -> None:
    index = index_of(tmp_path, TEXTS)
    expected = {
        0: bm25(1, 3, 2, 3, mean=4),
        1: bm25(3, 5, 2, 3, mean=4),
        2: 0.2 * bm25(1, 4, 2, 3, mean=4),
    }
    assert dict(index.search(["iran|geneva|oslo"], 3)) == pytest.approx(expected, rel=1e-6)
    reference = RankBm25Index(TEXTS)
    alone = {term: dict(reference.search([term], 3)) for term in ("iran", "geneva")}
    best = alone["iran"] | {2: 0.2 * alone["geneva"][2]}
    assert dict(reference.search(["iran|geneva|oslo"], 3)) == pytest.approx(best)


@pytest.mark.parametrize(("phrase", "rows"), [("ships waited", [2]), ("waited ships", [])])
def test_an_alternative_of_several_words_is_a_phrase(
    tmp_path: Path, phrase: str, rows: list[int]
) -> None:
    index = index_of(tmp_path, TEXTS)
    assert [row for row, _ in index.search([f"{phrase}|oslo"], 3)] == rows


def test_among_more_allowed_rows_than_are_named_none_is_missed(tmp_path: Path) -> None:
    count = _MAX_NAMED_ROWS + 1500
    index = index_of(tmp_path, ["iran talks" if row % 2 else "iran" for row in range(count)])
    allowed = np.arange(count) >= 1000
    assert allowed.sum() > _MAX_NAMED_ROWS
    found = [row for row, _ in index.search(["iran"], 3000, allowed)]
    even = list(range(1000, count, 2))
    assert found == (even + list(range(1001, count, 2)))[:3000]
    last = np.arange(count) != 0
    assert [row for row, _ in index.search(["iran"], 2, last)] == [2, 4]


def test_threads_that_share_an_index_find_the_same(tmp_path: Path) -> None:
    index = index_of(tmp_path, TEXTS * 50)
    expected = index.search(["iran", "geneva"], 40)
    found: list[list[tuple[int, float]]] = []
    threads = [
        Thread(target=lambda: found.extend(index.search(["iran", "geneva"], 40) for _ in range(50)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 200


@pytest.mark.parametrize("name", ["meta.json", "*.term", "*.store", "*.fast"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut"])
def test_a_damaged_index_says_so_on_opening(tmp_path: Path, name: str, damage: str) -> None:
    write_lexical(tmp_path, TEXTS)
    (path,) = (tmp_path / BM25_FOLDER).glob(name)
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[: len(content) // 2] if damage == "cut" else b"")
    with pytest.raises(IndexFormatError, match=r"is damaged: .* Rebuild it"):
        TantivyIndex(tmp_path)


def test_a_missing_folder_says_so_on_opening(tmp_path: Path) -> None:
    with pytest.raises(IndexFormatError, match=r"cannot read .*bm25"):
        TantivyIndex(tmp_path)


@pytest.mark.parametrize("engine", ["tantivy", "rank-bm25"])
def test_a_passage_is_found_by_the_title_it_stands_under_but_no_phrase_is_in_it(
    tmp_path: Path, engine: str
) -> None:
    texts, headings = ["It sank at noon.", "The harbour was quiet."], ["Ferry lost in storm", ""]
    index: TantivyIndex | RankBm25Index
    if engine == "tantivy":
        write_lexical(tmp_path, texts, headings)
        index = TantivyIndex(tmp_path)
    else:
        index = RankBm25Index(texts, headings)
    assert [row for row, _ in index.search(["ferri", "storm"], 2)] == [0]
    assert index.rows_with_phrase(["ferry", "lost"]).tolist() == []
    assert index.rows_with_phrase(["sank", "at"]).tolist() == [0]


@pytest.mark.parametrize("engine", [index_of, lambda _, texts: RankBm25Index(texts)])
def test_a_broken_word_is_found_joined_and_apart_by_both_engines(
    tmp_path: Path, engine: Callable[[Path, list[str]], TantivyIndex | RankBm25Index]
) -> None:
    index = engine(tmp_path, ["a long-\nawaited mu-\nseum opened", "opened a museum", "nothing"])
    phrases = ["museum opened", "long awaited", "longawaited museum", "mu seum", "opened a museum"]
    found = [index.rows_with_phrase(phrase.split()).tolist() for phrase in phrases]
    assert found == [[0], [0], [0], [0], [1]]
    assert index.rows_with_phrase(["opened", "a", "long"]).tolist() == []
    either = ["long awaited museum|opened a museum"]
    assert index.rows_with_phrase(either).tolist() == [1]
    for term in ("museum", "long", "longawait", "await", "seum"):
        assert 0 in [row for row, _ in index.search([term], 3)]


def test_the_engines_have_the_same_terms_of_a_broken_word(tmp_path: Path) -> None:
    texts, headings = ["the mu-\nseum", "کتاب‌ها", "museum"], ["Mu-\nseum", "", "x"]
    write_lexical(tmp_path, texts, headings)
    both = TantivyIndex(tmp_path), RankBm25Index(texts, headings)
    for term in ("museum", "mu", "كتاب", "كتابها"):
        tantivy, reference = (sorted(row for row, _ in each.search([term], 3)) for each in both)
        assert tantivy == reference
        assert tantivy
