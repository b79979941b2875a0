"""Batches of texts of one padded length, in which a text's vector does not depend on the others."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Batch: TypeAlias = tuple[list[int], list[NDArray[np.int32]]]
"""Rows of texts, and their token ids."""

# Sums over more padding are rounded otherwise: with bf16 on AVX512-BF16 a vector depends on the
# padded length (up to 1e-3 a component), but not on the batch or the threads. Rounding up the
# text's own length makes vectors reproducible bit for bit, in builds and updates. Steps of 4 and 8
# were equally fast with torch, 16 was slower by 4 %.
_LENGTH_STEP = 8


def batches(ids: Sequence[NDArray[np.int32]], most_tokens: int, batch_tokens: int) -> list[Batch]:
    """Return batches of texts of one padded length each, the longest first.

    Args:
        ids: the token ids of each text.
        most_tokens: what the model reads of a text.
        batch_tokens: tokens of a batch, padding included; one text may have more.
    """
    groups: dict[int, list[int]] = {}
    for row, row_ids in enumerate(ids):
        groups.setdefault(padded_length(len(row_ids), most_tokens), []).append(row)
    return [
        (rows, [ids[row] for row in rows])
        for length in sorted(groups, reverse=True)
        for rows in _parts(groups[length], max(1, batch_tokens // length))
    ]


def _parts(rows: list[int], count: int) -> Iterator[list[int]]:
    return (rows[start : start + count] for start in range(0, len(rows), count))


def padded_length(tokens: int, most_tokens: int) -> int:
    """Return the length to which a text of so many tokens is padded, whatever its neighbours.

    >>> [padded_length(tokens, 20) for tokens in (0, 8, 9, 17)]
    [8, 8, 16, 20]
    """
    rounded = -(-max(1, tokens) // _LENGTH_STEP) * _LENGTH_STEP
    return max(tokens, min(rounded, most_tokens))


def pad(
    ids: Sequence[Sequence[int] | NDArray[np.int32]], length: int, pad_id: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return token ids, padded on the right to `length`, and the attention mask.

    >>> pad([[7, 8], [9]], 3, 0)[0].tolist()
    [[7, 8, 0], [9, 0, 0]]
    """
    tokens = np.full((len(ids), length), pad_id, dtype=np.int64)
    mask = np.zeros((len(ids), length), dtype=np.int64)
    for row, row_ids in enumerate(ids):
        tokens[row, : len(row_ids)] = row_ids
        mask[row, : len(row_ids)] = 1
    return tokens, mask
