"""An index with random vectors is one like any other, but nothing was encoded."""

from pathlib import Path

import pytest

from benchmarks.building import write_articles
from benchmarks.random_vectors import build_with_random_vectors
from indexer.errors import UsageError
from indexer.storage.verify import verify


def test_every_passage_has_a_vector_that_was_not_encoded(tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 4)
    report = build_with_random_vectors([tmp_path / "news"], tmp_path / "index", limit=3)
    assert (report.manifest.documents, report.encoded) == (3, 0)
    assert report.manifest.passages > 3
    assert verify(tmp_path / "index") == []
    with pytest.raises(UsageError, match=r"index exists\. Remove it"):
        build_with_random_vectors([tmp_path / "news"], tmp_path / "index")
