"""How are columns read row by row? As a sequence whose items are made when they are asked for."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar, overload

_Item = TypeVar("_Item")


class Columns(Sequence[_Item]):
    """Rows that are kept as columns: many are computed with, and few are looked at."""

    __slots__ = ()

    @abstractmethod
    def row(self, place: int) -> _Item:
        """Return one row, from 0."""

    @overload
    def __getitem__(self, place: int) -> _Item: ...
    @overload
    def __getitem__(self, place: slice) -> list[_Item]: ...
    def __getitem__(self, place: int | slice) -> _Item | list[_Item]:
        """Return one row, or some."""
        if isinstance(place, slice):
            return [self.row(each) for each in range(len(self))[place]]
        return self.row(place)
