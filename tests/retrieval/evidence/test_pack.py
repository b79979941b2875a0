"""A pack has all that a check needs, and whatever else a file may hold is refused by name."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from indexer.errors import EvidenceError
from retrieval.evidence.pack import PackedQuote, is_pack, pack_json, read_pack
from tests.support.evidence import REOPENED, TEXT, answer_of, quoting

ANSWER = answer_of(quoting(REOPENED, "on Friday"))
ASKED = datetime(2024, 6, 1, 14, 30, tzinfo=timezone(timedelta(hours=2)))


def test_a_pack_is_the_answer_with_the_selectors_of_web_annotations() -> None:
    pack = json.loads(pack_json(ANSWER, ASKED))
    (quote,) = pack["quotes"]
    assert pack["created"] == "2024-06-01T12:30:00+00:00"
    assert pack["index"] == {"generation": 1, "documents": 3, "passages": 3}
    assert quote["selector"] == [
        {
            "type": "TextQuoteSelector",
            "exact": REOPENED,
            "prefix": "Harbour reopens\n\n",
            "suffix": " Trade unions had asked for it.\n",
        },
        {"type": "TextPositionSelector", "start": 17, "end": 55},
    ]
    assert quote["citation"] == ANSWER.quotes[0].citation.to_dict()
    assert quote["citation"]["authors"] == ["Ida Brandt"]
    assert quote["citation"]["published_found_in"] == "date line"
    assert quote["copies"][0]["path"] == "mail.txt"


def test_what_is_written_is_read_again() -> None:
    cited = ANSWER.quotes[0].citation
    pack = read_pack(pack_json(ANSWER))
    assert pack.question == ANSWER.question
    assert pack.quotes == (
        PackedQuote(
            quote=REOPENED,
            path="ports/lindau.txt",
            doc_id=cited.doc_id,
            sha256=cited.sha256,
            start=TEXT.index(REOPENED),
            end=TEXT.index(REOPENED) + len(REOPENED),
            title="Harbour reopens",
            source="Lake Courier",
            published="2024-05-03",
        ),
    )
    assert datetime.fromisoformat(pack.created).tzinfo == UTC


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"type": "other"}, 'it has no "type": "dateline-evidence"'),
        ({"format": 2}, "it has format 2; this version reads 1"),
        ({"format": "1"}, "it has format '1'"),
        ({"quotes": {}}, '"quotes" must be a list'),
        ({"quotes": [3]}, 'quote 1 has no "citation"'),
        ({"question": None}, 'the pack: "question" must be text'),
    ],
)
def test_a_pack_edited_by_hand_is_refused_by_the_field(
    change: dict[str, object], problem: str
) -> None:
    edited = json.loads(pack_json(ANSWER)) | change
    with pytest.raises(EvidenceError, match=problem):
        read_pack(json.dumps(edited))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"start": -1}, "0 <= start < end"),
        ({"start": True}, "must be whole numbers"),
        ({"end": 1.5}, "must be whole numbers"),
        ({"start": 55}, "0 <= start < end"),
        ({"quote": ""}, '"quote" is empty'),
        ({"quote": None}, '"quote" must be text'),
        ({"path": "../../secret"}, "must lie inside the corpus"),
        ({"path": "/etc/passwd"}, "must lie inside the corpus"),
        ({"title": 5}, '"title" must be text'),
    ],
)
def test_a_citation_edited_by_hand_is_refused_by_the_field(
    change: dict[str, object], problem: str
) -> None:
    edited = json.loads(pack_json(ANSWER))
    edited["quotes"][0]["citation"] |= change
    with pytest.raises(EvidenceError, match=problem):
        read_pack(json.dumps(edited))


@pytest.mark.parametrize("text", ["", "[", "[" * 100_000, "null", "[]", '"x"', "{}"])
def test_other_json_is_no_pack(text: str) -> None:
    with pytest.raises(EvidenceError):
        read_pack(text)
    assert not is_pack(text)


def test_a_pack_is_known_by_its_beginning() -> None:
    assert is_pack(pack_json(ANSWER))
    assert not is_pack('A draft that names "dateline-evidence". {}')
