import json
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from benchmarks.scale import questions
from benchmarks.scale.index_writer import write_index
from benchmarks.scale.layout import Material
from benchmarks.scale.material import make_material
from benchmarks.scale.plan import plan
from benchmarks.scale.source import SourceArticle, SourceIndex
from indexer.storage.manifest import read_manifest
from indexer.storage.verify import verify
from retrieval import SearchEngine

ARTICLES = [SourceArticle("a" * 16, 0, 3), SourceArticle("b" * 16, 3, 5)]


@pytest.fixture(scope="module")
def made(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Material:
    """Thrice as many passages as the seeds have, asked about themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATELINE_EVAL_DATA", "/absent")
        folder = tmp_path_factory.mktemp("scale")
        return make_material(seeds_index, folder / "made", 200, questions=7)


def test_material_has_exactly_as_many_passages_as_were_asked_for(made: Material) -> None:
    assert len(made.passage_ids()) == len(set(made.passage_ids())) == 200
    assert made.vectors().shape == (200, 384)
    assert len(made.questions()) == 7


def test_every_vector_has_unit_length(made: Material) -> None:
    for vectors in (made.vectors(), np.stack([asked.vector for asked in made.questions()])):
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_same_seed_makes_the_same_files(
    made: Material, seeds_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_EVAL_DATA", "/absent")
    again = make_material(seeds_index, tmp_path / "again", 200, questions=7)
    for file in sorted(made.folder.iterdir()):
        assert file.read_bytes() == (again.folder / file.name).read_bytes(), file.name
    other = make_material(seeds_index, tmp_path / "other", 200, questions=7, seed=1)
    assert other.passage_ids() != made.passage_ids()


def test_real_articles_are_whole_with_their_own_text_and_vectors(
    made: Material, seeds_index: Path
) -> None:
    source = SourceIndex(seeds_index)
    vectors = {
        source.passage(row).sentences: source.vectors([row])[0]
        for row in range(source.manifest.passages)
    }
    real = [row for row in made.articles() if "recombined" not in row["path"]]
    assert len(real) == source.manifest.documents
    found = 0
    for article in real:
        for row, passage in enumerate(made.passages()):
            if passage.passage_id.startswith(article["doc_id"]):
                whole = next(s for s in vectors if " ".join(s) == passage.text)
                np.testing.assert_array_equal(made.vectors()[row], vectors[whole])
                found += 1
    assert found == source.manifest.passages == 200 - made.about.recombined
    source.close()


def test_a_recombined_passage_stands_in_no_real_article_but_its_words_do(
    made: Material,
) -> None:
    articles = list(made.articles())
    real = " ".join(row["text"] for row in articles if "recombined" not in row["path"])
    invented = [row for row in articles if "recombined" in row["path"]]
    assert sum(len(row["passages"]) for row in invented) == made.about.recombined > 100
    for row in invented:
        assert set(row["text"].split()) <= set(real.split()) | {"-"}


def test_passages_are_the_slices_of_their_article_in_the_order_of_doc_id_and_start(
    made: Material,
) -> None:
    articles = {row["doc_id"]: row for row in made.articles()}
    assert list(articles) == sorted(articles)
    for passage in made.passages():
        doc_id, start = passage.passage_id.split(":")
        assert articles[doc_id]["text"][int(start) :].startswith(passage.text)
    keys = [(key[:16], int(key[17:])) for key in made.passage_ids()]
    assert keys == sorted(keys)


def test_without_news_questions_passages_ask_with_their_first_words(made: Material) -> None:
    assert made.about.asked == questions.SENTENCES
    first = next(made.passages()).text
    assert made.questions()[0].text == " ".join(first.split()[:12])


def test_an_index_of_material_is_whole_and_finds_a_passage_by_its_words(
    made: Material, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    manifest = write_index(made, index)
    assert (manifest.passages, manifest.documents) == (200, made.about.documents)
    assert read_manifest(index) == manifest
    assert verify(index) == []
    with SearchEngine.open(index) as engine:
        hits = engine.search(made.questions()[0].text, k=3).hits
        assert engine.info.stale is not None
        assert engine.info.stale.is_current
    assert next(made.passages()).text in [hit.found.text for hit in hits]


def test_material_that_was_not_finished_is_refused_and_made_again(
    made: Material, seeds_index: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "half"
    folder.mkdir()
    (folder / "passages.jsonl").write_text(json.dumps({"id": "x"}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"no whole material of format 2 .* Make it: python -m"):
        Material(folder)
    assert make_material(seeds_index, folder, 20, questions=2).about.passages == 20


def test_a_plan_takes_each_real_article_once_before_it_recombines_any() -> None:
    planned = plan(ARTICLES, 20, seed=0)
    assert sum(article.passages for article in planned) == 20
    real = [article for article in planned if article.made is None]
    assert sorted(article.template.doc_id for article in real) == ["a" * 16, "b" * 16]
    assert planned == sorted(planned, key=lambda article: article.doc_id)


def test_a_plan_leaves_out_whole_articles_rather_than_cutting_them() -> None:
    (only,) = plan(ARTICLES, 3, seed=0)
    assert (only.template, only.passages) == (ARTICLES[0], 3)
    cut = [article for article in plan(ARTICLES, 4, seed=0) if article.made is not None]
    assert [article.passages for article in cut] == [1]


def test_many_recombined_articles_of_one_template_leave_its_topic() -> None:
    planned = plan(ARTICLES, 500, seed=0)
    by_topic = {
        key: len(list(group)) for key, group in groupby(sorted(a.on_topic for a in planned))
    }
    assert by_topic[True] == 2 + 4 * 2


def test_nothing_can_be_made_from_an_index_without_passages() -> None:
    with pytest.raises(ValueError, match="the source index has no passages"):
        plan([], 10, seed=0)
