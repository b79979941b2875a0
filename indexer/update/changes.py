"""Counts of the articles that an update adds, changes, deletes and renames."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from indexer.build.reading import ReadingLog
from indexer.catalog.keys import text_key
from indexer.catalog.reader import Catalog
from indexer.catalog.staging import Staging
from indexer.corpus.scan import Corpus, Skip


@dataclass(frozen=True, slots=True)
class LostFile:
    """File or folder whose articles are missing because it could not be read."""

    path: str
    reason: str
    articles: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Differences between a corpus and its index of `before` articles, in articles.

    `renamed` ones have the same text under another path, and are neither `added` nor `deleted`;
    `changed` ones have another text or other metadata under the same path. Those of `lost` files
    are `deleted` too.
    """

    before: int
    added: int = 0
    changed: int = 0
    deleted: int = 0
    renamed: int = 0
    lost: tuple[LostFile, ...] = ()


def moved_articles(staging: Staging, log: ReadingLog, corpus: Corpus, live: Catalog) -> Changes:
    """Count added, deleted and renamed articles; those of the same path are not compared.

    Args:
        staging: every article that was read.
        log: of the same reading.
        corpus: the scanned corpus.
        live: the catalog of the live generation.
    """
    before, now = set(live.doc_ids()), set(staging.doc_ids())
    arrived = Counter(text_key(staging.text(doc_id)) for doc_id in now - before)
    renamed, deleted = 0, Counter[str]()
    for file, text in live.file_texts(sorted(before - now)):
        key = text_key(text)
        if arrived[key]:
            arrived[key] -= 1
            renamed += 1
        else:
            deleted[file] += 1
    return Changes(
        before=live.documents,
        added=len(now - before) - renamed,
        deleted=deleted.total(),
        renamed=renamed,
        lost=tuple(_lost(deleted, [*corpus.skips, *log.skips])),
    )


def _lost(deleted: Mapping[str, int], skips: Sequence[Skip]) -> Iterator[LostFile]:
    """Yield the files and folders that held articles and were skipped now."""
    reasons = {skip.path: skip.reason for skip in skips}
    lost = Counter[str]()
    for file, articles in deleted.items():
        skipped = next((path for path in _with_parents(file) if path in reasons), None)
        if skipped is not None:
            lost[skipped] += articles
    for path, articles in sorted(lost.items()):
        yield LostFile(path, reasons[path], articles)


def _with_parents(file: str) -> list[str]:
    """Return a path and its parent folders.

    >>> _with_parents("a/b/c.txt")
    ['a/b/c.txt', 'a/b', 'a']
    """
    path = PurePosixPath(file)
    return [str(path), *map(str, path.parents)][:-1]
