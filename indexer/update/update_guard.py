"""May an update delete so much? What vanishes at once is more often a lost disk than a decision."""

from collections.abc import Callable
from pathlib import Path

from indexer.build.reading import ReadingLog
from indexer.catalog.reader import Catalog
from indexer.catalog.staging import Staging
from indexer.corpus.roots import CorpusRoots
from indexer.corpus.scan import Corpus
from indexer.errors import CorpusError
from indexer.update.changes import Changes, moved_articles

MOST_DELETED = 0.5
"""The share of the articles that may go without being asked for; renamed ones do not count."""

Confirm = Callable[[Changes], bool]


def refuse(_: Changes) -> bool:
    """Confirm nothing: what nobody has allowed is refused."""
    return False


class Guard:
    """Looks at what was read, and refuses an update that would lose too much.

    `changes` is what it found: the articles that came and went.

    Args:
        live: the folder of the live generation.
        corpus: the scanned corpus.
        allow_empty: whether the last article may go.
        confirm: is asked whether more than half of the articles may go.
    """

    def __init__(self, live: Path, corpus: Corpus, *, allow_empty: bool, confirm: Confirm) -> None:
        self.changes = Changes(0)
        self._live = live
        self._corpus = corpus
        self._allow_empty = allow_empty
        self._confirm = confirm

    def __call__(self, staging: Staging, log: ReadingLog) -> None:
        """Look at everything that was read.

        Raises:
            CorpusError: when too much is gone.
        """
        with Catalog(self._live) as live:
            self.changes = found = moved_articles(staging, log, self._corpus, live)
        roots = self._corpus.roots
        if not found.before:
            return
        if not staging.count:
            if not self._allow_empty:
                raise _emptied(roots, found)
        elif found.deleted > MOST_DELETED * found.before and not self._confirm(found):
            raise _shrunk(roots, found)


def loss_in_words(changes: Changes) -> str:
    """Say how many articles are gone, and because of which files.

    >>> loss_in_words(Changes(4, deleted=3))
    '3 of 4 articles are gone'
    """
    said = f"{changes.deleted:,} of {changes.before:,} articles are gone"
    if not changes.lost:
        return said
    lost = changes.lost[0]
    unread = sum(each.articles for each in changes.lost)
    return f"{said}, {unread:,} of them unread, the first in {lost.path}: {lost.reason}"


def _emptied(roots: CorpusRoots, changes: Changes) -> CorpusError:
    return CorpusError(
        f"no article is left in {roots}: {loss_in_words(changes)}; expected at least one. The "
        "live index is untouched. Mount the disk, or name the place where the articles are now "
        "with --corpus; if there are really none any more, add --allow-empty"
    )


def _shrunk(roots: CorpusRoots, changes: Changes) -> CorpusError:
    return CorpusError(
        f"too much would be deleted: {loss_in_words(changes)} from {roots}; expected at most half "
        "of them. The live index is untouched. Mount the disk, or name the place where the "
        "articles are now with --corpus; if they are really to be deleted, add --yes"
    )
