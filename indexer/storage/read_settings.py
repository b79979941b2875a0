"""What did the user say of how a corpus is read? An index is built again when that has changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.loaders.field_names import BY_CONVENTION, Columns
from indexer.loaders.protocol import MAX_FILE_BYTES


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Which column is which field, how large an article may be, how many articles to read.

    `clean` False keeps everything of an article.
    """

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
        """Return the settings that were written as JSON."""
        named = tuple((name, column) for name, column in columns["named"])
        return cls(Columns(named), max_bytes, limit, clean)


DEFAULT_SETTINGS = ReadSettings()
