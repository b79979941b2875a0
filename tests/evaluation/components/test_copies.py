from pathlib import Path

import pytest

from evaluation.components.copies import Pair, address, are_copies, changes, main, of_half, score

TEXT = (
    "The old pier of Vellmar was closed on Tuesday after the storm had torn away its planks. "
    "Engineers found that 14 posts moved and that the quay would need new ones before the summer. "
    "Shopkeepers on the promenade fear for their season because most visitors arrive by boat, and "
    "they ask Mayor Quint for help with the rent."
)


def test_a_changed_number_name_or_denial_is_a_pair_of_different_reports() -> None:
    changed = dict(changes(TEXT))
    assert "found that 15 posts moved" in changed["numbers"]
    assert "Quillon" in changed["names"]
    assert "would not need" in changed["denials"] or "was not closed" in changed["denials"]
    assert not any(are_copies(TEXT, other) for other in changed.values())
    assert are_copies(TEXT, TEXT.replace("fear for", "fear about"))


def test_texts_that_are_short_or_empty_are_copies_only_when_they_are_equal() -> None:
    assert are_copies("The pier is closed.", "The  pier is CLOSED.")
    assert not are_copies("The pier is closed.", "The pier is closed now.")
    assert not are_copies("", "")


def test_precision_and_recall_are_of_versions_similar_pairs_and_numbers() -> None:
    pairs = [(kind, copies) for kind in ("versions", "similar", "numbers") for copies in (1, 0)]
    pairs += [("versions", 1), ("versions", 1), ("names", 1)]
    found = score((Pair(kind, True, "", ""), bool(copies)) for kind, copies in pairs)
    assert (found.precision, found.recall, found.f1) == (3 / 5, 3 / 4, 2 / 3)
    assert found.wrong == {"similar": 1, "numbers": 1, "names": 1, "denials": 0}
    assert found.wrong_share == 0.5


def test_each_pair_is_in_one_half_and_in_all() -> None:
    measured = [(Pair("versions", made_on, "", ""), True) for made_on in (True, False, False)]
    assert [len(of_half(measured, half)) for half in ("made on", "held out", "all")] == [1, 2, 3]


def test_one_page_has_one_address() -> None:
    assert address("http://www.example.com/a/b/") == address("https://edition.example.com/A/b?x=1")
    assert address("https://example.com/a") != address("https://example.com/b")


def test_without_the_data_it_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path)]) == 0
    assert "Skipped: no neardup/same_url_versions_400.jsonl.xz" in capsys.readouterr().out
