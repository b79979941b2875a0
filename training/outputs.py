"""A network's outputs of a batch, and what is wrong with them."""

import torch
from torch import nn
from torch.nn import functional

from training.network import ReaderNetwork
from training.sequences import UNKNOWN, Batch

_FAR_BELOW = -1e4  # a logit that no softmax sees
RELEVANCE_WEIGHT = 1.0


def outputs_of(
    network: ReaderNetwork, words: nn.Embedding, batch: Batch
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return a network's logits of a batch, float32 on the CPU, from wherever its words are.

    It computes in bfloat16 where the processor can; others take seven times as long for that.
    """
    device = words.weight.device
    able = device.type != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()  # noqa: SLF001 - torch's only way
    with torch.autocast(device.type, torch.bfloat16, enabled=able):
        relevance, start, end = network(
            words(torch.from_numpy(batch.ids).to(device)),
            torch.from_numpy(batch.types).to(device),
            torch.from_numpy(batch.mask).to(device),
        )
    return relevance.float().cpu(), start.float().cpu(), end.float().cpu()


def loss_of(
    batch: Batch, relevance: torch.Tensor, start: torch.Tensor, end: torch.Tensor
) -> torch.Tensor:
    """Return the loss of a batch: cross entropy of start and end, and of relevance."""
    blocked = ~torch.from_numpy(batch.allowed)
    spans = torch.zeros(())
    for logits, target in ((start, batch.start), (end, batch.end)):
        wanted = torch.from_numpy(target)
        if bool((wanted != UNKNOWN).any()):
            masked = logits.masked_fill(blocked, _FAR_BELOW)
            spans = spans + functional.cross_entropy(masked, wanted, ignore_index=UNKNOWN) / 2
    labels = torch.from_numpy(batch.relevant)
    known = ~torch.isnan(labels)
    if not bool(known.any()):
        return spans
    judged = functional.binary_cross_entropy_with_logits(relevance[known], labels[known])
    return spans + RELEVANCE_WEIGHT * judged
