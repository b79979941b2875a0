"""What a build takes over from the generation before, and how the two compare.

Keys over everything that an article was made from tell whether it is the same; names and times
never do.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from indexer.catalog.schema import CATALOG_FILE, read_only_uri
from indexer.cleaning.vocabulary import RECURRING
from indexer.encoding.encoder import EncoderSpec
from indexer.encoding.model_files import locate, model_sha256

_KEY_BYTES = 16
_CLEANED_DIFFERENTLY = """
SELECT new.regions, old.regions
FROM documents new JOIN live.documents old USING (doc_id)
WHERE new.regions <> old.regions AND new.text = old.text
"""


@dataclass(frozen=True, slots=True)
class Previous:
    """Folder of a committed generation whose files are whole, and what is taken over of it.

    `articles`: what cleaning and splitting made of an article. `files`: the articles of a file, if
    its bytes are the same. Both are False for a build that is forced. What a file that does not
    answer held is kept whatever they say.
    """

    folder: Path
    articles: bool
    files: bool


def previous_in(folder: Path, *, articles: bool, files: bool) -> Previous | None:
    """Return what is to be taken over of a generation; None for one without the tables for it."""
    try:
        connection = sqlite3.connect(read_only_uri(folder / CATALOG_FILE), uri=True)
        try:
            connection.execute("SELECT count(*) FROM made_from, whole_files WHERE 0")
        finally:
            connection.close()
    except sqlite3.Error:
        return None
    return Previous(folder, articles, files)


@contextmanager
def beside_each_other(generation: Path, live: Path) -> Iterator[sqlite3.Connection]:
    """Open the catalog of a generation folder, and as `live` that of another, both read-only.

    Raises:
        sqlite3.Error: when one of them cannot be read.
    """
    connection = sqlite3.connect(read_only_uri(generation / CATALOG_FILE), uri=True)
    try:
        connection.execute("ATTACH ? AS live", (read_only_uri(live / CATALOG_FILE),))
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


def is_same_encoder(spec: EncoderSpec, name: str) -> bool:
    """Tell whether a name still means the encoder of the index: a folder may hold another now."""
    files = locate(name)
    same_files = files.folder is None or model_sha256(files) == spec.sha256
    return files.name == spec.name and same_files


def count_recleaned(generation: Path, live: Path) -> int:
    """Count the articles of the same text of which other recurring lines are left out.

    0 when a catalog cannot be read: a damaged one is told of elsewhere.
    """
    try:
        with beside_each_other(generation, live) as connection:
            rows = connection.execute(_CLEANED_DIFFERENTLY)
            return sum(_recurring(new) != _recurring(old) for new, old in rows)
    except (sqlite3.Error, ValueError, TypeError, IndexError):
        return 0


def _recurring(regions: str) -> list[tuple[int, int]]:
    """Return where recurring lines stand, neighbours joined; how many documents differs anyway."""
    spans: list[tuple[int, int]] = []
    neighbours = False
    for start, end, _, reason, *_ in json.loads(regions):
        if reason == RECURRING:
            first = spans.pop()[0] if neighbours else start
            spans.append((first, end))
        neighbours = reason == RECURRING
    return spans
