"""A clock adds up what each step of a question took."""

import time

from retrieval.clock import Clock


def test_laps_of_a_step_add_up_and_steps_not_taken_are_zero() -> None:
    clock = Clock()
    for step in ("encode", "read", "encode"):
        time.sleep(0.02)
        clock.lap(step)
    time.sleep(0.02)
    timings = clock.timings()
    assert timings.encode >= 40
    assert timings.read >= 20
    assert timings.retrieve == 0
    assert timings.total >= timings.encode + timings.read + 20
