"""Options of reading a corpus; an index is rebuilt when they change."""

from dataclasses import dataclass

from indexer.loaders.field_names import BY_CONVENTION, Columns
from indexer.loaders.protocol import MAX_FILE_BYTES


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Columns of the fields, largest article in bytes, most articles, and whether to clean."""

    columns: Columns = BY_CONVENTION
    max_bytes: int = MAX_FILE_BYTES
    limit: int | None = None
    clean: bool = True


DEFAULT_SETTINGS = ReadSettings()
