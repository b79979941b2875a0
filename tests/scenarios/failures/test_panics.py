"""tantivy panics over a damaged file, which is an error like any other."""

import shutil
from pathlib import Path

import pytest

from indexer.errors import IndexFormatError
from indexer.lexical.index import TantivyIndex
from indexer.lexical.schema import is_tantivy_error
from tests.support.commands import run_module

PHRASE = '"the harbour of northport" closed'


def _panics(folder: Path) -> bool:
    """Tell whether tantivy panics when it opens an index or finds a phrase in it."""
    try:
        TantivyIndex(folder).rows_with_phrase(["the", "harbour", "of", "northport"])
    except IndexFormatError as error:
        return type(error.__cause__).__name__ == "PanicException"
    return False


@pytest.fixture(params=["fast", "pos"])
def index_that_panics(request: pytest.FixtureRequest, news_index: Path, tmp_path: Path) -> Path:
    """An index with one flipped bit, at which opening it (`fast`) or a phrase (`pos`) panics."""
    index = Path(shutil.copytree(news_index, tmp_path / "index"))
    (file,) = (index / "000001/bm25").glob(f"*.{request.param}")
    content = file.read_bytes()
    for place in range(len(content)):
        flipped = bytes([content[place] ^ 0x40])
        file.unlink()  # the one before may still be mapped
        file.write_bytes(content[:place] + flipped + content[place + 1 :])
        if _panics(index / "000001"):
            return index
    return pytest.fail("no bit of this file makes tantivy panic any more: remove this test")


def test_a_panic_is_an_error_in_one_line_and_exit_code_2(index_that_panics: Path) -> None:
    ran = run_module("retrieval", "ask", PHRASE, "--index", index_that_panics, "--quiet")
    assert (ran.returncode, ran.stdout) == (2, "")
    *_, said = ran.stderr.splitlines()  # Rust prints the panic itself before it
    assert f"is damaged: cannot read {index_that_panics / '000001/bm25'} (" in said
    assert said.endswith(f"Rebuild it: python -m indexer build CORPUS --index {index_that_panics}")
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(), RuntimeError(), KeyError()])
def test_what_tantivy_does_not_raise_is_not_its_failure(error: BaseException) -> None:
    assert not is_tantivy_error(error)
