"""Options of reading a corpus; an index is rebuilt when they change."""

from collections.abc import Mapping
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

    @classmethod
    def of(
        cls,
        columns: Mapping[str, list[list[str]]],
        max_bytes: int,
        limit: int | None,
        clean: bool = True,
    ) -> "ReadSettings":
        """Restore settings from their JSON."""
        named = tuple((name, column) for name, column in columns["named"])
        return cls(Columns(named), max_bytes, limit, clean)


DEFAULT_SETTINGS = ReadSettings()
