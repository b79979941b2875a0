"""Which reports may be copies of each other? MinHash signatures and locality-sensitive hashing.

A signature takes about 0.5 kB, whatever the length of its text; no text is held. What is found here
is compared in full afterwards.
"""

import re
from collections.abc import Iterator
from hashlib import sha256

from rensa import RMinHash, RMinHashLSH

from indexer.text.analyzer import fold

# Runs of so many words are counted; different reports of one event share few of them.
SHINGLE = 5

# 40 bands of 3 values: of pairs that share 0.3 of their runs 67 % are found, 0.4 93 %, 0.5 99.5 %.
_PERMUTATIONS = 120
_BANDS = 40
_SEED = 1

# Three standard deviations of the estimate at 0.5, so that next to nothing is lost by it.
_MARGIN = 0.14

_WORD = re.compile(r"\w+")
_MARKS = "\u2013\u2014\u201c\u201d"  # folding leaves no other apostrophe, and no ellipsis
_AS_SPACE = {code: " " for code in range(128) if not _WORD.fullmatch(chr(code))}


def even(text: str) -> str:
    """Return a text as it is compared: folded, in lower case, with single spaces.

    >>> even("The  U.S. envoy")
    'the usa envoy'
    """
    return even_of(fold(text))


def even_of(folded: str) -> str:
    """Return a text as it is compared; it has been folded already."""
    return " ".join(casefolded(folded).split())


def casefolded(text: str) -> str:
    """Return `text.casefold()`, which takes a fifth of the time where only letters are English."""
    if text.isascii() or not _plain(text).isascii():
        return text.casefold()
    return text.encode().lower().decode()


def _plain(text: str) -> str:
    """Return a text with spaces for the marks that are in most news beside English letters."""
    for mark in _MARKS:
        text = text.replace(mark, " ")
    return text


def exact_key(text: str) -> bytes:
    """Return a hash of an `even` text: 16 bytes, the same for texts that are equal then."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def words_of(text: str) -> list[str]:
    """Return the words of an `even` text, whose runs are compared."""
    # Letters are looked up one by one only where there are others than English ones.
    plain = text if text.isascii() else _plain(text)
    return plain.translate(_AS_SPACE).split() if plain.isascii() else _WORD.findall(text)


def shingles(words: list[str]) -> set[str]:
    """Return the runs of words of a text; all of it when it is shorter than one."""
    return set(_runs(words))


def _runs(words: list[str]) -> list[str]:
    if len(words) <= SHINGLE:
        return [" ".join(words)]
    return list(map(" ".join, zip(*(words[first:] for first in range(SHINGLE)), strict=False)))


def jaccard(one: set[str], other: set[str]) -> float:
    """Return how much two sets share, from 0 to 1.

    >>> jaccard({"a", "b"}, {"b", "c"})
    0.3333333333333333
    """
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def containment(one: set[str], other: set[str]) -> float:
    """Return how much of the smaller set is in the other, from 0 to 1."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def signature_of(words: list[str]) -> bytes:
    """Return the signature of a report as it can be stored."""
    signature = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    signature.update(_runs(words))  # one that recurs changes nothing
    return bytes(signature.__getstate__())


class Signatures:
    """The signatures of reports, by number, and which of them are near each other."""

    def __init__(self, threshold: float) -> None:
        """Look for pairs that share about `threshold` of their runs of words, or more."""
        self._least = threshold - _MARGIN
        self._index = RMinHashLSH(threshold=threshold, num_perm=_PERMUTATIONS, num_bands=_BANDS)
        self._signatures: dict[int, RMinHash] = {}

    def add(self, number: int, stored: bytes) -> None:
        """Add the report of a number, which must be new, with what `signature_of` returned."""
        signature = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
        signature.__setstate__(stored)
        self._signatures[number] = signature
        self._index.insert(number, signature)

    def near(self) -> Iterator[tuple[int, list[int]]]:
        """Yield each number that has any near it, and these, ascending."""
        for number, signature in sorted(self._signatures.items()):
            found = sorted(
                other
                for other in set(self._index.query(signature)) - {number}
                if signature.jaccard(self._signatures[other]) >= self._least
            )
            if found:
                yield number, found
