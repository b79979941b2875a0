"""What takes too long or too much memory is skipped, and costs nothing else."""

import re
import resource
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from indexer.build.workers import Workers
from indexer.corpus import budget
from indexer.corpus.budget import (
    TOO_LONG,
    TOO_MUCH_MEMORY,
    each_within_budget,
    may_end_this_process,
    reason_of_death,
    within_budget,
)
from indexer.corpus.scan import DAMAGED, SkippedFileError
from indexer.errors import CorpusError

ENDLESS = 10**15


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the budgets, so that the tests are quick."""
    monkeypatch.setattr(budget, "_SECONDS", 0.2)
    monkeypatch.setattr(budget, "_AGAIN", 0.05)
    monkeypatch.setattr(budget, "_MEMORY", 500_000_000)


def loop() -> None:
    for _ in range(ENDLESS):
        pass


def match_forever() -> None:
    re.match(r"(a*)*b", "a" * 60)


def swallow_exceptions() -> None:
    for _ in range(ENDLESS):
        try:
            loop()
        except Exception:  # noqa: BLE001, S112 - as libraries do
            continue


def swallow_everything_twice() -> None:
    for _ in range(2):
        try:
            loop()
        except BaseException:  # noqa: BLE001, S112 - as a careless library does
            continue
    loop()


@pytest.mark.parametrize(
    "work", [loop, match_forever, swallow_exceptions, swallow_everything_twice]
)
def test_what_does_not_end_is_stopped_by_its_processor_time(work: Callable[[], None]) -> None:
    begun = time.process_time()
    with pytest.raises(SkippedFileError, match="took too long"), within_budget(0):
        work()
    assert 0.1 < time.process_time() - begun < 3


def test_waiting_costs_no_processor_time() -> None:
    with within_budget(0):
        time.sleep(0.5)


def test_after_the_block_nothing_is_limited() -> None:
    handler, limits = signal.getsignal(signal.SIGPROF), resource.getrlimit(resource.RLIMIT_AS)
    with within_budget(0):
        assert resource.getrlimit(resource.RLIMIT_AS) != limits
    with pytest.raises(SkippedFileError), within_budget(0):
        loop()
    assert signal.getsignal(signal.SIGPROF) == handler
    assert resource.getrlimit(resource.RLIMIT_AS) == limits
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_too_much_memory_is_refused_and_can_be_had_afterwards() -> None:
    with pytest.raises(SkippedFileError) as raised, within_budget(0):
        bytearray(600_000_000)
    assert (raised.value.reason, raised.value.detail) == (TOO_MUCH_MEMORY, "more than 0.5 GB")
    assert len(bytearray(600_000_000)) == 600_000_000


def test_a_larger_file_has_more_time() -> None:
    with within_budget(50_000_000):
        spend(0.4)


def spend(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def items(*seconds: float) -> Iterator[int]:
    for number, each in enumerate(seconds):
        spend(each)
        yield number


def test_each_item_has_a_budget_and_those_before_stay() -> None:
    found = each_within_budget(items(0.01, 0.05, 5.0, 0.01), 0)
    assert next(found) == 0
    spend(0.3)  # what is done with an item costs the file nothing
    assert next(found) == 1
    with pytest.raises(SkippedFileError, match="took too long"):
        next(found)


def test_a_file_of_many_slow_items_has_a_budget_for_all_of_them() -> None:
    found = each_within_budget(items(*[0.08] * 20), 0)
    assert next(found) == 0
    with pytest.raises(SkippedFileError, match="took too long"):
        list(found)


class PanicException(BaseException):
    """A panic of a library in Rust."""


@pytest.mark.parametrize("error", [OverflowError("too large"), PanicException("too large")])
def test_an_error_that_nobody_foresaw_is_a_skip(error: BaseException) -> None:
    with (
        pytest.raises(SkippedFileError, match=r"a library failed on it \(\w+: too large\)"),
        within_budget(0),
    ):
        raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), CorpusError("No articles.")])
def test_what_the_user_has_to_know_is_no_skip(error: BaseException) -> None:
    with pytest.raises(type(error)), within_budget(0):
        raise error


def test_an_error_of_the_file_is_told_as_it_is() -> None:
    def damaged() -> Iterator[int]:
        yield 1
        raise SkippedFileError(DAMAGED)

    found = each_within_budget(damaged(), 0)
    assert next(found) == 1
    with pytest.raises(SkippedFileError, match=DAMAGED):
        next(found)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (signal.SIGVTALRM, TOO_LONG),
        (signal.SIGABRT, TOO_MUCH_MEMORY),
        (signal.SIGSEGV, DAMAGED),
    ],
)
def test_the_signal_that_ends_a_worker_says_what_was_wrong(
    number: signal.Signals, reason: str
) -> None:
    skip = reason_of_death(-number)
    assert skip is not None
    assert skip.reason == reason


@pytest.mark.parametrize("code", [0, 1, 3, -signal.SIGKILL, -signal.SIGTERM, -200])
def test_another_end_of_a_worker_says_nothing_about_its_file(code: int) -> None:
    assert reason_of_death(code) is None


def counted(numbers: list[int]) -> list[int]:
    """Return the sums below some numbers, in a library that does not look for signals."""
    budget._SECONDS, budget._GRACE = 0.2, 0.2
    found = []
    for number in numbers:
        with within_budget(0):
            found.append(sum(range(number)))
    return found


def test_a_library_that_does_not_return_ends_its_worker_and_only_its_item_is_skipped() -> None:
    with Workers(1) as workers:
        jobs = [("a", ([3, ENDLESS, 4],)), ("b", ([5],))]
        (_, first), (_, second) = workers.ordered(counted, jobs)
    assert (first[0], first[2], second) == (3, 6, [10])
    assert isinstance(first[1], SkippedFileError)
    assert first[1].reason == TOO_LONG


def test_this_process_is_not_ended_by_the_second_timer_unless_it_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with within_budget(0):
        assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    monkeypatch.setattr(budget._Process, "is_expendable", False)
    may_end_this_process()
    with within_budget(0):
        assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] > 0
