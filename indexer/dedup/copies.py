"""Detection of articles that tell the same story: exact copies, near copies, edited reprints."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from indexer.dedup.differences import find_difference, have_similar_openings
from indexer.dedup.facts import Statements, statements_of
from indexer.dedup.signatures import (
    SignatureIndex,
    containment,
    exact_key,
    jaccard,
    minhash,
    normalize,
    shingles,
    words_of,
)
from indexer.text.analyzer import fold

# Raised whenever other articles could be found to be copies: written into the manifest.
DEDUP_VERSION = 2

# Fraction of the shorter text's shingles that the longer one must contain. Chosen on the odd half
# of the pairs of `evaluation/components/copies.py`: versions of one address reach it, different
# stories about one event, or of one series, do not.
MIN_CONTAINMENT = 0.9

# Below this Jaccard similarity, the shorter text is one item of a page about many things.
MIN_JACCARD = 0.3

# Shorter texts share most of their words by chance ("Results of Monday's matches"), so only equal
# ones are copies.
MIN_WORDS = 40

# A text of fewer shingles may be what an outlet prints on every page, such as a subscription offer,
# below a headline: then the headlines must be alike too.
_MIN_SHINGLES_WITHOUT_HEADLINE = 300

_MAX_CACHED_ARTICLES = 256

CopyRank: TypeAlias = tuple[bool, str, str]
Sentences: TypeAlias = Callable[[str], Sequence[str]]
"""Function that reads the sentences of an article's cleaned text by doc_id."""


class Signature(NamedTuple):
    """Fixed-size fingerprint of a cleaned text (about 0.6 kB), stored to propose copies.

    `key` is empty for a text without words, `minhash` for one of fewer than `MIN_WORDS`.
    """

    key: bytes = b""
    minhash: bytes = b""


NO_SIGNATURE = Signature()


@dataclass(frozen=True, slots=True)
class Features:
    """Precomputed features of one article for pairwise comparison."""

    shingles: set[str]
    statements: Statements

    @classmethod
    def of(cls, sentences: Sequence[str]) -> "Features":
        """Compute the features of an article's sentences."""
        words = words_of(normalize(fold("\n".join(sentences))))
        return cls(shingles(words), statements_of(sentences))


def sign(folded: str) -> Signature:
    """Compute the signature of a folded text."""
    normalized = normalize(folded)
    words = words_of(normalized)
    if not words:
        return NO_SIGNATURE
    return Signature(exact_key(normalized), minhash(words) if len(words) >= MIN_WORDS else b"")


def copy_rank(doc_id: str, published: str | None) -> CopyRank:
    """Return a sort key: the earliest article represents its copies; undated ones come last."""
    return published is None, published or "", doc_id


def find_copies(
    articles: Iterable[tuple[CopyRank, Signature]], sentences: Sentences
) -> dict[str, str]:
    """Map each article that has copies, representatives included, to its representative.

    Independent of the order of the articles. All copies of a story are copies of each other, so
    that neither a chain of small edits nor a common extract joins two different stories.

    Args:
        articles: the `copy_rank` and the `sign` of every article.
        sentences: reads the sentences of the same articles.
    """
    groups, near = _candidates(articles)
    firsts = [min(group) for group in groups]

    @lru_cache(maxsize=_MAX_CACHED_ARTICLES)
    def features(number: int) -> Features:
        return Features.of(sentences(firsts[number][-1]))

    representatives = _cluster(near, firsts, features)
    found: dict[str, str] = {}
    for number, group in enumerate(groups):
        if number in representatives or len(group) > 1:
            representative = firsts[representatives.get(number, number)][-1]
            found |= {doc_id: representative for _, _, doc_id in group}
    return found


def is_copy(one: Features, other: Features) -> bool:
    """Return whether two articles of at least `MIN_WORDS` words tell the same story."""
    return (
        jaccard(one.shingles, other.shingles) >= MIN_JACCARD
        and containment(one.shingles, other.shingles) >= MIN_CONTAINMENT
        and find_difference(one.statements, other.statements) is None
        and (
            min(len(one.shingles), len(other.shingles)) >= _MIN_SHINGLES_WITHOUT_HEADLINE
            or have_similar_openings(one.statements, other.statements)
        )
    )


def _candidates(
    articles: Iterable[tuple[CopyRank, Signature]],
) -> tuple[list[list[CopyRank]], dict[int, list[int]]]:
    """Return the groups of equal texts, and for each group the numbers of its near neighbours."""
    numbers: dict[bytes, int] = {}
    groups: list[list[CopyRank]] = []
    index = SignatureIndex(MIN_JACCARD)
    for order, signature in articles:
        if not signature.key:
            continue
        number = numbers.setdefault(signature.key, len(groups))
        if number == len(groups):
            groups.append([])
            if signature.minhash:
                index.add(number, signature.minhash)
        groups[number].append(order)
    return groups, dict(index.neighbours())


def _cluster(
    near: Mapping[int, Sequence[int]],
    ranks: Sequence[CopyRank],
    features: Callable[[int], Features],
) -> dict[int, int]:
    """Map each group that has near copies to its representative; the first by rank claims them."""
    representatives: dict[int, int] = {}
    for number in sorted(near, key=ranks.__getitem__):
        if number in representatives:
            continue
        copies = [number]
        for other in sorted(near[number], key=ranks.__getitem__):
            if other not in representatives and all(
                is_copy(features(copy), features(other)) for copy in copies
            ):
                copies.append(other)
        if len(copies) > 1:
            representatives |= dict.fromkeys(copies, number)
    return representatives
