"""What has changed in a corpus since its index was built? Articles, by their paths and content.

In: the live generation, and what was read now. Out: how many articles came, went, moved or changed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from indexer.build.reading import ReadingLog
from indexer.catalog.keys import text_key
from indexer.catalog.reader import Catalog
from indexer.catalog.staging import Staging
from indexer.corpus.scan import Corpus, Skip


@dataclass(frozen=True, slots=True)
class LostFile:
    """A file or folder whose articles are gone although it is there: it could not be read."""

    path: str
    reason: str
    articles: int


@dataclass(frozen=True, slots=True)
class Changes:
    """How many articles differ from an index of `before` articles.

    `renamed` are those whose whole text has left one path and come to another; neither `added` nor
    `deleted` counts them. `changed` are those of the same path with another text, or of which
    something else is known now (title, outlet, date …). The articles of `lost` are `deleted` too.
    """

    before: int
    added: int = 0
    changed: int = 0
    deleted: int = 0
    renamed: int = 0
    lost: tuple[LostFile, ...] = ()


def moved_articles(staging: Staging, log: ReadingLog, corpus: Corpus, live: Catalog) -> Changes:
    """Return which articles came and went; those that stayed are not compared.

    Args:
        staging: every article that was read.
        log: of the same reading.
        corpus: the scanned corpus.
        live: the catalog of the live generation.
    """
    gone = set(live.doc_ids())
    come: list[str] = []
    for doc_id in staging.doc_ids():
        if doc_id in gone:
            gone.remove(doc_id)
        else:
            come.append(doc_id)
    arrived = Counter(text_key(staging.text(doc_id)) for doc_id in come)
    renamed, deleted = 0, Counter[str]()
    for file, text in live.file_texts(sorted(gone)):
        key = text_key(text)
        if arrived[key]:
            arrived[key] -= 1
            renamed += 1
        else:
            deleted[file] += 1
    return Changes(
        before=live.documents,
        added=len(come) - renamed,
        deleted=deleted.total(),
        renamed=renamed,
        lost=tuple(_lost(deleted, [*corpus.skips, *log.skips])),
    )


def _lost(deleted: Mapping[str, int], skips: Sequence[Skip]) -> Iterator[LostFile]:
    """Yield what was skipped now and held articles before: a file, or a folder of files."""
    reasons = {skip.path: skip.reason for skip in skips}
    lost = Counter[str]()
    for file, articles in deleted.items():
        place = next((path for path in _upwards(file) if path in reasons), None)
        if place is not None:
            lost[place] += articles
    for path, articles in sorted(lost.items()):
        yield LostFile(path, reasons[path], articles)


def _upwards(file: str) -> Iterable[str]:
    """Return a path and the folders that it lies in.

    >>> list(_upwards("a/b/c.txt"))
    ['a/b/c.txt', 'a/b', 'a']
    """
    path = PurePosixPath(file)
    return [str(path), *map(str, path.parents)][:-1]
