"""Promise 5: the same input gives the same answer, whatever the machine does around it."""

import json
from pathlib import Path
from typing import Any

import pytest

from indexer.catalog.reader import Catalog
from retrieval import SearchEngine
from tests.support.commands import QUESTION, SEEDS, run_module

QUESTIONS = (
    QUESTION,
    "who is the State Department spokesman?",
    '"Hamas" rockets -Yemen after:2023-01-01',
    "what happened in Paris in 1889?",
)


def _corpus(folder: Path, names: list[str]) -> Path:
    """Write the articles in a given order; the copies among them tie in every ranking."""
    folder.mkdir()
    for name in names:
        content = (SEEDS / name.removeprefix("copy of ")).read_bytes()
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def built_twice(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, dict[str, str]]]:
    """Two indexes of one corpus, made under different seeds, threads and orders of creation."""
    names = sorted(path.name for path in SEEDS.iterdir())
    names += [f"copy of {name}" for name in names[:2]]
    root = tmp_path_factory.mktemp("determinism")
    made = []
    for number, (order, seed, threads) in enumerate(((names, "1", "1"), (names[::-1], "2", "3"))):
        folder = root / str(number)
        folder.mkdir()
        corpus = _corpus(folder / "corpus", order)
        environment = {"PYTHONHASHSEED": seed}
        arguments = ("build", corpus, "--index", folder / "index", "--threads", threads)
        ran = run_module("indexer", *arguments, environment=environment)
        assert ran.returncode == 0, ran.stderr
        made.append((folder / "index", environment))
    return made


def _stable(printed: str) -> dict[str, Any]:
    """Return the JSON without what may differ."""
    found: dict[str, Any] = json.loads(printed)
    del found["timings_ms"]
    del found["index"]["path"]
    del found["index"]["generation"]
    del found["index"]["stale"]  # null where listing the folder took too long
    return found


@pytest.mark.parametrize("question", QUESTIONS)
def test_two_builds_give_the_same_json(
    question: str, built_twice: list[tuple[Path, dict[str, str]]], engine: SearchEngine
) -> None:
    """`engine` is asked for so that the encoder is exported: no question has to do that."""
    answers = []
    for (index, environment), threads in zip(built_twice, ("1", "3"), strict=True):
        for command in (("ask",), ("search", "--k", "40", "--explain")):
            ran = run_module(
                "retrieval",
                *command,
                question,
                *("--json", "--index", index, "--threads", threads),
                environment=environment,
            )
            assert ran.returncode in {0, 1}, ran.stderr
            answers.append(_stable(ran.stdout))
    first_ask, first_search, second_ask, second_search = answers
    assert first_ask == second_ask
    assert first_search == second_search


def test_two_builds_store_the_same_vectors_and_passages(
    built_twice: list[tuple[Path, dict[str, str]]],
) -> None:
    folders = [index / "000001" for index, _ in built_twice]
    vectors = [(folder / "vectors.faiss").read_bytes() for folder in folders]
    assert vectors[0] == vectors[1]
    passages = []
    for folder in folders:
        with Catalog(folder) as catalog:
            passages.append(list(catalog.all_passages()))
    assert passages[0] == passages[1]
    assert len({stored.passage.doc_id for stored in passages[0]}) == 7
