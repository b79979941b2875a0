"""Why is a peer faster than Dateline, where it is? Written after reading the numbers.

The report prints a reason beside each place where the numbers of that run show it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from benchmarks.peers.peer import Mode

UNKNOWN: Final = "no reason is written down yet: `benchmarks/peers/reasons.py`"

REASONS: Final[Mapping[tuple[str, Mode], str]] = MappingProxyType({})
