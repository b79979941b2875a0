"""The measure of drafts by mutation, over invented articles."""

from collections import Counter
from pathlib import Path

import pytest

from evaluation.components.drafts import RULES, draw_cases, is_right, main
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import read_manifest
from retrieval.drafts.check import check_draft
from tests.support.builders import entry, write_index

_SUBJECTS = (
    "The harbour office|A retired teacher|The railway museum|The county court|A young farmer|"
    "The fire brigade|The northern hospital|A local brewery|The choir of the abbey|The ferry line"
).split("|")
_EVENTS = (
    "has repaired {n} lamps along the western pier, which visitors like Morten often photograph|"
    "will plant {n} oaks behind the old mill, although Sorrel villagers prefer cherry trees|"
    "was fined {n} crowns by the tax inspector in Veldhaven, because a letter arrived late|"
    "had borrowed {n} chairs from the theatre of Ostrava, when the wedding guests arrived early|"
    "could sell {n} barrels of cider to Kestrel merchants, if the road over the pass stays open|"
    "must return {n} paintings to the family of Amundsen, after a long and bitter quarrel|"
    "is counting {n} swans on the lake near Tervuren, while the weather remains mild and dry|"
    "may hire {n} carpenters from the shipyard of Galway, before the spring regatta begins|"
    "were given {n} books about the voyages of Tasman, and nobody in the parish has read them|"
    "should print {n} maps of the caves under Dunmore, so that climbers find the way out"
).split("|")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    events = [(subject, event) for subject in _SUBJECTS for event in _EVENTS]
    entries = [
        entry(
            f"{number}.txt",
            f"Story number {number}\n\n{subject} {event.format(n=100 + number)}.\n",
            title=f"Story number {number}",
        )
        for number, (subject, event) in enumerate(events)
    ]
    folder = tmp_path_factory.mktemp("mutated") / "index"
    write_index(folder, entries)
    return folder


def test_a_case_of_every_rule_is_drawn_the_same_way_each_time(index: Path) -> None:
    with LocalStore(index, read_manifest(index)) as store:
        cases = draw_cases(store, 48)
        assert cases == draw_cases(store, 48)
        assert cases != draw_cases(store, 48, seed=2)
    assert Counter(case.rule for case in cases) == dict.fromkeys(RULES, 6)


def test_verdicts_on_changed_quotations_are_right(index: Path) -> None:
    manifest = read_manifest(index)
    with LocalStore(index, manifest) as store:
        cases = draw_cases(store, 64)
        draft = "\n\n".join(f"“{case.text}”" for case in cases)
        found = check_draft(store, manifest, draft).quotations
    wrong = [
        (case, each.verdict)
        for case, each in zip(cases, found, strict=True)
        if not is_right(case, each)
    ]
    assert wrong == []


def test_the_command_prints_a_row_for_every_rule(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--index", str(index), "--count", "16"]) == 0
    printed = capsys.readouterr().out
    for rule in RULES:
        assert f"| {rule} | 2 |" in printed
    assert "16 quotations in 100 articles" in printed
