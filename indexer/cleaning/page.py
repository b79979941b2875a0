"""The blocks of a page with the verdict on each: what one cleaning rule hands to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.text.blocks import Block


@dataclass(slots=True)
class Page:
    """The blocks of a text and, for each, why it is left out ('' while it is kept)."""

    blocks: Sequence[Block]
    reasons: list[str]

    @property
    def kept(self) -> list[int]:
        """The positions of the blocks kept so far."""
        return [i for i, reason in enumerate(self.reasons) if not reason]

    def remove(self, first: int, last: int, reason: str) -> None:
        """Leave out the blocks of [first, last) that are still kept."""
        for i in range(first, last):
            self.reasons[i] = self.reasons[i] or reason
