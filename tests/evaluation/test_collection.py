"""Collections, and the folders they are read from."""

import json
import lzma
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from evaluation.collection import Collection, CollectionError, CollectionQuery, load_collection
from tests.evaluation.collection_builders import (
    DOCUMENTS,
    QUERIES,
    collection,
    write_collection,
    write_lines,
)


def test_queries_without_a_relevant_document_are_left_out_and_counted() -> None:
    judged = Collection.of("own", DOCUMENTS, QUERIES, {"q1": {"ferry": 1}, "q2": {"Port": 0}})
    assert [query.id for query in judged.queries] == ["q1"]
    assert judged.unjudged == 3


def test_judgements_replace_the_grades_that_a_query_had() -> None:
    asked = [CollectionQuery("q1", "?", grades={"Port": 3})]
    made = Collection.of("own", DOCUMENTS, asked, {"q1": {"ferry": 2}})
    assert made.queries[0].grades == {"ferry": 2}


@pytest.mark.parametrize(
    ("judgements", "message"),
    [
        (
            {},
            "own has no judged queries: none of its 4 queries has a document with a grade above 0",
        ),
        ({"q1": {"ferry": 0}}, "own has no judged queries"),
        (
            {"q1": {"ferry": 1, "gone": 0, "lost": 1}},
            "name 2 documents missing from the collection, such as 'gone'",
        ),
        ({"q9": {"ferry": 1}}, "name 1 queries missing from the collection, such as 'q9'"),
    ],
)
def test_judgements_that_cannot_be_of_the_collection_are_refused(
    judgements: Mapping[str, Mapping[str, int]], message: str
) -> None:
    with pytest.raises(CollectionError, match=message):
        Collection.of("own", DOCUMENTS, QUERIES, judgements)


def test_an_id_that_occurs_twice_is_refused() -> None:
    grades = {"q1": {"ferry": 1}}
    with pytest.raises(CollectionError, match=r"document ids must be unique, but 1 of 5 .*'Port'"):
        Collection.of("own", (*DOCUMENTS, ("Port", "", "again")), QUERIES, grades)
    with pytest.raises(CollectionError, match=r"query ids must be unique, but 1 of 5 .*'q1'"):
        Collection.of("own", DOCUMENTS, (*QUERIES, CollectionQuery("q1", "again")), grades)


def test_the_fingerprint_is_of_the_documents_whatever_their_order() -> None:
    made = collection()
    turned = replace(made, name="other", documents=made.documents[::-1], queries=())
    altered = replace(made, documents=(*made.documents[:3], replace(made.documents[3], title="x")))
    assert turned.fingerprint() == made.fingerprint()
    assert altered.fingerprint() != made.fingerprint()


def test_a_limit_draws_queries_by_the_hash_of_their_ids_and_keeps_their_order() -> None:
    ids = ["q1", "q2", "q4"]
    least = sorted(ids, key=lambda each: sha256(each.encode()).hexdigest())
    for count in (1, 2, 3, 99):
        drawn = [query.id for query in collection().limited(count).queries]
        assert drawn == [each for each in ids if each in least[:count]]
    with pytest.raises(ValueError, match="count must be at least 1, got 0"):
        collection().limited(0)


def test_only_a_collection_with_answers_has_answers() -> None:
    made = collection()
    assert made.has_answers
    assert not replace(made, queries=made.queries[2:]).has_answers


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
        ("corpus.jsonl", "[1]", "expected a JSON object, got list"),
        ("corpus.jsonl", '{"text": "x"}', "_id must be a string, but it is missing"),
        ("corpus.jsonl", '{"_id": 3, "text": "x"}', "_id must be a string, but got 3"),
        ("corpus.jsonl", '{"_id": "d"}', "text must be a string, but it is missing"),
        ("corpus.jsonl", BAD_DOCUMENT, r"title must be a string, got \['x'\]"),
        ("queries.jsonl", BAD_ANSWERS, "metadata.answers must be a list of strings, got 'z'"),
        ("qrels.tsv", "q1 ferry 1", "expected query, document and grade separated by tabs, got"),
        ("qrels.tsv", "q1\tferry\tgood", "grade must be an integer, got 'good'"),
        ("qrels.tsv", "q1\tferry\t1", "'q1' and 'ferry' already have another grade"),
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
    with pytest.raises(CollectionError, match=r"no such folder: .*nowhere\. Name one with"):
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
    with pytest.raises(CollectionError, match=r"own: the judgements name 1 documents .* 'doc7'"):
        load_collection(folder)
