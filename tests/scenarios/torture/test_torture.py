"""The torture itself: its corpus, and whether it detects what must not happen."""

from pathlib import Path
from typing import Any

import pytest

from indexer.build.pipeline import IndexConfig, build
from tests.scenarios.torture.corpus import ChangingCorpus, town_of
from tests.scenarios.torture.damage import damage_files
from tests.scenarios.torture.reader import check_answers
from tests.scenarios.torture.report import markdown, problems_of


def kill(command: str = "build", **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    whole = {"seconds": 0.1, "hit": True, "stage": "encoding", "locked": True, "problems": []}
    return {"command": command, **whole, **changed}


def reader(how: str = "open", **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    counts = {"openings": 2, "questions": 10, "generations": 3, "slowest": 0.5}
    return {"how": how, **counts, "problems": [], "answers": {"1 who?": "a"}, **changed}


def results(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any field may be another
    return {
        "articles": 5,
        "seed": 7,
        "minutes": 2.5,
        "minutes_read": 1.5,
        "kills": [kill(), kill(hit=False, stage="after the commit"), kill("compact")],
        "readers": [reader(), reader("refresh")],
        "full_disks": [{"kind": "disk filled", "ended": "refused", "problems": []}],
        "read_only": {"ask": 0, "verify": 0, "update": 2, "compact": 2},
        "damages": [{"file": "catalog.sqlite", "kind": "cut", "noticed": True, "ended": "refused"}],
        "two_writers": [0, 2],
        "machine": "a machine",
    } | changed


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def test_the_same_seed_gives_the_same_steps(tmp_path: Path) -> None:
    one, other = (ChangingCorpus(tmp_path / name, 30, seed=3) for name in ("one", "other"))
    before = files(one.folder)
    for _ in range(3):
        one.change(0.1)
        other.change(0.1)
    after = files(one.folder)
    assert after == files(other.folder)
    assert before != after
    assert any(name.startswith("moved-") for name in after)
    assert before.keys() - after.keys()
    assert any("edition 2" in text for text in after.values())


def test_no_two_articles_are_about_one_town() -> None:
    assert len({town_of(number) for number in range(3000)}) == 3000


def test_a_run_without_problems_is_told_as_one() -> None:
    assert problems_of(results()) == []
    page = markdown(results())
    assert "| `build` sent SIGKILL, of these still running | 2, 1 |" in page
    assert "| `compact` sent SIGKILL, of these still running | 1, 1 |" in page
    assert "| died holding the writer's lock | 2 |" in page
    assert "| answers compared between processes | 1 |" in page
    assert "| **errors, wrong passages, wrong citations** | 0 |" in page
    assert "| update, disk filled: refused | 1 |" in page
    assert "| read-only: exit codes | `ask` 0, `verify` 0, `update` 2, `compact` 2 |" in page
    assert "Problems" not in page


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"kills": [kill(problems=["bad"])]}, "bad"),
        ({"readers": [reader(problems=["worse"])]}, "worse"),
        (
            {"readers": [reader(), reader("refresh", answers={"1 who?": "b"})]},
            "generation '1 who?' was answered in two ways by two processes",
        ),
        (
            {"full_disks": [{"kind": "disk filled", "ended": "crashed: 1, x", "problems": []}]},
            "an update on a full disk crashed: 1, x",
        ),
        ({"read_only": {"ask": 2}}, "ask on a read-only disk ended with 2"),
        (
            {"damages": [{"file": "a", "kind": "cut", "noticed": False, "ended": "refused"}]},
            "verify did not notice: a, cut",
        ),
        (
            {"damages": [{"file": "a", "kind": "cut", "noticed": True, "ended": "crashed"}]},
            "ask crashed: a, cut",
        ),
        ({"two_writers": [0, 1]}, "two writers at once ended with [0, 1]"),
    ],
)
def test_whatever_must_not_happen_is_a_problem(changed: dict[str, Any], problem: str) -> None:
    assert problems_of(results(**changed)) == [problem]
    assert f"- {problem}" in markdown(results(**changed))


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> tuple[ChangingCorpus, Path]:
    folder = tmp_path_factory.mktemp("torture")
    corpus = ChangingCorpus(folder / "articles", 6, seed=1)
    build(corpus.folder, folder / "index", IndexConfig(threads=2))
    return corpus, folder / "index"


def test_a_whole_index_has_no_problem(indexed: tuple[ChangingCorpus, Path]) -> None:
    assert list(check_answers(indexed[1], questions=3, seed=1)) == []


def test_an_article_of_two_editions_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    corpus = ChangingCorpus(folder, 2, seed=1)
    first = folder / "00000.txt"
    text = first.read_text(encoding="utf-8")
    head, _, rest = text.partition("\n\n")
    first.write_text(f"{head}\n\n{rest.replace('edition 1', 'edition 2')}", encoding="utf-8")
    build(corpus.folder, tmp_path / "index", IndexConfig(threads=2))
    found = list(check_answers(tmp_path / "index", questions=1, seed=1))
    assert any("is of another edition than its article" in problem for problem in found)


def test_damage_is_noticed_and_ends_in_no_crash(
    indexed: tuple[ChangingCorpus, Path], tmp_path: Path
) -> None:
    found = list(damage_files(indexed[1], tmp_path, 3, seed=5, question="what happened?"))
    assert [damage.noticed for damage in found] == [True, True, True]
    assert {damage.ended for damage in found} <= {"refused", "same answer", "other answer"}


def test_no_index_at_all_is_a_problem(tmp_path: Path) -> None:
    (problem,) = check_answers(tmp_path / "none", questions=1, seed=1)
    assert problem.startswith("IndexNotFoundError: No index found at")
