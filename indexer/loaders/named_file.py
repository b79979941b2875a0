"""Articles of one file that a user named, loaded without a corpus around it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from indexer.corpus.budget import each_within_budget
from indexer.corpus.files import FileReader, check_size
from indexer.corpus.scan import SPECIAL, CorpusFile, SkippedFileError
from indexer.errors import CorpusError
from indexer.loaders.decoding import check_text
from indexer.loaders.field_names import BY_CONVENTION, Columns
from indexer.loaders.formats.registry import load, loader_of
from indexer.loaders.limits import Unpacking
from indexer.loaders.protocol import MAX_FILE_BYTES, Loaded, LoadedArticle, Reading

_LISTED_KEYS = 5


def read_article(path: Path, columns: Columns = BY_CONVENTION) -> LoadedArticle:
    """Read one article from its file.

    Args:
        path: a file, or one article of it as in a citation: `export.jsonl#17`.
        columns: which column is which field, in a table.

    Raises:
        CorpusError: when the file cannot be read, has no such article, or has several.
    """
    with load_named(path, columns) as (_, loaded):
        articles = (each for each in loaded if isinstance(each, LoadedArticle))
        first = list(islice(articles, _LISTED_KEYS))
        if len(first) != 1:
            keys = ", ".join(f"#{article.key}" for article in first)
            several = f"it holds several articles: {keys} …; add one of these to its name"
            raise SkippedFileError("not one article", several if first else "it holds none")
        check_text(first[0].text)
        return first[0]


@contextmanager
def load_named(
    path: Path, columns: Columns, encoding: str = ""
) -> Iterator[tuple[Path, Iterator[Loaded]]]:
    """Open a file, or one article of it, and yield the file's path and what it holds.

    Raises:
        CorpusError: for whatever is wrong with the file, here or within the `with` block.
    """
    location, key = _split(path)
    try:
        # The user named this file, so a link is followed, unlike in a folder.
        found = location.resolve(strict=True)
        if not found.is_file():
            raise SkippedFileError(SPECIAL)
        status = found.stat()
        file = CorpusFile(location.name, status.st_size, status.st_mtime_ns)
        if not loader_of(file.path).streams:
            check_size(file, MAX_FILE_BYTES)
        with FileReader() as reader, reader.open(found, file) as stream:
            reading = Reading(columns, MAX_FILE_BYTES, Unpacking(file.size), encoding)
            loaded = each_within_budget(load(stream, file.path, reading), file.size)
            yield location, _with_key(loaded, key) if key else loaded
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CorpusError(f"Cannot read {location}: {reason}. Give a file of articles.") from error
    except SkippedFileError as error:
        raise CorpusError(f"Cannot index {path}: {error}. Give a file of articles.") from error


def _split(path: Path) -> tuple[Path, str]:
    """Split a path at the `#` before the key of an article, if it has one."""
    name = str(path)
    cuts = [i for i, character in enumerate(name) if character == "#"]
    for cut in reversed([*cuts, len(name)]):
        if Path(name[:cut]).is_file():
            return Path(name[:cut]), name[cut + 1 :]
    return path, ""


def _with_key(loaded: Iterator[Loaded], key: str) -> Iterator[Loaded]:
    # A path folds "//" and "/./", which a key that is a URL may hold.
    sought = Path(f"#{key}")
    for each in loaded:
        if isinstance(each, LoadedArticle) and Path(f"#{each.key}") == sought:
            yield each
            return
    raise SkippedFileError("no such article in the file", f"#{key}")
