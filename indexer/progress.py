"""How far is the work? Bars with rate and time left on a terminal, nothing in a pipe."""

from typing import Protocol

from tqdm import tqdm

_UNITS = {
    "read": " articles",
    "learn": " articles",
    "clean": " articles",
    "copies": " articles",
    "encode": " passages",
}


class Progress(Protocol):
    """Is told about stages and steps; stages follow each other, they never nest."""

    def stage(self, name: str, total: int | None) -> None:
        """Begin a stage of `total` steps, None when unknown; the one before it is over."""

    def advance(self, steps: int = 1) -> None:
        """Count steps of the current stage."""

    def close(self) -> None:
        """End the last stage."""


class NoProgress:
    """Shows nothing."""

    def stage(self, name: str, total: int | None) -> None:
        """Show nothing."""

    def advance(self, steps: int = 1) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Show nothing."""


class TerminalProgress:
    """Shows one bar a stage on stderr when that is a terminal."""

    def __init__(self) -> None:
        self._bar: tqdm[None] | None = None

    def stage(self, name: str, total: int | None) -> None:
        """Begin a bar; the one before it stays as it ended."""
        self.close()
        self._bar = tqdm(
            total=total,
            desc=f"{name:<6}",
            unit=_UNITS.get(name, " steps"),
            disable=None,  # None: only on a terminal
            dynamic_ncols=True,
        )

    def advance(self, steps: int = 1) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(steps)

    def close(self) -> None:
        """End the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
