"""MinHash signatures of texts, and locality-sensitive hashing to find similar pairs."""

import re
from collections.abc import Iterator
from hashlib import sha256

from rensa import RMinHash, RMinHashLSH

# Different stories about one event share few 5-grams of words.
_SHINGLE_WORDS = 5

# 40 bands of 3 values find 67 % of the pairs with a Jaccard similarity of 0.3, 93 % at 0.4, 99.5 %
# at 0.5.
_PERMUTATIONS = 120
_BANDS = 40
_SEED = 1

# Three standard deviations of the estimate at 0.5, so that it rejects next to nothing.
_MARGIN = 0.14

_WORD = re.compile(r"\w+")


def normalize(folded: str) -> str:
    """Return a folded text in lower case with single spaces."""
    return " ".join(folded.casefold().split())


def exact_key(text: str) -> bytes:
    """Return a 16-byte hash of a normalized text."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def words_of(text: str) -> list[str]:
    """Return the words of a normalized text."""
    return _WORD.findall(text)


def shingles(words: list[str]) -> set[str]:
    """Return the word n-grams of a text; a text shorter than one n-gram is its only shingle."""
    return set(_ngrams(words))


def _ngrams(words: list[str]) -> list[str]:
    if len(words) <= _SHINGLE_WORDS:
        return [" ".join(words)]
    columns = (words[first:] for first in range(_SHINGLE_WORDS))
    return list(map(" ".join, zip(*columns, strict=False)))


def jaccard(one: set[str], other: set[str]) -> float:
    """Return the Jaccard similarity of two sets.

    >>> jaccard({"a", "b"}, {"b", "c"})
    0.3333333333333333
    """
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def containment(one: set[str], other: set[str]) -> float:
    """Return the fraction of the smaller set that the other contains."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def minhash(words: list[str]) -> bytes:
    """Return the MinHash signature of a text, serialized (about 0.5 kB)."""
    signature = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    signature.update(_ngrams(words))  # duplicates change nothing
    return bytes(signature.__getstate__())


class SignatureIndex:
    """MinHash LSH index of texts by number."""

    def __init__(self, threshold: float) -> None:
        """Create an index for pairs with a Jaccard similarity of about `threshold` or more."""
        self._least = threshold - _MARGIN
        self._index = RMinHashLSH(threshold=threshold, num_perm=_PERMUTATIONS, num_bands=_BANDS)
        self._signatures: dict[int, RMinHash] = {}

    def add(self, number: int, stored: bytes) -> None:
        """Add a text under a new number, with its serialized `minhash`."""
        signature = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
        signature.__setstate__(stored)
        self._signatures[number] = signature
        self._index.insert(number, signature)

    def neighbours(self) -> Iterator[tuple[int, list[int]]]:
        """Yield each number that has similar ones, with these in ascending order."""
        for number, signature in sorted(self._signatures.items()):
            found = sorted(
                other
                for other in set(self._index.query(signature)) - {number}
                if signature.jaccard(self._signatures[other]) >= self._least
            )
            if found:
                yield number, found
