"""Comparison of the facts in two texts: a different fact makes a different story.

Sentences are compared pairwise when most of their other words agree; a sentence that only one text
has is an edit, not a difference.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple, Self

from indexer.dedup.facts import (
    DENIAL,
    NAME,
    NUMBER,
    Fact,
    Statement,
    Statements,
    ambiguous_names,
    split_facts,
)

Difference = Literal["number", "name", "denial", "order"]

# Dice similarities, chosen on the odd half of the pairs of `evaluation/components/copies.py`.
_MIN_SIMILARITY = 0.6
_MIN_OPENING_SIMILARITY = 0.5

# Each sentence is compared with those of many articles in turn; about 10 MB.
_MAX_CACHED_SENTENCES = 1 << 11

_KINDS: dict[str, Difference] = {NUMBER: "number", NAME: "name", DENIAL: "denial"}


class _Words(NamedTuple):
    """Word counts of a sentence, their total, and how many of them are repetitions."""

    counts: Counter[str]
    total: int
    repeated: int

    @classmethod
    def of(cls, words: Collection[str]) -> Self:
        counts = Counter(words)
        return cls(counts, len(words), len(words) - len(counts))


class _Sentence(NamedTuple):
    """Precomputed features of a sentence: the words that are not facts, all words, the facts."""

    plain: _Words
    every: _Words
    facts: tuple[Fact, ...]


def find_difference(one: Statements, other: Statements) -> Difference | None:
    """Return how the facts of two texts differ; None when both may tell the same story.

    Symmetric. Two similar sentences differ when only one has a number or a denial, when each has a
    name (or a day) that the other lacks, or when they have the same facts in another order. Two
    texts differ too when each gives numbers that the other does not mention at all.

    >>> from indexer.dedup.facts import statements_of
    >>> find_difference(statements_of(["It will not reopen."]), statements_of(["It will reopen."]))
    'denial'
    """
    lowercase = one.lowercase | other.lowercase
    left = _features(_only_in(one, other), lowercase)
    right = _features(_only_in(other, one), lowercase)
    found: set[Difference] = {
        kind
        for first in left
        for second in right
        if (first.facts or second.facts) and _are_similar(first, second)
        for kind in _different_facts(first.facts, second.facts)
    }
    if _has_new_number(left, other) and _has_new_number(right, one):
        found.add("number")
    return min(found, default=None)


def have_similar_openings(one: Statements, other: Statements) -> bool:
    """Return whether two texts open in similar words, or one contains the other's opening."""
    first, second = one.sentences[0], other.sentences[0]
    shared = Counter(first.words) & Counter(second.words)
    length = len(first.words) + len(second.words)
    return (
        2 * shared.total() >= _MIN_OPENING_SIMILARITY * length
        or _contains(_joined(other.sentences), first)
        or _contains(_joined(one.sentences), second)
    )


class StatementIndex:
    """Statements of one text, prepared for comparison with many sentences."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._joined = _joined(statements.sentences)
        self._features: list[_Sentence] | None = None

    def contains(self, sentence: Statement) -> bool:
        """Return whether the text has the words of a sentence, across sentence ends too."""
        return _contains(self._joined, sentence)

    def contains_paraphrase(self, sentence: Statement) -> bool:
        """Return whether a sentence of the text states the same facts in similar words.

        >>> from indexer.dedup.facts import statements_of
        >>> index = StatementIndex(statements_of(["The pier will reopen."]))
        >>> index.contains_paraphrase(statements_of(["It will not reopen."]).sentences[0])
        False
        """
        lowercase = self._statements.lowercase
        if self._features is None:
            self._features = _features(self._statements.sentences, lowercase)
        (mine,) = _features([sentence], lowercase)
        return any(
            _are_similar(mine, theirs) and not any(_different_facts(mine.facts, theirs.facts))
            for theirs in self._features
        )


def _has_new_number(sentences: Iterable[_Sentence], text: Statements) -> bool:
    numbers = {fact.value for each in sentences for fact in each.facts if fact.kind == NUMBER}
    return not numbers <= {word for each in text.sentences for word in each.words}


def _only_in(one: Statements, other: Statements) -> list[Statement]:
    joined = _joined(other.sentences)
    return [sentence for sentence in one.sentences if not _contains(joined, sentence)]


def _contains(joined: str, sentence: Statement) -> bool:
    return f" {' '.join(sentence.words)} " in joined


def _joined(sentences: Iterable[Statement]) -> str:
    return f" {' '.join(' '.join(each.words) for each in sentences)} "


def _features(sentences: Iterable[Statement], lowercase: frozenset[str]) -> list[_Sentence]:
    # Only the words that matter are part of the cache key.
    return [_features_of(each, lowercase & _ambiguous_names(each)) for each in sentences]


_ambiguous_names = lru_cache(maxsize=_MAX_CACHED_SENTENCES)(ambiguous_names)


@lru_cache(maxsize=_MAX_CACHED_SENTENCES)
def _features_of(sentence: Statement, lowercase: frozenset[str]) -> _Sentence:
    plain, facts = split_facts(sentence, lowercase)
    return _Sentence(_Words.of(plain), _Words.of(sentence.words), tuple(facts))


def _are_similar(one: _Sentence, other: _Sentence) -> bool:
    """Return whether two sentences share most words, with their facts or without them."""
    return _share_most(one.plain, other.plain) or _share_most(one.every, other.every)


def _share_most(one: _Words, other: _Words) -> bool:
    least = _MIN_SIMILARITY * (one.total + other.total)
    smaller = min(one.total, other.total)
    if not smaller or 2 * smaller < least:
        return False
    # Most pairs share few words: two upper bounds spare them the exact count.
    shared = one.counts.keys() & other.counts.keys()
    if 2 * (len(shared) + min(one.repeated, other.repeated)) < least:
        return False
    return 2 * sum(min(one.counts[word], other.counts[word]) for word in shared) >= least


def _different_facts(one: tuple[Fact, ...], other: tuple[Fact, ...]) -> Iterator[Difference]:
    if one == other:
        return
    here, there = Counter(one) - Counter(other), Counter(other) - Counter(one)
    if not here and not there:
        yield "order"
    for kind, name in _KINDS.items():
        sides = [any(fact.kind == kind for fact in side) for side in (here, there)]
        if all(sides) if kind == NAME else any(sides):
            yield name
