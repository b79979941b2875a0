"""Everything is computed once, on as many threads as asked for, and an error ends all of them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest

from indexer.encoding.side_by_side import side_by_side


def slow_square(number: int) -> int:
    time.sleep(0.01)
    return number * number


def test_each_item_comes_back_once_with_its_result() -> None:
    found = list(side_by_side(range(50), slow_square, 4, nullcontext))
    assert sorted(found) == [(number, number * number) for number in range(50)]
    assert list(side_by_side([], slow_square, 4, nullcontext)) == []


def test_as_many_threads_work_as_asked_for_each_in_its_context() -> None:
    met = threading.Barrier(3, timeout=20)
    entered: list[int] = []

    @contextmanager
    def entering() -> Iterator[None]:
        entered.append(threading.get_ident())
        yield
        entered.remove(threading.get_ident())

    def meet(_: int) -> int:
        met.wait()  # only three threads at once get past this
        assert threading.get_ident() in entered
        return threading.get_ident()

    threads = {thread for _, thread in side_by_side(range(3), meet, 3, entering)}
    assert len(threads) == 3
    assert entered == []


def test_an_error_of_one_is_raised_and_ends_the_others() -> None:
    begun: list[int] = []

    def fail_at_five(number: int) -> int:
        begun.append(number)
        if number == 5:
            raise ValueError("five cannot be computed")
        return slow_square(number)

    before = threading.active_count()
    with pytest.raises(ValueError, match="five cannot be computed"):
        list(side_by_side(range(10_000), fail_at_five, 3, nullcontext))
    assert len(begun) < 100
    assert threading.active_count() == before


def test_an_error_while_taking_an_item_is_raised() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(side_by_side(items(), slow_square, 2, nullcontext))


def test_whoever_stops_asking_stops_the_threads() -> None:
    before = threading.active_count()
    asked: list[int] = []

    def noted(number: int) -> int:
        asked.append(number)
        return slow_square(number)

    results = side_by_side(range(10_000), noted, 3, nullcontext)
    next(results)
    assert isinstance(results, Iterator)
    results.close()  # type: ignore[attr-defined] # it is a generator
    assert len(asked) < 100
    assert threading.active_count() == before
