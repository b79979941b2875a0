"""Fences around untrusted text, for a language model that is to take it as data."""

import json
import re
from collections.abc import Mapping

from indexer.text.printable import printable

_SHORTEST_FENCE = 3
_TICKS = re.compile("`+")


def fenced(about: Mapping[str, object], text: str) -> str:
    """Return text below its provenance, in a fence that is longer than any in it.

    >>> print(fenced({"title": "A", "url": None}, "b"))
    ```
    title: "A"
    <BLANKLINE>
    b
    ```
    """
    head = [f"{name}: {json.dumps(value)}" for name, value in about.items() if value]
    inside = printable("\n".join([*head, *([""] if head else []), text]))
    longest = max(map(len, _TICKS.findall(inside)), default=0)
    fence = "`" * max(_SHORTEST_FENCE, longest + 1)
    return f"{fence}\n{inside}\n{fence}"
