"""Helpers for tests of loaders: bytes in, articles and skips out."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.corpus.scan import SkippedFileError
from indexer.documents import Metadata
from indexer.loaders.field_names import Columns
from indexer.loaders.formats.registry import load
from indexer.loaders.limits import Unpacking, UnpackingLimits
from indexer.loaders.protocol import LoadedArticle, Reading, SkippedArticle

DEFAULT_LIMITS = UnpackingLimits()


@dataclass(frozen=True, slots=True)
class Found:
    """Yield of a loader, and why it stopped early if it did."""

    articles: Sequence[LoadedArticle]
    skips: Sequence[SkippedArticle]
    stopped: SkippedFileError | None

    @property
    def texts(self) -> dict[str, str]:
        return {article.key: article.text for article in self.articles}

    @property
    def reasons(self) -> dict[str, str]:
        return {skip.key: skip.reason for skip in self.skips}

    @property
    def only(self) -> LoadedArticle:
        assert self.stopped is None
        assert not self.skips
        (article,) = self.articles
        return article

    @property
    def why(self) -> tuple[str, str]:
        assert self.stopped is not None
        return self.stopped.reason, self.stopped.detail


class Unseekable(io.BytesIO):
    """A stream as a compressed one gives it: read from its beginning to its end."""

    def seekable(self) -> bool:
        return False

    def seek(self, position: int, whence: int = 0) -> int:
        raise io.UnsupportedOperation("seek")


def read(
    content: bytes,
    name: str,
    *,
    columns: str = "",
    max_bytes: int = 1_000_000,
    limits: UnpackingLimits = DEFAULT_LIMITS,
    seekable: bool = True,
) -> Found:
    """Read bytes under a name as a build would, up to the end or the error that stops it."""
    stream = io.BytesIO(content) if seekable else Unseekable(content)
    mapped = Columns.parse(columns) if columns else Columns()
    reading = Reading(mapped, max_bytes, Unpacking(len(content), limits))
    articles: list[LoadedArticle] = []
    skips: list[SkippedArticle] = []
    try:
        for loaded in load(stream, name, reading):
            if isinstance(loaded, LoadedArticle):
                articles.append(loaded)
            else:
                skips.append(loaded)
    except SkippedFileError as error:
        return Found(articles, skips, error)
    return Found(articles, skips, None)


def values(given: Metadata) -> dict[str, object]:
    """Return what a format said, without where; absent fields are left out."""
    found: dict[str, object] = {
        name: finding.value
        for name in ("title", "source", "published", "url", "modified", "language")
        if (finding := getattr(given, name)) is not None
    }
    if given.authors:
        found["authors"] = [author.value for author in given.authors]
    return found
