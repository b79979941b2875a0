"""How long did each step of a question take?"""

import time
from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent, by step."""

    encode: float
    retrieve: float
    read: float
    total: float


class Clock:
    """Adds up laps by step; starts when it is made."""

    def __init__(self) -> None:
        self._begun = self._last = time.perf_counter()
        self._spent: dict[str, float] = defaultdict(float)

    def lap(self, step: str) -> None:
        """Count the time since the last lap for a step."""
        now = time.perf_counter()
        self._spent[step] += now - self._last
        self._last = now

    def timings(self) -> Timings:
        """Return the times so far."""
        total = time.perf_counter() - self._begun
        spent = {step: 1000 * self._spent[step] for step in ("encode", "retrieve", "read")}
        return Timings(**spent, total=1000 * total)
