"""The bundled reader's model is missing, cut or altered: search works, an answer is one error."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.build.pipeline import IndexConfig, build
from indexer.errors import ReaderError
from retrieval import SearchEngine
from retrieval.cli.main import main
from retrieval.readers import trained as trained_reader
from retrieval.readers.trained_files import BUNDLED_READER
from tests.support.commands import QUESTION, SEEDS

RESTORE = "Restore it from git: git checkout -- retrieval/models/reader-2.onnx"
FAULTS = {
    "missing": "cannot be read: No such file or directory. ",
    "truncated": "is incomplete: it has 11979697 bytes, expected 11979698. ",
    "altered": "was altered: its SHA-256 is ",
}


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a test's own copy of the bundled model belongs; nothing is there yet."""
    path = tmp_path / "models" / BUNDLED_READER.path.name
    path.parent.mkdir()
    monkeypatch.setattr(trained_reader, "BUNDLED_READER", replace(BUNDLED_READER, path=path))
    return path


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest, model: Path) -> str:
    """What the error says of the model that is there instead."""
    content = BUNDLED_READER.path.read_bytes()
    if request.param == "truncated":
        model.write_bytes(content[:-1])
    elif request.param == "altered":
        model.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    return f"The reader's model {model} {FAULTS[request.param]}"


def test_search_works_and_an_answer_names_the_command_that_restores_the_model(
    fault: str, seeds_index: Path
) -> None:
    with SearchEngine.open(seeds_index, threads=2) as engine:
        for _ in range(2):
            with pytest.raises(ReaderError) as caught:
                engine.answer(QUESTION)
            assert str(caught.value).startswith(fault)
            assert str(caught.value).endswith(RESTORE)
        for mode in ("hybrid", "bm25", "dense"):
            found = engine.search(QUESTION, mode=mode)
            assert len(found.hits) == 10
            assert found.warnings == ()
        with pytest.raises(ReaderError, match="git checkout"):
            engine.search(QUESTION, mode="reranked")


def test_the_command_line_says_it_in_one_line(
    fault: str, seeds_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = ["--index", str(seeds_index), "--threads", "2"]
    assert main(["search", QUESTION, *index]) == 0
    capsys.readouterr()
    assert main(["ask", QUESTION, *index]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert error.startswith(f"error: {fault}")
    assert error.endswith(f"{RESTORE}\n")
    assert error.count("\n") == 1


def test_the_next_generation_finds_the_restored_model(
    model: Path, seeds_index: Path, tmp_path: Path
) -> None:
    index = Path(shutil.copytree(seeds_index, tmp_path / "index"))
    with SearchEngine.open(index, threads=2) as engine:
        with pytest.raises(ReaderError, match="git checkout"):
            engine.answer(QUESTION)
        shutil.copyfile(BUNDLED_READER.path, model)
        build(SEEDS, index, IndexConfig(threads=2, force=True))
        assert engine.refresh()
        assert engine.answer(QUESTION).state == "answered"
