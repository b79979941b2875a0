"""What does one format have to do? Turn a file's bytes into articles."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol


class SkippedFileError(Exception):
    """A file that cannot be an article; the message is the reason that the report counts.

    Args:
        reason: the kind of problem, the same for every file that has it.
        detail: what was found in this file.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep both parts; the message shows them together."""
        super().__init__(f"{reason} ({detail})" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class LoadedArticle:
    """The text of one article, code point for code point, and how its bytes were decoded."""

    text: str = field(repr=False)
    encoding: str


class Loader(Protocol):
    """Reads one format."""

    @property
    def suffixes(self) -> frozenset[str]:
        """The file name endings it reads, in lower case, with the point."""

    def load(self, content: bytes) -> Iterator[LoadedArticle]:
        """Return the articles in a file's bytes.

        Raises:
            SkippedFileError: when the bytes are not of this format.
        """
