"""Blocks of a text with a verdict on each, passed from one cleaning rule to the next."""

from collections.abc import Sequence

from indexer.text.blocks import Block


class Page:
    """Blocks of a text; `reasons` says why each is removed ('' for one that is kept)."""

    def __init__(self, blocks: Sequence[Block], reasons: list[str] | None = None) -> None:
        self.blocks = blocks
        self.reasons = reasons or [""] * len(blocks)

    @property
    def kept(self) -> list[int]:
        """Indices of the blocks kept so far."""
        return [i for i, reason in enumerate(self.reasons) if not reason]

    def remove(self, first: int, last: int, reason: str) -> None:
        """Remove the blocks of [first, last) that are still kept."""
        for i in range(first, last):
            self.reasons[i] = self.reasons[i] or reason
