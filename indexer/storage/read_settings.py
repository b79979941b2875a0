"""Options of reading a corpus; an index is rebuilt when they change."""

from dataclasses import dataclass

from indexer.loaders.field_names import BY_CONVENTION, Columns
from indexer.loaders.protocol import MAX_FILE_BYTES
from indexer.metadata.told import NOTHING_TOLD, Told


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Settings of a build that its updates keep.

    Columns of the fields, largest article in bytes, most articles, whether to clean, the encoding
    of bytes that are not UTF-8 and declare none (empty guesses), and what is told about articles.
    """

    columns: Columns = BY_CONVENTION
    max_bytes: int = MAX_FILE_BYTES
    limit: int | None = None
    clean: bool = True
    encoding: str = ""
    told: Told = NOTHING_TOLD


DEFAULT_SETTINGS = ReadSettings()
