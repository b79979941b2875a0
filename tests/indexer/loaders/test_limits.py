"""What unpacks to too much, in any respect, is refused while it is unpacked."""

import bz2
import gzip
import json
import lzma

import pytest

from indexer.loaders.limits import UnpackingLimits
from tests.indexer.loaders.formats.test_archives import tarred, zipped
from tests.support.reading_helpers import read

SMALL = UnpackingLimits(depth=2, members=3, size=500_000, ratio=20, ratio_from=5_000)


def test_deeper_than_the_limit_is_refused() -> None:
    content = zipped({"a.txt": b"One.", "b.zip": zipped({"c.zip": zipped({"d.txt": b"Deep."})})})
    found = read(content, "x.zip", limits=SMALL)
    assert found.texts == {"a.txt": "One."}
    assert found.why == ("unpacks to more than the limit", "more than 2 archives within each other")


def test_more_members_than_the_limit_are_refused() -> None:
    for name, content in (("x.zip", zipped), ("x.tar", tarred)):
        found = read(content({f"{n}.txt": b"One." for n in range(9)}), name, limits=SMALL)
        assert list(found.texts) == ["0.txt", "1.txt", "2.txt"]
        assert found.why == ("unpacks to more than the limit", "more than 3 files")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.zip", zipped({"a.txt": b"One.", "bomb.txt": b"a" * 40_000})),
        ("x.tar.gz", gzip.compress(tarred({"a.txt": b"One.", "bomb.txt": b"a" * 40_000}))),
        ("x.jsonl.xz", lzma.compress(b'{"text": "One."}\n' + b" " * 40_000)),
        ("x.jsonl.gz", gzip.compress(b'{"text": "One."}\n' + b"\n" * 40_000)),
        ("x.json.gz", gzip.compress(b'[{"text": "One."},' + b" " * 40_000 + b"1]")),
        ("x.csv.gz", gzip.compress(b"text\nOne.\n" + b"a" * 40_000)),
    ],
)
def test_a_bomb_is_refused_while_it_is_unpacked(name: str, content: bytes) -> None:
    found = read(content, name, limits=SMALL)
    reason, detail = found.why
    assert reason == "unpacks to more than the limit"
    assert f"20 times its {len(content):,} bytes" in detail
    assert set(found.texts.values()) <= {"One."}


def test_the_size_is_limited_whatever_the_ratio() -> None:
    noise = bz2.compress(json.dumps(list(range(40_000))).encode())
    content = zipped({f"{n}.txt": noise for n in range(2)})
    limits = UnpackingLimits(size=len(noise) + 1)
    assert read(content, "x.zip", limits=limits).why[1].startswith("unpacks to more than")
