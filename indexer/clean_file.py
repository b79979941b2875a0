"""What of one file is indexed? One article of it, cleaned as a build would."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from indexer.cleaning import clean
from indexer.documents import Metadata, Region
from indexer.errors import CorpusError
from indexer.loaders import (
    BY_CONVENTION,
    Columns,
    CorpusFile,
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
from indexer.metadata import find_metadata

_LISTED_KEYS = 5


def clean_file(
    path: Path, columns: Columns = BY_CONVENTION
) -> tuple[str, tuple[Region, ...], Metadata]:
    """Return the text of an article, what cleaning keeps and removes of it, and its metadata.

    Args:
        path: as in `read_article`.
        columns: which column is which field, in a table.

    Raises:
        CorpusError: when the file cannot be read, has no such article, or has several.
    """
    article = read_article(path, columns)
    cleaning = clean(article.text)
    metadata = find_metadata(article.text, cleaning, path.name, article.given)
    return article.text, cleaning.regions, metadata


def read_article(path: Path, columns: Columns = BY_CONVENTION) -> LoadedArticle:
    """Read one article again from its file.

    Args:
        path: a file; for one article of a file of many, its path as a citation shows it:
            `export.jsonl#17`.
        columns: which column is which field, in a table.

    Raises:
        CorpusError: when the file cannot be read, has no such article, or has several.
    """
    place, key = _place_and_key(path)
    try:
        # The user named this file: a link is followed here, as it is nowhere in a corpus.
        found = place.resolve(strict=True)
        if not found.is_file():
            raise SkippedFileError(SPECIAL)
        article = _article(found, place, key, columns)
        check_text(article.text)
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CorpusError(f"{place} cannot be read: {reason}. Name a file of articles") from error
    except SkippedFileError as error:
        raise CorpusError(f"{path} cannot be indexed: {error}. Name a file of articles") from error
    return article


def _place_and_key(path: Path) -> tuple[Path, str]:
    """Cut a path at the `#` behind which the article of a file is named, if any."""
    name = str(path)
    cuts = [i for i, character in enumerate(name) if character == "#"]
    for cut in reversed([*cuts, len(name)]):
        if Path(name[:cut]).is_file():
            return Path(name[:cut]), name[cut + 1 :]
    return path, ""


def _article(found: Path, named: Path, key: str, columns: Columns) -> LoadedArticle:
    status = found.stat()
    file = CorpusFile(named.name, status.st_size, status.st_mtime_ns)
    if not loader_of(file.path).streams:
        check_size(file, MAX_FILE_BYTES)
    reading = Reading(columns, MAX_FILE_BYTES, Unpacking(file.size))
    with opened(found, file) as stream:
        loaded = load(stream, file.path, reading)
        articles = (each for each in loaded if isinstance(each, LoadedArticle))
        return _only(articles) if not key else _with_key(articles, key)


def _only(articles: Iterator[LoadedArticle]) -> LoadedArticle:
    first = list(islice(articles, _LISTED_KEYS))
    if len(first) == 1:
        return first[0]
    keys = ", ".join(f"#{article.key}" for article in first)
    what = f"it holds several articles: {keys} …; add one of these to its name" if first else ""
    raise SkippedFileError("not one article", what or "it holds none")


def _with_key(articles: Iterator[LoadedArticle], key: str) -> LoadedArticle:
    for article in articles:
        if article.key == key:
            return article
    raise SkippedFileError("no such article in the file", f"#{key}")
