"""Stopwatch for the steps of one question."""

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
    """Stopwatch that adds up laps by step and starts on creation."""

    def __init__(self) -> None:
        self._begun = self._last = time.perf_counter()
        self._spent: dict[str, float] = defaultdict(float)

    def lap(self, step: str) -> None:
        """Add the time since the last lap to a step."""
        now = time.perf_counter()
        self._spent[step] += now - self._last
        self._last = now

    def timings(self) -> Timings:
        """Return the times so far."""
        total = time.perf_counter() - self._begun
        spent = {step: 1000 * self._spent[step] for step in ("encode", "retrieve", "read")}
        return Timings(**spent, total=1000 * total)
