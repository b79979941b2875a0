import math

import numpy as np
import pytest
import torch

from tests.support.tiny_network import tiny_network
from training import trainer as module
from training.outputs import loss_of
from training.sequences import UNKNOWN, Batch


def _batch(
    allowed: list[list[int]], start: list[int], end: list[int], relevant: list[float]
) -> Batch:
    rows, length = len(allowed), 6
    may = np.zeros((rows, length), dtype=np.bool_)
    for row, places in enumerate(allowed):
        may[row, places] = True
    whole = np.ones((rows, length), dtype=np.int64)
    return Batch(
        whole,
        whole,
        whole,
        may,
        np.array(start, dtype=np.int64),
        np.array(end, dtype=np.int64),
        np.array(relevant, dtype=np.float32),
    )


def test_the_loss_of_equal_logits_is_that_of_guessing() -> None:
    batch = _batch([[0, 3, 4, 5]], [3], [4], [1.0])

    loss = loss_of(batch, torch.zeros(1), torch.zeros(1, 6), torch.zeros(1, 6))

    assert float(loss) == pytest.approx(math.log(4) + math.log(2))


def test_the_loss_is_cross_entropy_of_start_end_and_relevance() -> None:
    batch = _batch([[0, 3, 4, 5], [0, 4]], [3, 0], [5, 0], [1.0, 0.0])
    start = torch.tensor([[0.5, 9.0, 9.0, 2.0, 1.0, 0.0], [1.5, 9.0, 9.0, 9.0, -1.0, 9.0]])
    end = torch.tensor([[0.0, 9.0, 9.0, 0.0, 1.0, 3.0], [0.0, 9.0, 9.0, 9.0, 2.0, 9.0]])
    relevance = torch.tensor([1.2, -0.7])

    loss = loss_of(batch, relevance, start, end)

    first = math.log(sum(map(math.exp, (0.5, 2.0, 1.0, 0.0)))) - 2.0
    second = math.log(math.exp(1.5) + math.exp(-1.0)) - 1.5
    starts = (first + second) / 2
    first = math.log(sum(map(math.exp, (0.0, 0.0, 1.0, 3.0)))) - 3.0
    second = math.log(math.exp(0.0) + math.exp(2.0)) - 0.0
    ends = (first + second) / 2
    judged = (math.log(1 + math.exp(-1.2)) + math.log(1 + math.exp(-0.7))) / 2
    assert float(loss) == pytest.approx((starts + ends) / 2 + judged, rel=1e-6)


def test_an_example_that_says_nothing_about_spans_counts_for_relevance_alone() -> None:
    both = _batch([[0, 3], [0, 3]], [3, UNKNOWN], [3, UNKNOWN], [1.0, 0.0])
    start = torch.tensor([[0.0, 0.0, 0.0, 1.0, 0.0, 0.0], [5.0, 0.0, 0.0, -7.0, 0.0, 0.0]])
    relevance = torch.tensor([0.0, 2.0])

    loss = loss_of(both, relevance, start, start)

    span = math.log(1 + math.exp(1.0)) - 1.0
    judged = (math.log(2) + math.log(1 + math.exp(2.0))) / 2
    assert float(loss) == pytest.approx(span + judged, rel=1e-6)


def test_an_example_without_relevance_counts_for_spans_alone() -> None:
    logits = torch.tensor([[1.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0] * 6])
    some = _batch([[0, 3], [0, 3]], [0, 3], [0, 3], [math.nan, 1.0])
    none = _batch([[0, 3], [0, 3]], [0, 3], [0, 3], [math.nan, math.nan])

    judged = loss_of(some, torch.tensor([99.0, 0.0]), logits, logits)
    silent = loss_of(none, torch.tensor([99.0, 0.0]), logits, logits)

    span = (math.log(1 + math.exp(-1.0)) + math.log(2)) / 2
    assert float(silent) == pytest.approx(span, rel=1e-6)
    assert float(judged) == pytest.approx(span + math.log(2), rel=1e-6)


def test_claims_alone_are_judged_by_relevance_alone() -> None:
    batch = _batch([[0, 3]], [UNKNOWN], [UNKNOWN], [0.0])
    relevance = torch.tensor([0.0], requires_grad=True)

    loss = loss_of(batch, relevance, torch.full((1, 6), 3.0), torch.full((1, 6), 3.0))
    loss.backward()  # type: ignore[no-untyped-call] # torch leaves it without annotations

    assert float(loss.detach()) == pytest.approx(math.log(2))
    assert relevance.grad is not None
    assert relevance.grad.tolist() == [0.5]


@pytest.mark.parametrize(
    ("share", "factor"),
    [(0.0, 0.001), (0.02, 0.5), (0.04, 1.0), (0.52, 0.5), (1.0, 0.0)],
)
def test_the_learning_rate_goes_up_in_a_line_and_down_in_a_line(
    share: float, factor: float
) -> None:
    assert module._schedule(share, 0.04) == pytest.approx(factor)


def test_biases_and_norms_are_not_drawn_towards_zero() -> None:
    network, _ = tiny_network()

    decayed, others = module._groups(network, 0.25)

    assert (decayed["weight_decay"], others["weight_decay"]) == (0.25, 0.0)
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    bare = {names[id(parameter)] for parameter in others["params"]}
    assert all(name.endswith("bias") or "LayerNorm" in name for name in bare)
    assert len(decayed["params"]) + len(others["params"]) == len(names)
    assert "relevance.weight" in {names[id(parameter)] for parameter in decayed["params"]}
