"""tantivy panics over a damaged file and prints that itself: a command tells it in one line."""

import os
import shutil
from pathlib import Path

import pytest

from indexer.errors import IndexFormatError
from indexer.lexical import TantivyIndex
from indexer.panics import calling_tantivy, one_line_errors, without_panics
from tests.commands import run_module

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


@pytest.mark.parametrize("backtrace", ["0", "1"])
def test_a_panic_is_one_line_and_exit_code_2(backtrace: str, index_that_panics: Path) -> None:
    environment = {"RUST_BACKTRACE": backtrace}
    arguments = ("ask", PHRASE, "--index", index_that_panics, "--quiet")
    ran = run_module("retrieval", *arguments, environment=environment)
    assert (ran.returncode, ran.stdout) == (2, "")
    folder = index_that_panics / "000001/bm25"
    assert ran.stderr.startswith(f"error: the BM25 index {folder} cannot be read (")
    assert ran.stderr.endswith(
        f"Rebuild it: python -m indexer build CORPUS --index {index_that_panics}\n"
    )
    assert ran.stderr.count("\n") == 1


def test_whatever_else_is_printed_meanwhile_is_kept(capfd: pytest.CaptureFixture[str]) -> None:
    with one_line_errors():
        with calling_tantivy():
            os.write(2, b"of another thread\n")
            with calling_tantivy():
                os.write(2, b"thread 'main' (1) panicked at lib.rs:1:2:\nmid > len\n")
            assert capfd.readouterr().err == ""
        assert capfd.readouterr().err == "of another thread\n"
    with calling_tantivy():
        os.write(2, b"thread 'main' panicked at lib.rs:1:2: a library's user sees it\n")
        assert "a library's user sees it" in capfd.readouterr().err


def test_a_panic_ends_with_its_note_or_with_what_was_printed() -> None:
    panic = b"\nthread '<unnamed>' panicked at a.rs:1:2:\nno\nstack backtrace:\n   0: f\n"
    note = b"note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose one\n"
    assert without_panics(b"a\n" + panic + note + b"b\n") == b"a\nb\n"
    assert without_panics(b"a\n" + panic) == b"a\n"
    assert without_panics(b"the thread 'x' went on\n") == b"the thread 'x' went on\n"


def test_without_a_stderr_tantivy_is_called_all_the_same() -> None:
    real = os.dup(2)
    os.close(2)
    try:
        with one_line_errors(), calling_tantivy():
            called = True
    finally:
        os.dup2(real, 2)
        os.close(real)
    assert called
