"""An index made by somebody else: its manifest is well formed or refused, and obeyed in nothing."""

import copy
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.cli.report import format_info, index_info
from indexer.errors import DatelineError, IndexFormatError
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import MANIFEST_FILE, checksum_of, read_manifest
from indexer.storage.notes import language_note
from indexer.storage.verify import verify
from indexer.text.printable import printable
from tests.support.builders import entry, write_index

ODD: tuple[object, ...] = (
    *(None, True, -1, 0, 1.5, 10**30, math.nan, -math.inf, 1e308),
    *("", "1", "../../etc/passwd", "/etc/passwd", "a\0b", "\ud800", "\x1b[31m\x9b2J\u202e"),
    *([], {}, ["x"], {"x": 1}, [[[]]], "x" * 100_000),
)
Way = tuple[str | int, ...]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    write_index(tmp_path / "index", [entry("a.txt", "One. Two.", language="de")])
    return tmp_path / "index"


def fields_of(index: Path) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads((index / MANIFEST_FILE).read_text())
    del fields["checksum"]
    return fields


def write(index: Path, fields: object) -> None:
    """Write a manifest as a forger would: with the checksum that it must have."""
    stored = {"checksum": checksum_of(fields), **fields}  # type: ignore[arg-type,dict-item] # any
    (index / MANIFEST_FILE).write_text(json.dumps(stored))


def places(value: object, path: Way = ()) -> Iterator[Way]:
    """Yield the way to every field, and to the first item of every list."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, each in value.items():
            yield from places(each, (*path, name))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*path, 0))


def changed(fields: dict[str, Any], path: Way, odd: object) -> dict[str, Any]:
    found: Any = copy.deepcopy(fields)
    parent = found
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = odd
    return dict(found)


def use(index: Path) -> str:
    manifest = read_manifest(index)
    with LocalStore(index, manifest):
        language_note(manifest)
        return format_info(index_info(index))


def test_any_value_in_any_field_is_used_or_refused_in_one_line(index: Path) -> None:
    fields = fields_of(index)
    fields["vector_lists"] = {"lists": 4, "probes": 2, "recall": 0.99, "sampled": 9}
    fields["skipped"] = {"empty file": 1}
    refused, tried = 0, 0
    for path in places(fields):
        for odd in ODD:
            write(index, changed(fields, path, odd))
            tried += 1
            try:
                shown = use(index)
                assert shown == printable(shown), (path, odd)
            except DatelineError:
                refused += 1
    assert tried > 500
    assert refused > 0.8 * tried


@pytest.mark.parametrize(
    ("name", "odd", "message"),
    [
        ("generation", 1.5, r"Expected `int`, got `float` - at `\$.generation`"),
        ("documents", "x", r"Expected `int`, got `str` - at `\$.documents`"),
        ("languages", [], r"Expected `object`, got `array` - at `\$.languages`"),
        ("passages", -1, "passages is -1"),
        ("generation", 2**60, "generation is 1152921504606846976"),
        ("corpus_sha256", "00aa", "corpus_sha256 is '00aa'"),
        ("bm25", "lucene", r"Invalid enum value 'lucene' - at `\$.bm25`"),
        (
            "files",
            [{"path": "../key", "size": 1, "sha256": "0" * 64}],
            "files.path is '../key'",
        ),
        ("roots", {"roots": [{"path": "a\0b"}]}, r"roots.roots.path is 'a\\x00b'"),
    ],
)
def test_a_wrong_field_is_named(index: Path, name: str, odd: object, message: str) -> None:
    write(index, {**fields_of(index), name: odd})
    with pytest.raises(IndexFormatError, match=f"a field is missing or wrong: .*{message}"):
        read_manifest(index)


def test_a_flipped_bit_in_the_maps_of_rows_is_noticed_on_opening(index: Path) -> None:
    manifest = read_manifest(index)
    for name in ("documents.bin", "places.bin"):
        path = index / "000001" / name
        whole = path.read_bytes()
        for position in range(len(whole)):
            path.write_bytes(
                whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :]
            )
            with pytest.raises(IndexFormatError, match=f"{name} does not match its hash"):
                LocalStore(index, manifest)
        path.write_bytes(whole)
    LocalStore(index, manifest).close()


def test_a_map_of_rows_that_the_manifest_does_not_name_is_not_opened(index: Path) -> None:
    fields = fields_of(index)
    fields["files"] = [file for file in fields["files"] if file["path"] != "places.bin"]
    write(index, fields)
    with pytest.raises(IndexFormatError, match=r"places\.bin does not belong to the index"):
        LocalStore(index, read_manifest(index))
    assert verify(index) == ["places.bin does not belong to the index"]


def test_a_manifest_of_nested_lists_is_damaged(index: Path) -> None:
    (index / MANIFEST_FILE).write_text("[" * 100_000)
    with pytest.raises(IndexFormatError, match="is damaged"):
        read_manifest(index)
