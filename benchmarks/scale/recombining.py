"""Recombined passages: half of one real passage and half of another.

Word order within each half and term frequencies stay natural. The vector is that of the first
passage moved towards that of the second and a little at random: unit length, cosine about 0.9 to
the first.
"""

from collections.abc import Sequence

import numpy as np

from benchmarks.scale.source import SourcePassage
from indexer.store import Embeddings

# So much of the second vector is added, and a random one of this length.
_LEAST_MOVED, _MOST_MOVED = 0.2, 0.6
_RANDOM = 0.15


def recombined_sentences(first: SourcePassage, second: SourcePassage) -> tuple[str, ...]:
    """Join the first half of one passage's sentences and the second half of another's.

    A passage of one sentence is cut between two words.

    >>> one, two = SourcePassage(("A a.", "B b."), "body"), SourcePassage(("C c.", "D d."), "body")
    >>> recombined_sentences(one, two)
    ('A a.', 'D d.')
    >>> recombined_sentences(SourcePassage(("Rain falls now",), "body"), two)
    ('Rain falls d.',)
    """
    if len(first.sentences) > 1:
        beginning = first.sentences[: (len(first.sentences) + 1) // 2]
        return (*beginning, *second.sentences[(len(second.sentences) + 1) // 2 :])
    words, others = _words(first.sentences), _words(second.sentences[-1:])
    half = words[: (len(words) + 1) // 2]
    return (" ".join([*half, *others[len(others) // 2 :]]),)


def jittered(first: Embeddings, second: Embeddings, generator: np.random.Generator) -> Embeddings:
    """Return unit vectors near the first ones, moved towards the second ones and at random."""
    count, dimension = first.shape
    moved = generator.uniform(_LEAST_MOVED, _MOST_MOVED, (count, 1))
    noise = generator.standard_normal((count, dimension)) * (_RANDOM / dimension**0.5)
    mixed = first + moved * second + noise
    found: Embeddings = (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32)
    return found


def _words(sentences: Sequence[str]) -> list[str]:
    return " ".join(sentences).split() or ["-"]
