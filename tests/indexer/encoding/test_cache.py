import errno
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.encoding.cache import (
    GRAPH_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    ExportedEncoder,
    cache_folder,
    file_checksums,
    read_export,
    verify_export,
    write_export,
)
from indexer.errors import EncoderError


def _fill_with(content: str) -> Callable[[Path], ExportedEncoder]:
    def fill(folder: Path) -> ExportedEncoder:
        for name in (GRAPH_FILE, WEIGHTS_FILE, TOKENIZER_FILE):
            (folder / name).write_text(f"{name}: {content}", encoding="utf-8")
        return ExportedEncoder(
            name="a model",
            sha256="abc",
            dimension=3,
            max_tokens=8,
            query_prompt="q: ",
            passage_prompt="",
            pad_id=1,
            files=file_checksums(folder),
        )

    return fill


def _accept(_: Path) -> None:
    pass


def _content(folder: Path) -> str:
    return (folder / GRAPH_FILE).read_text(encoding="utf-8")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "cache" / "abc"
    write_export(folder, _fill_with("first"), _accept)
    return folder


def test_an_export_is_read_as_it_was_written(export: Path) -> None:
    found = verify_export(export)
    assert (found.name, found.sha256, found.dimension, found.max_tokens) == ("a model", "abc", 3, 8)
    assert (found.query_prompt, found.passage_prompt, found.pad_id) == ("q: ", "", 1)
    assert found.files[GRAPH_FILE].size == len("encoder.onnx: first")
    assert [path.name for path in export.parent.iterdir()] == ["abc"]
    assert export.parent.stat().st_mode & 0o777 == 0o700


def test_a_whole_export_of_another_process_stays(export: Path) -> None:
    write_export(export, _fill_with("second"), _accept)
    assert _content(export) == "encoder.onnx: first"


def test_a_whole_export_is_replaced_when_asked(export: Path) -> None:
    write_export(export, _fill_with("second"), _accept, replace=True)
    assert _content(export) == "encoder.onnx: second"
    assert [path.name for path in export.parent.iterdir()] == ["abc"]


def test_a_damaged_export_is_replaced_without_asking(export: Path) -> None:
    (export / WEIGHTS_FILE).write_text("encoder.weights: fIrst", encoding="utf-8")
    write_export(export, _fill_with("second"), _accept)
    assert _content(export) == "encoder.onnx: second"


@pytest.mark.parametrize("name", [GRAPH_FILE, WEIGHTS_FILE, TOKENIZER_FILE])
def test_a_truncated_file_is_found_on_opening(export: Path, name: str) -> None:
    os.truncate(export / name, 5)
    with pytest.raises(EncoderError, match=rf"{name} has 5 bytes, expected \d+\. Delete this"):
        read_export(export)


@pytest.mark.parametrize("name", [GRAPH_FILE, WEIGHTS_FILE, TOKENIZER_FILE])
def test_a_flipped_bit_is_found_by_verifying(export: Path, name: str) -> None:
    content = bytearray((export / name).read_bytes())
    content[3] ^= 1
    (export / name).write_bytes(content)
    read_export(export)
    with pytest.raises(EncoderError, match=rf"{name} has SHA-256 \w{{64}}, expected \w{{64}}"):
        verify_export(export)


@pytest.mark.parametrize("name", [GRAPH_FILE, WEIGHTS_FILE, TOKENIZER_FILE, "encoder.json"])
def test_a_missing_file_is_found_on_opening(export: Path, name: str) -> None:
    (export / name).unlink()
    with pytest.raises(EncoderError, match=rf"cannot read it .*{name}"):
        read_export(export)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"format": 1, "files": 3}', "\0"])
def test_a_damaged_description_is_found_on_opening(export: Path, text: str) -> None:
    (export / "encoder.json").write_text(text, encoding="utf-8")
    with pytest.raises(EncoderError, match=r"is damaged: cannot read it .* Delete this folder"):
        read_export(export)


def test_an_export_of_another_format_is_refused(export: Path) -> None:
    path = export / "encoder.json"
    fields = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**fields, "format": 99}), encoding="utf-8")
    with pytest.raises(EncoderError, match=r"format 99, expected 1\."):
        read_export(export)


def test_an_export_that_fails_its_check_leaves_nothing(tmp_path: Path) -> None:
    def refuse(folder: Path) -> None:
        assert verify_export(folder).name == "a model"
        raise EncoderError("other vectors")

    with pytest.raises(EncoderError, match="other vectors"):
        write_export(tmp_path / "abc", _fill_with("first"), refuse)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing_and_is_named(tmp_path: Path) -> None:
    def fill(folder: Path) -> ExportedEncoder:
        (folder / GRAPH_FILE).write_text("half", encoding="utf-8")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(EncoderError, match=r"No space left on device\. .*set DATELINE_CACHE"):
        write_export(tmp_path / "abc", fill, _accept)
    assert list(tmp_path.iterdir()) == []


def test_what_killed_exports_left_is_removed_after_a_day(tmp_path: Path) -> None:
    left, fresh = tmp_path / ".unfinished-old", tmp_path / ".unfinished-new"
    for folder in (left, fresh):
        folder.mkdir()
        (folder / GRAPH_FILE).write_text("half", encoding="utf-8")
    old = time.time() - 90_000
    os.utime(left, (old, old))
    write_export(tmp_path / "abc", _fill_with("first"), _accept)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".unfinished-new", "abc"]


def test_the_process_that_loses_a_race_keeps_what_the_other_wrote(tmp_path: Path) -> None:
    folder = tmp_path / "abc"

    def fill(unfinished: Path) -> ExportedEncoder:
        write_export(folder, _fill_with("first"), _accept)
        return _fill_with("second")(unfinished)

    write_export(folder, fill, _accept)
    assert _content(folder) == "encoder.onnx: first"
    assert [path.name for path in tmp_path.iterdir()] == ["abc"]


def test_the_cache_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    assert cache_folder("encoders", "abc") == tmp_path / "cache" / "encoders" / "abc"


def test_a_relative_cache_is_the_same_for_a_child_that_starts_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_CACHE", "cache")
    assert cache_folder("encoders", "abc") == tmp_path / "cache" / "encoders" / "abc"


def test_without_the_variable_it_is_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATELINE_CACHE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    folder = cache_folder("encoders", "abc")
    assert folder.is_relative_to(tmp_path)
    assert folder.parts[-3:] == ("dateline", "encoders", "abc")


@pytest.fixture
def unwritable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a cache that not even the superuser can make; return the temporary folder."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "file" / "cache"))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return temporary


def test_a_cache_that_cannot_be_written_gives_way_to_a_private_folder(unwritable: Path) -> None:
    private = unwritable / f"dateline-{os.getuid()}"
    assert cache_folder("encoders", "abc") == private / "encoders" / "abc"
    assert private.stat().st_mode & 0o777 == 0o700


def test_a_private_folder_is_used_again(unwritable: Path) -> None:
    assert cache_folder("encoders", "abc") == cache_folder("encoders", "abc")


def test_a_temporary_folder_that_others_can_write_is_refused(unwritable: Path) -> None:
    folder = unwritable / f"dateline-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(EncoderError, match=r"is not private: found drwxrwxrwx .* Set DATELINE_"):
        cache_folder("encoders", "abc")


@pytest.mark.skipif(os.getuid() != 0, reason="only the superuser can give a folder away")
def test_a_temporary_folder_of_another_user_is_refused(unwritable: Path) -> None:
    cache_folder("encoders", "abc")
    os.chown(unwritable / f"dateline-{os.getuid()}", 12345, 12345)
    with pytest.raises(EncoderError, match="owner 12345, expected drwx------ and owner 0"):
        cache_folder("encoders", "abc")


def test_a_link_in_place_of_the_temporary_folder_is_refused(unwritable: Path) -> None:
    elsewhere = unwritable / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (unwritable / f"dateline-{os.getuid()}").symlink_to(elsewhere)
    with pytest.raises(EncoderError, match="is not private: found l"):
        cache_folder("encoders", "abc")


def test_a_temporary_folder_that_cannot_be_made_is_named(unwritable: Path) -> None:
    unwritable.rmdir()
    unwritable.write_text("", encoding="utf-8")
    with pytest.raises(EncoderError, match=r"Cannot use .*: Not a directory\. Set DATELINE_CACHE"):
        cache_folder("encoders", "abc")
