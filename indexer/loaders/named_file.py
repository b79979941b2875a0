"""Articles of one file that a user named, loaded without a corpus around it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from indexer.corpus.opening import check_size, opened
from indexer.corpus.scan import SPECIAL, CorpusFile
from indexer.corpus.skips import SkippedFileError
from indexer.errors import CorpusError
from indexer.loaders.field_names import BY_CONVENTION, Columns
from indexer.loaders.formats.registry import load, loader_of
from indexer.loaders.formats.text import check_text
from indexer.loaders.limits import Unpacking
from indexer.loaders.protocol import MAX_FILE_BYTES, Loaded, LoadedArticle, Reading

_LISTED_KEYS = 5


def read_article(path: Path, columns: Columns = BY_CONVENTION) -> LoadedArticle:
    """Read one article again from its file.

    Args:
        path: a file; for one article of a file of many, its path as a citation shows it:
            `export.jsonl#17`.
        columns: which column is which field, in a table.

    Raises:
        CorpusError: when the file cannot be read, has no such article, or has several.
    """
    place, key = place_and_key(path)
    with load_file(path, place, columns) as loaded:
        found = articles_of(loaded)
        article = with_key(found, key) if key else _only(found)
        check_text(article.text)
        return article


def place_and_key(path: Path) -> tuple[Path, str]:
    """Cut a path at the `#` behind which the article of a file is named, if any."""
    name = str(path)
    cuts = [i for i, character in enumerate(name) if character == "#"]
    for cut in reversed([*cuts, len(name)]):
        if Path(name[:cut]).is_file():
            return Path(name[:cut]), name[cut + 1 :]
    return path, ""


@contextmanager
def load_file(path: Path, place: Path, columns: Columns) -> Iterator[Iterator[Loaded]]:
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


def articles_of(loaded: Iterator[Loaded]) -> Iterator[LoadedArticle]:
    """Yield what is an article; what was left out is passed over."""
    return (each for each in loaded if isinstance(each, LoadedArticle))


def _only(articles: Iterator[LoadedArticle]) -> LoadedArticle:
    first = list(islice(articles, _LISTED_KEYS))
    if len(first) == 1:
        return first[0]
    keys = ", ".join(f"#{article.key}" for article in first)
    what = f"it holds several articles: {keys} …; add one of these to its name" if first else ""
    raise SkippedFileError("not one article", what or "it holds none")


def with_key(articles: Iterator[LoadedArticle], key: str) -> LoadedArticle:
    """Return the article that a key names.

    Raises:
        SkippedFileError: when there is none.
    """
    # A path folds "//" and "/./", which a key that is an address may hold.
    sought = Path(f"#{key}")
    for article in articles:
        if Path(f"#{article.key}") == sought:
            return article
    raise SkippedFileError("no such article in the file", f"#{key}")
