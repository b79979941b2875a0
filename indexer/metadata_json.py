"""How is metadata written as JSON, and read back?"""

import json
from dataclasses import asdict

from indexer.documents import Finding, Metadata


def to_json(metadata: Metadata) -> str:
    """Return metadata as JSON, every field by its name."""
    return json.dumps(asdict(metadata), ensure_ascii=False)


def from_json(stored: str) -> Metadata:
    """Return the metadata that `to_json` wrote.

    Raises:
        ValueError: when it is no JSON.
        TypeError: when a field is unknown, or of another type.
        KeyError: when a field is missing.
        AttributeError: when it is no JSON object.
    """
    fields = json.loads(stored)
    authors = tuple(Finding(**author) for author in fields.pop("authors"))
    found = {name: Finding(**value) for name, value in fields.items() if value}
    return Metadata(**found, authors=authors)
