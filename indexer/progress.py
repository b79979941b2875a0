"""Progress bars on a terminal, and silence in a pipe."""

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
    """Receiver of stages, which never nest, and of their steps."""

    def stage(self, name: str, total: int | None) -> None:
        """Begin a stage of `total` steps, None if unknown, and end the one before it."""

    def advance(self, steps: int = 1) -> None:
        """Count steps of the current stage."""

    def close(self) -> None:
        """End the last stage."""


class NoProgress:
    """Silent progress."""

    def stage(self, name: str, total: int | None) -> None:
        """Show nothing."""

    def advance(self, steps: int = 1) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Show nothing."""


class TerminalProgress:
    """One bar a stage on stderr, if that is a terminal."""

    def __init__(self) -> None:
        self._bar: tqdm[None] | None = None

    def stage(self, name: str, total: int | None) -> None:
        """Begin a bar; the one before it stays visible."""
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
