"""The manifest is the only commit point, and every change of it or its files is noticed."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.corpus.roots import CorpusRoots
from indexer.errors import IndexFormatError, IndexNotFoundError
from indexer.loaders.field_names import Columns
from indexer.storage.manifest import (
    FORMAT_VERSION,
    MANIFEST_FILE,
    IndexedFile,
    Manifest,
    check_files,
    damaged_files,
    generation_folder,
    generations_on_disk,
    hash_files,
    read_manifest,
    sync_tree,
    write_manifest,
)
from indexer.storage.read_settings import ReadSettings
from tests.support.builders import entry, write_index


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    return write_index(tmp_path, [entry("a.txt", "One. Two."), entry("b.txt", "Three.")])


def flip(path: Path, position: int) -> None:
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


def test_a_manifest_comes_back_as_it_was_written(tmp_path: Path, manifest: Manifest) -> None:
    found = replace(
        manifest,
        roots=CorpusRoots.of([Path("Zeitung/Ü"), Path("export.csv")]),
        settings=ReadSettings(Columns.parse("text=body,title=kop"), 5_000, 20),
        skipped={"empty file": 2},
        removed={"navigation": 9},
        languages={"de": 1},
    )
    write_manifest(tmp_path, found)
    assert read_manifest(tmp_path) == found


def test_replacing_a_manifest_leaves_no_other_file(tmp_path: Path, manifest: Manifest) -> None:
    (tmp_path / f"{MANIFEST_FILE}.new").write_text("left by a build that was killed")
    write_manifest(tmp_path, replace(manifest, generation=2))
    assert read_manifest(tmp_path).generation == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000001", MANIFEST_FILE]


def test_a_flipped_bit_anywhere_in_a_manifest_is_noticed(
    tmp_path: Path, manifest: Manifest
) -> None:
    path = tmp_path / MANIFEST_FILE
    whole = path.read_bytes().rstrip()
    for position in range(0, len(whole), 7):
        path.write_bytes(whole)
        flip(path, position)
        with pytest.raises(IndexFormatError, match=r"is damaged|has format [02];"):
            read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"is damaged: .*manifest\.json cannot be read \(Expecting value"),
        ("{", "is damaged"),
        ("[]", "a field is missing or wrong"),
        ("null", "a field is missing or wrong"),
        (f'{{"format": {FORMAT_VERSION}}}', "a field is missing or wrong: 'checksum'"),
        ('{"format": 1}', f"has format 1; this version reads {FORMAT_VERSION}"),
        (
            f'{{"format": {FORMAT_VERSION}, "checksum": "?"}}',
            "python -m indexer build CORPUS --index",
        ),
        (
            f'{{"format": {FORMAT_VERSION}, "checksum": "0"}}',
            "does not match its checksum",
        ),
    ],
)
def test_a_damaged_or_foreign_manifest_says_what_to_do(
    tmp_path: Path, content: str, message: str
) -> None:
    (tmp_path / MANIFEST_FILE).write_text(content)
    with pytest.raises(IndexFormatError, match=message):
        read_manifest(tmp_path)


def test_bytes_that_are_no_text_are_a_damaged_manifest(tmp_path: Path) -> None:
    (tmp_path / MANIFEST_FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(IndexFormatError, match="is damaged"):
        read_manifest(tmp_path)


def test_a_cut_manifest_is_damaged_at_every_length(tmp_path: Path, manifest: Manifest) -> None:
    path = tmp_path / MANIFEST_FILE
    whole = path.read_bytes()
    for length in range(0, len(whole) - 2, 97):
        path.write_bytes(whole[:length])
        with pytest.raises(IndexFormatError, match="is damaged"):
            read_manifest(tmp_path)


def test_no_index_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match=r"No index found at .*new\. Build it: python -m"):
        read_manifest(tmp_path / "new")
    with pytest.raises(IndexNotFoundError, match="No index found at"):
        read_manifest(tmp_path)


def test_a_file_in_the_place_of_an_index_is_named(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("notes")
    with pytest.raises(IndexNotFoundError, match="is a file, not an index folder"):
        read_manifest(tmp_path / "index")


def test_a_manifest_that_is_a_folder_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / MANIFEST_FILE).mkdir()
    with pytest.raises(IndexNotFoundError, match="cannot be read: Is a directory"):
        read_manifest(tmp_path)


def test_the_folder_of_a_generation_has_six_digits(tmp_path: Path) -> None:
    assert generation_folder(tmp_path, 3) == tmp_path / "000003"
    assert generation_folder(tmp_path, 12345678) == tmp_path / "12345678"


def test_generations_are_the_folders_named_by_numbers(tmp_path: Path) -> None:
    for name in ("000010", "000002", "notes", "١٢", "1a"):
        (tmp_path / name).mkdir()
    (tmp_path / "000007").write_text("a file")
    assert generations_on_disk(tmp_path) == [2, 10]


def test_files_are_hashed_sorted_and_locks_left_out(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x").write_bytes(b"abc")
    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "b" / ".tantivy-writer.lock").write_bytes(b"")
    assert hash_files(tmp_path) == (
        IndexedFile("a", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        IndexedFile("b/x", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    )


def test_syncing_changes_nothing(tmp_path: Path, manifest: Manifest) -> None:
    sync_tree(generation_folder(tmp_path, 1))
    assert hash_files(generation_folder(tmp_path, 1)) == manifest.files


def test_a_whole_index_has_no_damage(tmp_path: Path, manifest: Manifest) -> None:
    check_files(tmp_path, manifest)
    assert damaged_files(tmp_path, manifest) == []
    assert {file.path.split("/")[0] for file in manifest.files} == {
        "bm25",
        "bm25-articles",
        "catalog.sqlite",
        "documents.bin",
        "places.bin",
        "vectors.faiss",
    }


def test_each_file_that_is_cut_or_gone_is_noticed_on_opening(
    tmp_path: Path, manifest: Manifest
) -> None:
    for file in manifest.files:
        path = generation_folder(tmp_path, 1) / file.path
        whole = path.read_bytes()
        path.write_bytes(whole[:-1])
        with pytest.raises(IndexFormatError, match=f"is damaged: .*{path.name} has") as cut:
            check_files(tmp_path, manifest)
        path.unlink()
        with pytest.raises(IndexFormatError, match=f"is damaged: .*{path.name} is missing"):
            check_files(tmp_path, manifest)
        path.write_bytes(whole)
        assert str(cut.value).endswith(f"python -m indexer build articles --index {tmp_path}")


def test_each_flipped_bit_is_found_by_hashing(tmp_path: Path, manifest: Manifest) -> None:
    for file in manifest.files:
        path = generation_folder(tmp_path, 1) / file.path
        flip(path, file.size // 2)
        if file.path in ("documents.bin", "places.bin"):
            with pytest.raises(IndexFormatError, match="does not match its hash"):
                check_files(tmp_path, manifest)
        else:
            check_files(tmp_path, manifest)
        (problem,) = damaged_files(tmp_path, manifest)
        assert problem.startswith(f"{file.path} has SHA-256 ")
        assert problem.endswith(f"expected {file.sha256[:12]}… and {file.size:,}")
        flip(path, file.size // 2)
    assert damaged_files(tmp_path, manifest) == []


def test_missing_and_foreign_files_are_named(tmp_path: Path, manifest: Manifest) -> None:
    folder = generation_folder(tmp_path, 1)
    (folder / "vectors.faiss").unlink()
    (folder / "notes.txt").write_text("mine")
    assert damaged_files(tmp_path, manifest) == [
        "vectors.faiss is missing",
        "notes.txt does not belong to the index",
    ]


def test_a_missing_generation_is_damage_of_every_file(tmp_path: Path, manifest: Manifest) -> None:
    gone = replace(manifest, generation=7)
    assert damaged_files(tmp_path, gone) == [f"{file.path} is missing" for file in manifest.files]


def test_the_format_is_four() -> None:
    assert FORMAT_VERSION == 4


def test_only_the_owner_may_enter_the_bm25_folder(tmp_path: Path, manifest: Manifest) -> None:
    mode = (generation_folder(tmp_path, 1) / "bm25").stat().st_mode
    assert stat.S_IMODE(mode) == 0o700
