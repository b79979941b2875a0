"""Options of reading a corpus; an index is rebuilt when they change."""

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.loaders.field_names import BY_CONVENTION, Columns
from indexer.loaders.protocol import MAX_FILE_BYTES


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Settings of a build that its updates keep.

    Columns of the fields, largest article in bytes, most articles, whether to clean, and the
    encoding of bytes that are not UTF-8 and declare none (empty guesses).
    """

    columns: Columns = BY_CONVENTION
    max_bytes: int = MAX_FILE_BYTES
    limit: int | None = None
    clean: bool = True
    encoding: str = ""

    @classmethod
    def of(
        cls,
        columns: Mapping[str, list[list[str]]],
        max_bytes: int,
        limit: int | None,
        clean: bool = True,
        encoding: str = "",
    ) -> "ReadSettings":
        """Restore settings from their JSON."""
        named = tuple((name, column) for name, column in columns["named"])
        return cls(Columns(named), max_bytes, limit, clean, encoding)


DEFAULT_SETTINGS = ReadSettings()
