"""Options of reading a corpus; an index is rebuilt when they change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indexer.loaders.field_names import BY_CONVENTION, Columns
from indexer.loaders.protocol import MAX_FILE_BYTES
from indexer.metadata.told import NOTHING_TOLD, Rule, Told


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

    @classmethod
    def of(
        cls,
        columns: Mapping[str, list[list[str]]],
        max_bytes: int,
        limit: int | None,
        clean: bool = True,
        encoding: str = "",
        told: Mapping[str, Any] | None = None,
    ) -> "ReadSettings":
        """Restore settings from their JSON."""
        named = tuple((name, column) for name, column in columns["named"])
        return cls(Columns(named), max_bytes, limit, clean, encoding, _told(told))


def _told(stored: Mapping[str, Any] | None) -> Told:
    if not stored:
        return NOTHING_TOLD
    rules, listed = (tuple(Rule(**each) for each in stored[name]) for name in ("rules", "listed"))
    return Told(rules, listed, tuple(stored["lists"]), stored["outlet_from"])


DEFAULT_SETTINGS = ReadSettings()
