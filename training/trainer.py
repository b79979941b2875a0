"""Training loop over a stream of examples, with checkpoints to resume from.

The same seed gives the same stream.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from indexer.errors import ReaderError
from indexer.progress import Progress
from training.checkpoint import reading_checkpoint
from training.material import Example
from training.network import ReaderNetwork
from training.outputs import loss_of, outputs_of
from training.sequences import Batch, TokenSequence, batches, sequences
from training.weights import put_in, trained_weights

# One epoch of examples, by its number; the same number, the same examples.
ExampleSource = Callable[[int], Iterator[Example]]

_CHUNK = 16_384  # examples that are sorted by length together
_AVERAGED_STEPS = 100  # that a running average goes back


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights, beside the data and the machine's roundings."""

    seed: int = 20240521
    tokens: int = 16_000_000
    batch_tokens: int = 4_096
    learning_rate: float = 2.5e-4
    warmup: float = 0.04
    weight_decay: float = 0.01
    clip: float = 1.0
    # Without an end: the rate rises over so many tokens, then stays, and the weights that count
    # are a running average. 0 for a schedule that ends with `tokens`.
    steady_after: int = 0


@dataclass(slots=True)
class Position:
    """Progress of a training."""

    tokens: int = 0
    steps: int = 0
    epoch: int = 0
    chunk: int = 0
    batch: int = 0


@dataclass(frozen=True, slots=True)
class _Clock:
    """A budget of time: from a share already spent, evenly to all of it."""

    spent: float
    begin: float
    seconds: float

    def share(self, now: float) -> float:
        return self.spent + (1 - self.spent) * (now - self.begin) / self.seconds


class Trainer:
    """Fits one network by one recipe; `run` may be called again after any interruption."""

    def __init__(
        self,
        network: ReaderNetwork,
        words: nn.Embedding,
        tokenizer: Tokenizer,
        recipe: Recipe,
        folder: Path,
    ) -> None:
        """Take the parts, and the last checkpoint of the folder when it has one.

        Raises:
            ReaderError: when the checkpoint is broken, or of another stream of examples.
        """
        self.network, self.words, self.recipe = network, words, recipe
        self.position = Position()
        self.history: list[dict[str, Any]] = []
        self._clock: _Clock | None = None
        self._tokenizer = tokenizer
        self._path = folder / "checkpoint.pt"
        self._weights = trained_weights(network)
        self._average = self._weights
        if recipe.steady_after:
            self._average = {name: tensor.clone() for name, tensor in self._weights.items()}
        self._optimizer = torch.optim.AdamW(
            _groups(network, recipe.weight_decay),
            lr=recipe.learning_rate,
            betas=(0.9, 0.98),
            fused=True,
        )
        if self._path.exists():
            self._load()

    def run(
        self,
        examples: ExampleSource,
        progress: Progress,
        measure: Callable[[], dict[str, float]],
        *,
        checkpoint_seconds: float = 180,
        measure_tokens: int = 2_000_000,
        minutes: float | None = None,
    ) -> None:
        """Train until the budget is spent; where it is spent already, nothing changes.

        A run that goes on with another budget has another end of its schedule. With `minutes`, the
        schedule also ends after so much time: the learning rate falls by the clock from where it
        is, for a machine whose speed nobody knows beforehand.
        """
        if self.position.tokens >= self.recipe.tokens:
            return
        self.network.train()
        progress.stage("train", self.recipe.tokens)
        progress.advance(self.position.tokens)
        saved = time.monotonic()
        if minutes is not None:
            spent = self.position.tokens / self.recipe.tokens
            self._clock = _Clock(spent, saved, 60 * minutes)
        losses: list[float] = []
        for batch in self._stream(examples):
            count = int(batch.mask.sum())
            losses.append(self._step(batch))
            before = self.position.tokens
            self.position.tokens += count
            self.position.steps += 1
            self.position.batch += 1
            progress.advance(count)
            due = self.position.tokens // measure_tokens > before // measure_tokens
            finished = self._share() >= 1
            if finished:
                self.save()  # measuring takes minutes
            if due or finished:
                with self._averaged():
                    measures = measure()
                self._note(losses, measures)
                losses = []
            if time.monotonic() - saved > checkpoint_seconds:
                self.save()
                saved = time.monotonic()
            if finished:
                break
        self.save()

    def save(self) -> None:
        """Write a checkpoint; the last one stays whole until the new one is."""
        unfinished = self._path.with_suffix(".unfinished")
        state = {
            "base": self.network.base,
            "network": self._weights,
            "average": self._average,
            "optimizer": self._optimizer.state_dict(),
            "position": asdict(self.position),
            "recipe": asdict(self.recipe),
            "history": self.history,
        }
        torch.save(state, unfinished)
        unfinished.replace(self._path)

    def _load(self) -> None:
        with reading_checkpoint(self._path):
            state = torch.load(self._path, weights_only=True, map_location=self.words.weight.device)
            self._check(state["recipe"])
            put_in(self.network, state["network"])
            if self.recipe.steady_after:
                self._average = state["average"]
            self._optimizer.load_state_dict(state["optimizer"])
            self.position = Position(**state["position"])
            self.history = state["history"]

    def _check(self, recipe: dict[str, Any]) -> None:
        # The position counts batches of the stream that these two decide.
        for name in ("seed", "batch_tokens"):
            found, wanted = recipe[name], getattr(self.recipe, name)
            if found != wanted:
                raise ReaderError(
                    f"{self._path} was trained with {name} {found}; expected {wanted}, since its "
                    "place in the stream means nothing in another. Give the same or another folder"
                )

    def _note(self, losses: list[float], measures: dict[str, float]) -> None:
        entry: dict[str, Any] = {
            "tokens": self.position.tokens,
            "steps": self.position.steps,
            "loss": round(float(np.mean(losses)), 4),
            **{name: round(value, 4) for name, value in measures.items()},
        }
        self.history.append(entry)
        # Written anew, since a run that goes on from a checkpoint may note the same steps again.
        lines = "".join(json.dumps(noted) + "\n" for noted in self.history)
        self._path.with_name("history.jsonl").write_text(lines, encoding="utf-8")

    def _stream(self, examples: ExampleSource) -> Iterator[Batch]:
        """Yield the batches from the present position on."""
        while True:
            stream = examples(self.position.epoch)
            for number in _count_up():
                part = list(islice(stream, _CHUNK))
                if not part:
                    break
                if number < self.position.chunk:
                    continue
                found: list[TokenSequence] = list(sequences(self._tokenizer, part))
                generator = np.random.default_rng([self.recipe.seed, self.position.epoch, number])
                made = batches(found, self.recipe.batch_tokens, generator)
                yield from islice(made, self.position.batch, None)
                self.position.chunk, self.position.batch = number + 1, 0
            self.position.epoch, self.position.chunk = self.position.epoch + 1, 0

    def _share(self) -> float:
        """Return how much of the budget is spent, of tokens or of time, whichever is more."""
        spent = self.position.tokens / self.recipe.tokens
        return spent if self._clock is None else max(spent, self._clock.share(time.monotonic()))

    def _step(self, batch: Batch) -> float:
        rate = self.recipe.learning_rate * self._factor()
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        relevance, start, end = outputs_of(self.network, self.words, batch)
        loss = loss_of(batch, relevance, start, end)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call] # torch leaves it without annotations
        nn.utils.clip_grad_norm_(self.network.parameters(), self.recipe.clip)
        self._optimizer.step()
        self._follow()
        return float(loss.detach())

    def _factor(self) -> float:
        if self.recipe.steady_after:
            return min(1.0, max(1e-3, self.position.tokens / self.recipe.steady_after))
        return _schedule(self._share(), self.recipe.warmup)

    def _follow(self) -> None:
        """Draw the average towards the weights."""
        if not self.recipe.steady_after:
            return
        # Short at first, so that what the network began with is soon forgotten.
        back = min(_AVERAGED_STEPS, 1 + self.position.steps // 4)
        for name, average in self._average.items():
            average.lerp_(self._weights[name], 1 / back)

    @contextmanager
    def _averaged(self) -> Iterator[None]:
        """Have the network use its average meanwhile."""
        own = {name: tensor.clone() for name, tensor in self._weights.items()}
        put_in(self.network, self._average)
        try:
            yield
        finally:
            put_in(self.network, own)


def _schedule(share: float, warmup: float) -> float:
    """Return the factor of the learning rate: up in a line, then down in a line to nothing."""
    return max(0.0, min(share / warmup, (1 - share) / (1 - warmup), 1.0)) if share > 0 else 1e-3


def _groups(network: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Return the parameters; biases and norms are not drawn towards zero."""
    trained = [p for p in network.parameters() if p.requires_grad]
    decayed = [p for p in trained if p.ndim > 1]
    others = [p for p in trained if p.ndim <= 1]
    return [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]


def _count_up() -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1
