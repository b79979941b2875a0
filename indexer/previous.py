"""What may a build take over from the generation before?

Only from one that is whole, which the caller has checked by hash. Whether an article is the same is
told by keys over everything that it was made from; never by names or times.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from indexer.catalog_schema import CATALOG_FILE

_KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Previous:
    """The folder of a committed generation, and what of it is taken over.

    `articles`: what cleaning and splitting made of an article. `files`: the articles of a file, if
    its bytes are the same. Both are False for a build that is forced. What a file that does not
    answer held is kept whatever they say.
    """

    folder: Path
    articles: bool
    files: bool


def previous_in(folder: Path, *, articles: bool, files: bool) -> Previous | None:
    """Return what is to be taken over of a generation; None when it holds nothing of that kind."""
    try:
        connection = sqlite3.connect(read_only(folder / CATALOG_FILE), uri=True)
        try:
            connection.execute("SELECT count(*) FROM made_from, whole_files WHERE 0")
        finally:
            connection.close()
    except sqlite3.Error:
        return None  # written before there was anything to take over
    return Previous(folder, articles, files)


def read_only(catalog: Path) -> str:
    """Return the address under which SQLite reads a committed catalog, and never writes it."""
    return f"{catalog.absolute().as_uri()}?mode=ro&immutable=1"


@contextmanager
def beside_each_other(generation: Path, live: Path) -> Iterator[sqlite3.Connection]:
    """Open the catalog of a generation folder, and as `live` that of another; both are only read.

    Raises:
        sqlite3.Error: when one of them cannot be read.
    """
    connection = sqlite3.connect(read_only(generation / CATALOG_FILE), uri=True)
    try:
        connection.execute("ATTACH ? AS live", (read_only(live / CATALOG_FILE),))
        yield connection
    finally:
        connection.close()


def key_of(*parts: str | bytes) -> bytes:
    """Return a hash over parts, 16 bytes: equal only when every part is."""
    found = blake2b(digest_size=_KEY_BYTES)
    for part in parts:
        packed = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        found.update(len(packed).to_bytes(8, "big"))
        found.update(packed)
    return found.digest()
