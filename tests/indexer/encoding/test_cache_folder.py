import os
import tempfile
from pathlib import Path

import pytest

from indexer.encoding.cache_folder import cache_folder, private_folder
from indexer.errors import EncoderError

UNUSABLE = Path("/unusable")


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


def test_a_private_folder_is_used_again(tmp_path: Path) -> None:
    assert private_folder(tmp_path, UNUSABLE) == private_folder(tmp_path, UNUSABLE)


def test_a_temporary_folder_that_others_can_write_is_refused(unwritable: Path) -> None:
    folder = unwritable / f"dateline-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(EncoderError, match=r"is not private: found drwxrwxrwx .*set DATELINE_"):
        cache_folder("encoders", "abc")


@pytest.mark.skipif(os.getuid() != 0, reason="only the superuser can give a folder away")
def test_a_temporary_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    folder = private_folder(tmp_path, UNUSABLE)
    os.chown(folder, 12345, 12345)
    with pytest.raises(EncoderError, match="owner 12345, expected drwx------ and owner 0"):
        private_folder(tmp_path, UNUSABLE)


def test_a_link_in_place_of_the_temporary_folder_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (tmp_path / f"dateline-{os.getuid()}").symlink_to(elsewhere)
    with pytest.raises(EncoderError, match="is not private: found l"):
        private_folder(tmp_path, UNUSABLE)


def test_a_temporary_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    parent = tmp_path / "file"
    parent.write_text("", encoding="utf-8")
    with pytest.raises(EncoderError, match=r"cannot be used: Not a directory.* set DATELINE_CACHE"):
        private_folder(parent, UNUSABLE)
