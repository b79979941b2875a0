"""What of a file is indexed? Its articles, cleaned as a build would.

One file does not show what its outlet prints under everything: those lines come from an index that
has learned them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from indexer.article_work import located
from indexer.catalog import Catalog
from indexer.cleaning import clean
from indexer.documents import NO_METADATA, Metadata, Region
from indexer.errors import CorpusError
from indexer.loaders import (
    BY_CONVENTION,
    Columns,
    CorpusFile,
    Loaded,
    LoadedArticle,
    Reading,
    SkippedFileError,
    Unpacking,
    load,
    loader_of,
)
from indexer.loaders.corpus import SPECIAL
from indexer.loaders.opening import check_size, opened
from indexer.loaders.protocol import MAX_FILE_BYTES
from indexer.loaders.text import check_text
from indexer.manifest import generation_folder, read_manifest
from indexer.metadata import find_metadata
from indexer.outlet_keys import outlet_key
from indexer.recurring_lines import RecurringLines
from indexer.roots import CorpusRoots

_LISTED_KEYS = 5


@dataclass(frozen=True, slots=True)
class CleanedArticle:
    """An article of a file: its name, its text, what is known of it, and what cleaning keeps."""

    name: str
    text: str = field(repr=False)
    regions: tuple[Region, ...]
    metadata: Metadata = NO_METADATA
    of_many: bool = False


@dataclass(frozen=True, slots=True)
class Learned:
    """The lines that an index knows to recur, and where its corpus lies."""

    lines: RecurringLines
    roots: CorpusRoots | None = None

    @classmethod
    def of(cls, index: Path) -> "Learned":
        """Return what an index has learned.

        Raises:
            IndexNotFoundError: when there is no index.
            IndexFormatError: when it is damaged.
        """
        manifest = read_manifest(index)
        with Catalog(generation_folder(index, manifest.generation)) as catalog:
            return cls(catalog.recurring_lines(), manifest.roots)

    def outlet(self, place: Path, article: LoadedArticle) -> str:
        """Return under which name the index counts the lines of an article."""
        file = (self.roots.known_as(place) if self.roots else None) or place.name
        path = f"{file}#{article.key}" if article.key else file
        return outlet_key(path, file, article.given)


NOTHING_LEARNED = Learned(RecurringLines())


def clean_file(
    path: Path,
    columns: Columns = BY_CONVENTION,
    learned: Learned = NOTHING_LEARNED,
    on_skip: Callable[[str], None] = lambda _: None,
) -> Iterator[CleanedArticle]:
    """Yield the articles of a file, cleaned.

    Args:
        path: a file; for one article of a file of many, its path as a citation shows it:
            `export.jsonl#17`.
        columns: which column is which field, in a table.
        learned: lines that recur.
        on_skip: is told of each row, page or member that is no article, and why.

    Raises:
        CorpusError: when the file cannot be read, or has no such article or none at all.
    """
    place, key = _place_and_key(path)
    skipped: SkippedFileError | None = None
    count = 0
    with _reading(path, place, columns) as loaded:
        for each in [_with_key(_articles(loaded), key)] if key else loaded:
            name = f"{place.name}#{each.key}" if each.key else place.name
            try:
                article = _checked(each)
            except SkippedFileError as skip:
                skipped = skipped or skip
                if each.key:
                    on_skip(f"{name}: {skip}")
                continue
            yield _cleaned(place, name, article, learned)
            count += 1
        if not count:
            raise skipped or SkippedFileError("not one article", "it holds none")


def read_article(path: Path, columns: Columns = BY_CONVENTION) -> LoadedArticle:
    """Read one article again from its file.

    Args:
        path: as in `clean_file`.
        columns: which column is which field, in a table.

    Raises:
        CorpusError: when the file cannot be read, has no such article, or has several.
    """
    place, key = _place_and_key(path)
    with _reading(path, place, columns) as loaded:
        articles = _articles(loaded)
        article = _only(articles) if not key else _with_key(articles, key)
        check_text(article.text)
        return article


def _place_and_key(path: Path) -> tuple[Path, str]:
    """Cut a path at the `#` behind which the article of a file is named, if any."""
    name = str(path)
    cuts = [i for i, character in enumerate(name) if character == "#"]
    for cut in reversed([*cuts, len(name)]):
        if Path(name[:cut]).is_file():
            return Path(name[:cut]), name[cut + 1 :]
    return path, ""


@contextmanager
def _reading(path: Path, place: Path, columns: Columns) -> Iterator[Iterator[Loaded]]:
    """Open a file that the user named and load it; whatever is wrong with it is a CorpusError."""
    try:
        # The user named this file: a link is followed here, as it is nowhere in a corpus.
        found = place.resolve(strict=True)
        if not found.is_file():
            raise SkippedFileError(SPECIAL)
        status = found.stat()
        file = CorpusFile(place.name, status.st_size, status.st_mtime_ns)
        if not loader_of(file.path).streams:
            check_size(file, MAX_FILE_BYTES)
        with opened(found, file) as stream:
            yield load(stream, file.path, Reading(columns, MAX_FILE_BYTES, Unpacking(file.size)))
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CorpusError(f"{place} cannot be read: {reason}. Name a file of articles") from error
    except SkippedFileError as error:
        raise CorpusError(f"{path} cannot be indexed: {error}. Name a file of articles") from error


def _articles(loaded: Iterator[Loaded]) -> Iterator[LoadedArticle]:
    return (each for each in loaded if isinstance(each, LoadedArticle))


def _checked(loaded: Loaded) -> LoadedArticle:
    """Return an article that a build would take; whatever else is a SkippedFileError."""
    if not isinstance(loaded, LoadedArticle):
        raise SkippedFileError(loaded.reason, loaded.detail)
    check_text(loaded.text)
    return loaded


def _cleaned(place: Path, name: str, article: LoadedArticle, learned: Learned) -> CleanedArticle:
    lines = learned.lines.of(learned.outlet(place, article))
    cleaning = clean(article.text, lines, located(article.given.title))
    metadata = find_metadata(article.text, cleaning, article.given)
    return CleanedArticle(name, article.text, cleaning.regions, metadata, bool(article.key))


def _only(articles: Iterator[LoadedArticle]) -> LoadedArticle:
    first = list(islice(articles, _LISTED_KEYS))
    if len(first) == 1:
        return first[0]
    keys = ", ".join(f"#{article.key}" for article in first)
    what = f"it holds several articles: {keys} …; add one of these to its name" if first else ""
    raise SkippedFileError("not one article", what or "it holds none")


def _with_key(articles: Iterator[LoadedArticle], key: str) -> LoadedArticle:
    # A path folds "//" and "/./", which a key that is an address may hold.
    sought = Path(f"#{key}")
    for article in articles:
        if Path(f"#{article.key}") == sought:
            return article
    raise SkippedFileError("no such article in the file", f"#{key}")
