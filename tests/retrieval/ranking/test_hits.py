"""A hit knows its passage's stable id, and ranks begin at one."""

from retrieval.ranking.hits import FIRST_RANK
from tests.support.answer_builders import DOCUMENTS, hit


def test_a_hit_is_named_by_its_passage() -> None:
    assert hit("port.txt", 1).passage_id == f"{DOCUMENTS['port.txt'].doc_id}:0"


def test_ranks_begin_at_one() -> None:
    assert FIRST_RANK == 1
