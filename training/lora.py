"""Low-rank additions to frozen matrices (LoRA, Hu et al., ICLR 2022)."""

from typing import TypeVar

import torch
from torch import nn
from torch.nn import functional

RANK = 16
SCALE = 2.0  # of the addition; the paper's alpha by its rank

Kind = TypeVar("Kind", bound=nn.Module)


class LowRank(nn.Module):
    """A frozen linear map and a trained addition of low rank, which begins as nothing."""

    def __init__(self, frozen: nn.Linear, rank: int) -> None:
        super().__init__()
        self.frozen = frozen.requires_grad_(False)
        self.down = nn.Parameter(torch.empty(rank, frozen.in_features))
        self.up = nn.Parameter(torch.zeros(frozen.out_features, rank))
        nn.init.kaiming_uniform_(self.down, a=5**0.5)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Map (..., in) to (..., out)."""
        low = SCALE * functional.linear(inputs, self.down)
        mapped: torch.Tensor = self.frozen(inputs)
        return mapped + functional.linear(low, self.up)

    def merged(self) -> nn.Linear:
        """Return one linear map that does the same."""
        made = nn.Linear(self.frozen.in_features, self.frozen.out_features)
        with torch.no_grad():
            made.weight.copy_(self.frozen.weight + SCALE * self.up @ self.down)
            made.bias.copy_(self.frozen.bias)
        return made


def add_low_rank(module: nn.Module, rank: int = RANK) -> None:
    """Freeze a module and give each of its linear maps an addition."""
    module.requires_grad_(False)
    for parent, name, linear in _children(module, nn.Linear):
        setattr(parent, name, LowRank(linear, rank))


def merge_low_rank(module: nn.Module) -> None:
    """Put each addition into its matrix, as what ships has it."""
    for parent, name, low in _children(module, LowRank):
        setattr(parent, name, low.merged())


def _children(module: nn.Module, kind: type[Kind]) -> list[tuple[nn.Module, str, Kind]]:
    return [
        (parent, name, child)
        for parent in module.modules()
        for name, child in parent.named_children()
        if isinstance(child, kind)
    ]
