"""Build of hostile files beside a good one, which must be indexed."""

import os
from collections.abc import Sequence
from pathlib import Path

from indexer.build.commit import BuildReport
from indexer.build.pipeline import IndexConfig, build
from indexer.catalog.reader import Catalog
from indexer.storage.manifest import generation_folder
from indexer.storage.verify import verify
from tests.scenarios.hostile.files import KINDS, named, special

GOOD = "Ferry sinks off Harmouth\n\nThe harbour ferry sank on Monday, the mayor of Harmouth said."
SECRETS = ("Secret", "root:")


def build_beside_a_good_file(
    folder: Path, kinds: Sequence[str], only: frozenset[str] | None = None
) -> BuildReport:
    """Build files of some kinds, odd names and special files, and check what was indexed.

    Args:
        folder: is made, and receives articles and index.
        kinds: of `KINDS`.
        only: names of the files to take; None takes all.
    """
    articles = folder / "articles"
    articles.mkdir(parents=True)
    for kind in kinds:
        (articles / kind).mkdir()
        for name, make in KINDS[kind]().items():
            if only is None or name in only:
                (articles / kind / name).write_bytes(make())
    (articles / "good.txt").write_text(GOOD, encoding="utf-8")
    readable, unreadable = named(articles), special(articles)
    report = build(articles, folder / "index", IndexConfig(threads=1))
    assert verify(folder / "index") == []
    with Catalog(generation_folder(folder / "index", 1)) as catalog:
        files = {file.path for file in catalog.files()}
        (found,) = catalog.doc_ids_of("good.txt")
        assert catalog.document(found).text == GOOD
        for text in catalog.article_texts():
            assert not any(secret in text for secret in SECRETS)
    skipped = {skip.path for skip in report.skips}
    assert set(unreadable) <= skipped | {"folder.txt", "up"}
    assert files.isdisjoint(unreadable)
    assert {os.fsencode(name).decode("utf-8", "replace") for name in readable}
    assert not (folder.parent / "up.txt").exists()
    return report
