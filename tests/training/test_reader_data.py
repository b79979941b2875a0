from pathlib import Path

import pytest

from tests.support.reader_sets import document, row, write_lines, write_reader_sets
from tests.support.training_material import TOWNS, write_all
from training.reader_data import (
    HELD_OUT_DOCUMENTS,
    READER_FOLDER,
    HeldOut,
    as_squad,
    held_out,
    load_articles,
    load_rows,
    without,
)
from training.squad import HELD_OUT_ARTICLES, TrainingDataError, load_squad


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reader_sets(write_all(tmp_path_factory.mktemp("reader-sets")))


def test_all_parts_of_a_set_are_read(sets: Path) -> None:
    rows = load_rows(sets, "qasrl_roles")

    assert len(rows) == 4 * len(TOWNS)
    first = next(found for found in rows if found.id == f"roles-gs:{document(0)}:0:0:0")
    assert first.document == document(0)
    assert first.answer is not None
    assert first.answer.slice(first.context) == "Ada Brennick"


@pytest.mark.parametrize("name", ["tweetqa", "rams_evaluation_only", "qasrl_gs"])
def test_a_set_that_is_for_measuring_is_refused(sets: Path, name: str) -> None:
    with pytest.raises(TrainingDataError, match=f"^{name} may not be trained on. Expected one of"):
        load_rows(sets, name)


def test_an_answer_that_is_not_at_its_place_is_refused(tmp_path: Path) -> None:
    bad = row("odd", "Who?", "Ada left.", "Ada")
    bad["answers"][0]["start"] = 1
    path = tmp_path / READER_FOLDER / "timeqa" / "train.jsonl.xz"
    write_lines(path, [bad])

    with pytest.raises(TrainingDataError, match="the answer of odd is not at its place"):
        load_rows(tmp_path, "timeqa")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match=r"qed_nq/dev\.jsonl\.xz cannot be read"):
        load_rows(tmp_path, "qed_nq")
    with pytest.raises(TrainingDataError, match=r"articles\.jsonl\.xz cannot be read"):
        load_articles(tmp_path)


def test_whole_documents_and_the_articles_of_squad_are_held_out(sets: Path) -> None:
    kept = held_out(sets)

    assert len(kept.documents) == HELD_OUT_DOCUMENTS
    assert len(kept.titles) == HELD_OUT_ARTICLES
    assert kept.titles == {p.title for p in load_squad(sets, held_out=True).paragraphs}
    assert held_out(sets) == kept


@pytest.mark.parametrize("name", ["qamr", "qasrl_roles", "qasrl_bank", "squad2_negatives"])
def test_training_never_sees_what_is_held_out(sets: Path, name: str) -> None:
    kept = held_out(sets)
    rows = load_rows(sets, name)
    left = without(rows, kept)

    assert 0 < len(left) < len(rows)
    assert not {found.document for found in left} & kept.documents
    assert not {found.title for found in left} & kept.titles


def test_rows_become_paragraphs_with_their_questions(sets: Path) -> None:
    rows = load_rows(sets, "qasrl_bank")
    news = load_articles(sets)
    squad = as_squad(rows, news)

    assert len(squad.questions) == len(TOWNS)  # those with an answer
    assert len(squad.paragraphs) == len(TOWNS) + len(news)
    asked = squad.questions[3]
    paragraph = squad.paragraphs[asked.paragraph]
    assert asked.answer.slice(paragraph.text) in TOWNS
    assert [span.slice(paragraph.text) for span in paragraph.sentences][1] == "It rained."


def test_nothing_is_held_out_by_an_empty_document(sets: Path) -> None:
    kept = HeldOut(frozenset({document(1)}), frozenset())

    assert len(without(load_rows(sets, "timeqa"), kept)) == 2 * len(TOWNS)
