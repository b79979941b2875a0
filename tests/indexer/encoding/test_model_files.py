import shutil
from pathlib import Path

import pytest

from indexer.encoding.model_files import (
    BUNDLED_SHA256,
    DEFAULT_ENCODER,
    ModelFiles,
    locate,
    model_sha256,
    verify_bundled,
)
from indexer.encoding.sentence_transformer import load_model
from indexer.errors import EncoderError


@pytest.fixture
def bundled_copy(tmp_path: Path) -> ModelFiles:
    folder = locate(DEFAULT_ENCODER).folder
    assert folder is not None
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    return ModelFiles(DEFAULT_ENCODER, copy, bundled=True)


def _flip_a_bit(path: Path, offset: int) -> None:
    with path.open("r+b") as stream:
        stream.seek(offset)
        byte = stream.read(1)[0]
        stream.seek(offset)
        stream.write(bytes([byte ^ 1]))


def test_the_bundled_model_is_found_and_is_the_published_one() -> None:
    files = locate(DEFAULT_ENCODER)
    assert files.bundled
    assert files.name == "sentence-transformers/all-MiniLM-L6-v2"
    verify_bundled(files)
    assert model_sha256(files) == BUNDLED_SHA256


def test_the_short_name_means_the_same_model() -> None:
    assert locate("all-MiniLM-L6-v2") == locate(DEFAULT_ENCODER)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_one_flipped_bit_in_the_bundled_files_is_refused(
    bundled_copy: ModelFiles, name: str
) -> None:
    assert bundled_copy.folder is not None
    verify_bundled(bundled_copy)
    _flip_a_bit(bundled_copy.folder / name, 300_000)
    with pytest.raises(
        EncoderError, match=rf"{name} is not the published file .*expected \w{{64}}"
    ):
        load_model(bundled_copy)


def test_a_missing_bundled_file_is_named(bundled_copy: ModelFiles) -> None:
    assert bundled_copy.folder is not None
    (bundled_copy.folder / "model.safetensors").unlink()
    with pytest.raises(EncoderError, match=r"Cannot read .*model\.safetensors: No such file"):
        verify_bundled(bundled_copy)


def test_a_folder_is_found_under_its_absolute_path(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny_model.parent)
    assert locate("model") == ModelFiles(str(tiny_model), tiny_model)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"neither modules\.json nor config\.json\. Give"):
        locate(str(tmp_path))


@pytest.mark.parametrize(
    "name",
    [
        "./absent",
        "/absent/model",
        "~/absent",
        "~nobody-here",
        "a/b/c",
        "",
        "a\\b",
        "--help",
        "a b",
        "\0",
        "x" * 5000,
    ],
)
def test_a_path_to_nothing_is_never_looked_up_on_a_hub(name: str) -> None:
    with pytest.raises(EncoderError, match=r"it is not a folder\. Give the folder of"):
        locate(name)


def test_a_file_is_not_a_model(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"")
    with pytest.raises(EncoderError, match=r"it is not a folder\. Give the folder of"):
        locate(str(path))


def test_any_other_name_is_left_to_the_hub() -> None:
    assert locate("someone/some-model") == ModelFiles("someone/some-model", None)


@pytest.mark.parametrize(
    "name", ["model.safetensors", "2_Dense/model.safetensors", "tokenizer.json", "config.json"]
)
def test_a_model_with_one_other_byte_is_another_model(
    tiny_model: Path, tmp_path: Path, name: str
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(tiny_model, copy)
    before = model_sha256(locate(str(tiny_model)))
    assert model_sha256(locate(str(copy))) == before
    _flip_a_bit(copy / name, 100)
    assert model_sha256(locate(str(copy))) != before


def test_what_loading_does_not_read_does_not_change_a_model(
    tiny_model: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(tiny_model, copy)
    (copy / "README.md").write_text("new", encoding="utf-8")
    (copy / "pytorch_model.bin").write_bytes(b"the same weights in another form")
    (copy / "onnx").mkdir()
    (copy / "onnx" / "config.json").write_text("{}", encoding="utf-8")
    assert model_sha256(locate(str(copy))) == model_sha256(locate(str(tiny_model)))


def test_an_unreadable_list_of_modules_is_named(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[{}]", encoding="utf-8")
    with pytest.raises(EncoderError, match=r"modules\.json as a list of modules"):
        model_sha256(locate(str(tmp_path)))


@pytest.mark.parametrize("function", [verify_bundled, model_sha256])
def test_a_model_that_is_not_here_has_no_hash(function: object) -> None:
    assert callable(function)
    with pytest.raises(ValueError, match="must have a folder"):
        function(ModelFiles("someone/some-model", None))
