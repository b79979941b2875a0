"""Hostile files of every kind do no harm to a good one beside them."""

from pathlib import Path

from tests.scenarios.hostile.building import build_beside_a_good_file
from tests.scenarios.hostile.files import KINDS

QUICK = frozenset(
    [
        *("cut.pdf", "flipped.docx", "torn.parquet", "flipped.epub", "cut.warc", "torn.eml"),
        *("lists.json", "quotes.html", "parts.eml", "arrays.pdf", "pages.pdf", "archives.zip"),
        *("zeros.txt.gz", "laughs.rss", "laughs.epub", "file.docx", "file.rss"),
        *("exabytes.tar", "sizes.zip", "length.warc", "count.pdf", "encoding.eml", "words.eml"),
        *("columns.csv", "surrogates.jsonl", "nul.txt", "escapes.txt"),
        *("paths.zip", "paths.tar", "special.tar", "paths.epub", "rows.csv.gz"),
    ]
)


def test_a_good_file_is_indexed_beside_hostile_ones_of_every_kind(tmp_path: Path) -> None:
    report = build_beside_a_good_file(tmp_path, [*KINDS], QUICK)
    reasons = report.skipped
    for expected in ("damaged file", "unpacks to more than the limit", "not a regular file"):
        assert reasons[expected] > 0
    assert not any("Traceback" in skip.detail for skip in report.skips)


def test_there_are_hostile_files_of_every_kind_in_the_selection() -> None:
    for makers in KINDS.values():
        assert QUICK & makers().keys()
    assert {name for makers in KINDS.values() for name in makers()} >= QUICK
    assert sum(len(makers()) for makers in KINDS.values()) >= 130
