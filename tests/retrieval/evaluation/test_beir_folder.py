"""Collections read from folders, well and badly formed."""

import json
import lzma
from pathlib import Path

import pytest

from retrieval.evaluation.beir_folder import load_collection
from retrieval.evaluation.collection import CollectionError
from tests.retrieval.evaluation.collection_builders import (
    collection,
    write_collection,
    write_lines,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_collection(tmp_path / "own")


def test_a_folder_holds_what_was_written(folder: Path) -> None:
    assert load_collection(folder) == collection("own")


def test_compressed_files_are_read(folder: Path) -> None:
    for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv"):
        plain = folder / name
        (folder / f"{name}.xz").write_bytes(lzma.compress(plain.read_bytes()))
        plain.unlink()
    assert load_collection(folder) == collection("own")


def test_judgements_may_lie_where_beir_has_them(folder: Path) -> None:
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert load_collection(folder) == collection("own")


@pytest.mark.parametrize(
    "lines",
    [
        ("q1\tferry\t1", "q2\tPort\t2"),
        ("q1\t0\tferry\t1", "q2\t0\tPort\t2"),
        ("a header", "q1\tferry\t1", "", "q2\tPort\t2", "q1\tferry\t1"),
        ("\ufeffq1\tferry\t1\r", "q2\tPort\t2\r"),
    ],
    ids=["no header", "TREC", "blank line and repetition", "byte order mark and line ends"],
)
def test_judgements_are_read_in_each_of_their_forms(folder: Path, lines: tuple[str, ...]) -> None:
    write_lines(folder / "qrels.tsv", *lines)
    grades = {query.id: query.grades for query in load_collection(folder).queries}
    assert grades == {"q1": {"ferry": 1}, "q2": {"Port": 2}}


def test_titles_answers_and_other_fields_are_optional(folder: Path) -> None:
    (folder / "corpus.jsonl").write_text('{"_id": "d", "text": "x", "title": null, "url": 3}\n')
    (folder / "queries.jsonl").write_text('{"_id": "q", "text": "y", "metadata": {"a": 1}}\n')
    (folder / "qrels.tsv").write_text("q\td\t1\n")
    made = load_collection(folder)
    assert [(each.id, each.title, each.text) for each in made.documents] == [("d", "", "x")]
    assert made.queries[0].answers == ()


BAD_DOCUMENT = json.dumps({"_id": "d", "title": ["x"], "text": "y"})
BAD_ANSWERS = json.dumps({"_id": "q", "text": "y", "metadata": {"answers": "z"}})


@pytest.mark.parametrize(
    ("file", "bad", "message"),
    [
        ("corpus.jsonl", '{"_id": ', r"not valid JSON \(Expecting value"),
        ("corpus.jsonl", "[1]", "a JSON object was expected, got list"),
        ("corpus.jsonl", '{"text": "x"}', "_id must be a string, but it is missing"),
        ("corpus.jsonl", '{"_id": 3, "text": "x"}', "_id must be a string, but got 3"),
        ("corpus.jsonl", '{"_id": "d"}', "text must be a string, but it is missing"),
        ("corpus.jsonl", BAD_DOCUMENT, r"title must be a string, got \['x'\]"),
        ("queries.jsonl", BAD_ANSWERS, "metadata.answers must be a list of strings, got 'z'"),
        ("qrels.tsv", "q1 ferry 1", "expected query, document and grade, separated by tabs, got"),
        ("qrels.tsv", "q1\tferry\tgood", "a grade must be a whole number, got 'good'"),
        ("qrels.tsv", "q1\tferry\t1", "'q1' and 'ferry' were judged otherwise before"),
    ],
)
def test_a_malformed_line_is_named_with_its_file(
    folder: Path, file: str, bad: str, message: str
) -> None:
    lines = (folder / file).read_text("utf-8").splitlines()
    write_lines(folder / file, *lines, bad)
    expected = f"own: {file}, line {len(lines) + 1}: {message}"
    with pytest.raises(CollectionError, match=expected):
        load_collection(folder)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named_with_what_was_expected(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(CollectionError, match=rf"own: there is no {name}.*Expected corpus\.jsonl"):
        load_collection(folder)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=r"there is no folder .*nowhere\. Name one with"):
        load_collection(tmp_path / "nowhere")


def test_unreadable_bytes_are_refused(folder: Path) -> None:
    (folder / "queries.jsonl").write_bytes(b'{"_id": "\xe9"}')
    with pytest.raises(CollectionError, match=r"own: queries\.jsonl cannot be read: 'utf-8'"):
        load_collection(folder)


def test_a_truncated_compressed_file_is_refused(folder: Path) -> None:
    whole = lzma.compress((folder / "corpus.jsonl").read_bytes())
    (folder / "corpus.jsonl").unlink()
    (folder / "corpus.jsonl.xz").write_bytes(whole[:-20])
    with pytest.raises(CollectionError, match=r"own: corpus\.jsonl\.xz cannot be read: "):
        load_collection(folder)


def test_judgements_of_another_collection_are_refused(folder: Path) -> None:
    write_lines(folder / "qrels.tsv", "q1\tferry\t1", "q1\tdoc7\t1")
    with pytest.raises(CollectionError, match=r"own: the judgements name documents .*: 1, 'doc7'"):
        load_collection(folder)
