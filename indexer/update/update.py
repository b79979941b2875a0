"""Update of an index: a build of its corpus, refused when it would delete too much."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.build.commit import BuildReport
from indexer.build.generation import IndexConfig
from indexer.build.pipeline import bring_up_to_date
from indexer.build.reading import ReadingLog
from indexer.build.reuse import LiveGeneration
from indexer.catalog.previous import count_changed
from indexer.catalog.reader import Catalog
from indexer.catalog.staging import Staging
from indexer.corpus.roots import CorpusRoots
from indexer.corpus.scan import Corpus, scan
from indexer.errors import CorpusError, IndexFormatError, build_command
from indexer.loaders.formats.registry import SUFFIXES
from indexer.metadata.told import Rule
from indexer.progress import Progress
from indexer.storage.lock import writer_lock
from indexer.storage.manifest import Manifest, generation_folder, read_manifest
from indexer.update.changes import Changes, moved_articles

MOST_DELETED = 0.5
"""Share of the articles that may be deleted unasked; renamed ones do not count."""

Confirm = Callable[[Changes], bool]

_REMEDY = (
    "The index is unchanged. If the disk is not mounted, mount it; if the articles moved, give "
    "their new location with --corpus"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateConfig:
    """Settings of an update.

    `corpus` says where the articles are now, when they have moved: as many places as the index was
    built from. `allow_empty` permits deleting the last article, `allow_deletions` more than half of
    them. `threads` None means every core. The others change the settings of the index: `encoding`
    and `outlet_from` replace it (None keeps it), `rules` are added.
    """

    corpus: tuple[Path, ...] = ()
    allow_empty: bool = False
    allow_deletions: bool = False
    threads: int | None = None
    encoding: str | None = None
    outlet_from: str | None = None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """Result of an update: how the articles had changed, and what was built of them."""

    changes: Changes
    build: BuildReport


DEFAULT_UPDATE = UpdateConfig()


def refuse(_: Changes) -> bool:
    """Confirm nothing."""
    return False


def update(
    index: Path,
    config: UpdateConfig = DEFAULT_UPDATE,
    *,
    progress: Progress | None = None,
    confirm: Confirm = refuse,
) -> UpdateReport:
    """Bring an index up to date with its corpus; unchanged passages are not re-encoded.

    Corpus, settings, encoder and BM25 engine are those of the live generation, which stays live
    and untouched when this fails or is refused.

    Args:
        index: the index folder.
        config: where the corpus is now, and what may be deleted.
        progress: is told about stages; None shows nothing.
        confirm: is asked whether to delete more than half of the articles; refuses by default.

    Raises:
        CorpusError: when the corpus is missing, empty, or has lost too much.
        IndexNotFoundError: when there is no index.
        IndexFormatError: when it is damaged or of another format version.
        IndexLockedError: when another process is writing this index.
        IndexWriteError: when the index cannot be written.
        EncoderError: when the encoder is missing or altered.
    """
    begun = time.perf_counter()
    read_manifest(index)  # a lock is only made where there is an index
    with writer_lock(index):
        live = LiveGeneration(index, read_manifest(index))
        _check_intact(live)
        corpus = scan_corpus(index, live.manifest, config)
        guard = _DeletionGuard(live, corpus, config, confirm)
        built = bring_up_to_date(
            index,
            live,
            corpus,
            _as_built(live.manifest, config),
            progress,
            guard,
            begun=begun,
        )
        if built.unchanged:
            return UpdateReport(guard.changes, built)
        folder = generation_folder(index, built.manifest.generation)
        changed = count_changed(folder, live.folder)
        return UpdateReport(replace(guard.changes, changed=changed), built)


def scan_corpus(index: Path, live: Manifest, config: UpdateConfig) -> Corpus:
    """List the corpus where it was, or where it is now by `config`.

    Raises:
        CorpusError: when a place is gone or cannot be listed, or too few or many are given.
    """
    roots = live.roots.moved(config.corpus) if config.corpus else live.roots
    for path in roots.paths:
        if _is_gone(Path(path)):
            raise CorpusError(
                f"Folder not found: {Path(path).absolute()} (the articles of index {index}). "
                f"{_REMEDY}, once for each folder that was built"
            )
    return scan(roots, SUFFIXES, ignored=index)


def format_loss(changes: Changes) -> str:
    """Describe how many articles are missing, and because of which files.

    >>> format_loss(Changes(4, deleted=3))
    '3 of 4 articles are missing'
    """
    counts = f"{changes.deleted:,} of {changes.before:,} articles are missing"
    if not changes.lost:
        return counts
    lost = changes.lost[0]
    unread = sum(each.articles for each in changes.lost)
    return f"{counts}, {unread:,} of them unread, the first in {lost.path}: {lost.reason}"


class _DeletionGuard:
    """Refusal of updates that delete more than half of the articles: usually an unmounted disk.

    `changes` is what it found.
    """

    def __init__(
        self, live: LiveGeneration, corpus: Corpus, config: UpdateConfig, confirm: Confirm
    ) -> None:
        self.changes = Changes(live.manifest.documents)
        self._live = live
        self._corpus = corpus
        self._config = config
        self._confirm = confirm

    def __call__(self, staging: Staging, log: ReadingLog) -> None:
        """Check everything that was read.

        Raises:
            CorpusError: when too much is missing.
        """
        with Catalog(self._live.folder) as live:
            self.changes = found = moved_articles(staging, log, self._corpus, live)
        if not found.before:
            return
        if not staging.count:
            if not self._config.allow_empty:
                raise _emptied(self._corpus.roots, found)
        elif found.deleted > MOST_DELETED * found.before and not (
            self._config.allow_deletions or self._confirm(found)
        ):
            raise _shrunk(self._corpus.roots, found)


def _as_built(live: Manifest, config: UpdateConfig) -> IndexConfig:
    """Return how an index was built, for its next generation, with what the update changes."""
    before = live.settings
    told = before.told.changed(config.outlet_from, config.rules)
    encoding = before.encoding if config.encoding is None else config.encoding
    return IndexConfig(
        encoder=live.encoder.name,
        is_encoder_named=False,
        bm25=live.bm25,
        threads=config.threads,
        settings=replace(before, encoding=encoding, told=told),
    )


def _check_intact(live: LiveGeneration) -> None:
    """Refuse a damaged index: what has changed since cannot be told from it."""
    if problems := live.damage:
        more = f" and {len(problems) - 1:,} more" if len(problems) > 1 else ""
        raise IndexFormatError(
            f"The index at {live.index} is damaged: {problems[0]}{more}. Build it again: "
            f"{build_command(live.manifest.roots.paths, live.index)}"
        )


def _is_gone(path: Path) -> bool:
    """Tell whether nothing is there; other errors are raised by listing it."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _emptied(roots: CorpusRoots, changes: Changes) -> CorpusError:
    return CorpusError(
        f"Not updated: no article is left in {roots} ({format_loss(changes)}). {_REMEDY}; to "
        "delete them all, add --allow-empty"
    )


def _shrunk(roots: CorpusRoots, changes: Changes) -> CorpusError:
    return CorpusError(
        f"Not updated: more than half of the articles would be deleted from {roots} "
        f"({format_loss(changes)}). {_REMEDY}; to delete them, add --yes"
    )
