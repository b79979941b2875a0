"""Form of the values in a manifest: its checksum does not tell who wrote it."""

import os
import re
from collections.abc import Iterator, Mapping

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILE_NAME = re.compile(r"(?!\.{1,2}(/|$))[\w.-]+(/(?!\.{1,2}(/|$))[\w.-]+)*", re.ASCII)
_AT_LEAST_ONE = frozenset(
    ["generation", "max_bytes", "limit", "dimension", "max_tokens", "lists", "probes"]
)
_MOST = 2**53  # larger numbers are none of ours, and a float cannot hold them


def check_values(fields: Mapping[str, object]) -> None:
    """Check the hashes, names and numbers in the nested fields of a manifest.

    Raises:
        ValueError: for the first that no build writes.
    """
    for name, value in _leaves(fields):
        if not _is_possible(name, value):
            raise ValueError(f"{name} is {value!r}")


def _is_possible(name: str, value: object) -> bool:
    field = name.rpartition(".")[2]
    if isinstance(value, int):
        return int(field in _AT_LEAST_ONE) <= value <= _MOST
    if isinstance(value, float):
        return 0 <= value <= 1  # NaN is not
    if isinstance(value, str) and field in {"sha256", "corpus_sha256"}:
        return bool(_SHA256.fullmatch(value))
    if isinstance(value, str) and name == "files.path":
        return bool(_FILE_NAME.fullmatch(value))
    if isinstance(value, str) and name == "roots.roots.path":
        return b"\0" not in os.fsencode(value)
    return True


def _leaves(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Yield every number and string in nested fields, with the names that lead to it."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(each, f"{name}.{key}" if name else key)
    elif isinstance(value, tuple):
        for each in value:
            yield from _leaves(each, name)
    else:
        yield name, value
