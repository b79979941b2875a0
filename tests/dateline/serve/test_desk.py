"""The desk answers so many questions at a time, lets so many wait, and refuses the rest."""

import asyncio
import threading
import time

import pytest

from dateline.serve.desk import BusyError, Desk


def test_questions_beyond_those_that_may_wait_are_refused_at_once() -> None:
    let_go = threading.Event()

    async def ask() -> list[object]:
        desk = Desk(at_once=1, waiting=1, seconds=30)
        first, second = (asyncio.ensure_future(desk.run(let_go.wait)) for _ in range(2))
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="2 questions are waiting"):
            await desk.run(lambda: True)
        let_go.set()
        answers = [await first, await second]
        assert await desk.run(lambda: "next") == "next"
        return [*answers, desk.count]

    assert asyncio.run(ask()) == [True, True, 0]


def test_no_more_questions_than_allowed_are_answered_at_the_same_time() -> None:
    together: list[int] = []
    now = [0]
    counting = threading.Lock()

    def answer() -> None:
        with counting:
            now[0] += 1
            together.append(now[0])
        time.sleep(0.01)
        with counting:
            now[0] -= 1

    async def ask() -> None:
        desk = Desk(at_once=2, waiting=20, seconds=30)
        await asyncio.gather(*(desk.run(answer) for _ in range(20)))

    asyncio.run(ask())
    assert (len(together), max(together)) == (20, 2)


def test_a_question_that_takes_too_long_is_given_up_and_one_that_waited_never_begins() -> None:
    let_go = threading.Event()
    began = []

    async def ask() -> int:
        desk = Desk(at_once=1, waiting=5, seconds=0.1)
        slow = asyncio.ensure_future(desk.run(let_go.wait))
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match=r"There was no answer within 0\.1 s"):
            await desk.run(lambda: began.append(1))
        with pytest.raises(BusyError, match=r"There was no answer within 0\.1 s"):
            await slow
        taken = desk.count
        let_go.set()
        assert await desk.run(lambda: "free again") == "free again"
        return taken

    assert asyncio.run(ask()) == 1  # its thread is taken until it ends
    assert began == []


def test_an_error_of_a_call_is_raised_and_leaves_the_desk_free() -> None:
    def fail() -> None:
        raise KeyError("nothing there")

    async def ask() -> int:
        desk = Desk(at_once=1, waiting=1, seconds=30)
        with pytest.raises(KeyError, match="nothing there"):
            await desk.run(fail)
        return desk.count

    assert asyncio.run(ask()) == 0


def test_a_question_that_nobody_waits_for_any_more_never_begins() -> None:
    let_go = threading.Event()
    began = []

    async def ask() -> None:
        desk = Desk(at_once=1, waiting=5, seconds=30)
        first = asyncio.ensure_future(desk.run(let_go.wait))
        given_up = asyncio.ensure_future(desk.run(lambda: began.append(1)))
        await asyncio.sleep(0.01)
        given_up.cancel()
        await asyncio.wait({given_up})
        let_go.set()
        await first
        await desk.run(lambda: None)

    asyncio.run(ask())
    assert began == []
