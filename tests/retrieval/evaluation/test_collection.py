"""What a collection holds, and what it refuses to hold."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

import pytest

from retrieval.evaluation.collection import Collection, CollectionError, CollectionQuery
from tests.retrieval.evaluation.collection_builders import DOCUMENTS, QUERIES, collection


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
        ({}, "own has no judged query: none of its 4 queries has a document with a grade above 0"),
        ({"q1": {"ferry": 0}}, "own has no judged query"),
        (
            {"q1": {"ferry": 1, "gone": 0, "lost": 1}},
            "name documents that the collection lacks: 2, 'gone' for one",
        ),
        ({"q9": {"ferry": 1}}, "name queries that the collection lacks: 1, 'q9' for one"),
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
