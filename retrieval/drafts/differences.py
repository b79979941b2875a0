"""Differences between a quotation and the article: numbers, names, negations, other words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from indexer.dedup.facts import DENIAL, NAME, NUMBER, Statement, fact_kinds
from indexer.documents import Span
from indexer.text.analyzer import is_function_word
from retrieval.drafts.alignment import Alignment, Gap
from retrieval.drafts.quotations import Piece
from retrieval.drafts.words import Word, WordText

Kind = Literal["number", "name", "negation", "words"]

_KINDS: dict[str, Kind] = {NUMBER: "number", DENIAL: "negation", NAME: "name"}
_SYMBOLS = frozenset(["percent", *"‰$€£¥₹"])
_PREFIX = re.compile(r"(?:un|in|im|ir|il|dis|non|mis)")
# A gap of more words is another sentence, not another fact.
_LONGEST_FACT = 6
_MOST_OTHER = 1


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of a quotation that the article has otherwise; either side may be empty.

    Attributes:
        kind: what differs.
        draft: the draft's words, verbatim.
        archive: the article's words, verbatim.
        span: where these stand in the article; None if there are none.
        piece: number of the quotation's piece.
        words: range of the words in the piece.
    """

    kind: Kind
    draft: str
    archive: str
    span: Span | None
    piece: int
    words: tuple[int, int]


def find_differences(
    pieces: Sequence[Piece], text: WordText, alignment: Alignment, lowercase: frozenset[str]
) -> list[Difference]:
    """Return what differs in an alignment, in order; words that only the article has included.

    Args:
        pieces: of the quotation.
        text: the article.
        alignment: of both.
        lowercase: words known to be written in lower case, which are no names.
    """
    found: list[Difference] = []
    kinds_here = [_kinds(piece.words, lowercase) for piece in pieces]
    low = max(0, alignment.first - 1)
    kinds_there = _kinds(text.words[low : alignment.last + 1], lowercase)
    for gap in alignment.gaps:
        piece = pieces[gap.piece]
        here = piece.words[gap.first : gap.last]
        there = text.words[gap.there_first : gap.there_last]
        kind = _kind_of(
            list(zip(here, kinds_here[gap.piece][gap.first : gap.last], strict=True)),
            list(
                zip(there, kinds_there[gap.there_first - low : gap.there_last - low], strict=True)
            ),
        )
        found.append(_difference(kind, piece, gap, text))
    found += _replaced_facts(pieces, text, alignment, lowercase)
    return found


def _difference(kind: Kind, piece: Piece, gap: Gap, text: WordText) -> Difference:
    first, there_first = gap.first, gap.there_first
    # Half of a contraction is shown with its other half, which agrees: couldn't for could.
    if _splits(text.words, there_first) or _splits(piece.words, first):
        first, there_first = max(0, first - 1), max(0, there_first - 1)
    here, there = piece.words[first : gap.last], text.words[there_first : gap.there_last]
    return Difference(
        kind,
        piece.text[here[0].start : here[-1].end] if here else "",
        text.slice(there_first, gap.there_last),
        Span(there[0].start, there[-1].end) if there else None,
        gap.piece,
        (first, gap.last),
    )


def _splits(words: Sequence[Word], number: int) -> bool:
    return 0 < number < len(words) and words[number - 1].start == words[number].start


def _replaced_facts(
    pieces: Sequence[Piece], text: WordText, alignment: Alignment, lowercase: frozenset[str]
) -> Iterator[Difference]:
    """Yield the numbers and negations that brackets stand for, unless the brackets have them."""
    for number, piece in enumerate(pieces):
        if piece.join != "brackets":
            continue
        first, last = alignment.spans[number - 1][1], alignment.spans[number][0]
        put = WordText(piece.put_in)
        for kind in (NUMBER, DENIAL):
            hidden = [
                word
                for word, found in _with_kinds(text.words[first:last], lowercase)
                if found == kind and word.key not in put.keys
            ]
            if hidden:
                gap = Gap(number, 0, 0, first, last)
                difference = _difference(_KINDS[kind], piece, gap, text)
                yield Difference(
                    difference.kind,
                    piece.put_in,
                    difference.archive,
                    difference.span,
                    number,
                    (0, 0),
                )
                break


def _with_kinds(words: Sequence[Word], lowercase: frozenset[str]) -> list[tuple[Word, str]]:
    return list(zip(words, _kinds(words, lowercase), strict=True))


def _kinds(words: Sequence[Word], lowercase: frozenset[str]) -> list[str]:
    """Return the kind of fact that each word is, empty for other words."""
    kinds: list[str] = []
    begun = 0

    def sentence_of(word: Word) -> int:
        nonlocal begun
        begun += word.first
        return begun

    for _, group in groupby(words, key=sentence_of):
        sentence = list(group)
        statement = Statement(
            tuple(word.key for word in sentence), tuple(word.capital for word in sentence)
        )
        found = fact_kinds(statement, lowercase)
        kinds += [_kind_of_word(*each) for each in zip(sentence, found, strict=True)]
    return kinds


def _kind_of_word(word: Word, kind: str) -> str:
    if word.key == "1" and word.end - word.start > 1:
        return ""  # "one" is a number only beside another
    return NUMBER if word.key in _SYMBOLS else kind


def _kind_of(here: list[tuple[Word, str]], there: list[tuple[Word, str]]) -> Kind:
    """Return the fact in which two ranges differ; `words` if they say something else besides."""
    if len(here) > _LONGEST_FACT or len(there) > _LONGEST_FACT:
        return "words"
    if len(here) == len(there) == 1 and _are_opposites(here[0][0].key, there[0][0].key):
        return "negation"
    counts = [Counter((kind, word.key) for word, kind in side if kind) for side in (here, there)]
    only = (counts[0] - counts[1], counts[1] - counts[0])
    others = [
        sum(not kind and not is_function_word(word.key) for word, kind in side)
        for side in (here, there)
    ]
    if max(others) > _MOST_OTHER:
        return "words"
    for kind, name in _KINDS.items():
        sides = [any(found == kind for found, _ in side) for side in only]
        if all(sides) if kind == NAME else any(sides):
            return name
    return "words"


def _are_opposites(one: str, other: str) -> bool:
    """Tell whether one word is the other with a prefix that denies it.

    >>> _are_opposites("likely", "unlikely"), _are_opposites("stable", "table")
    (True, False)
    """
    shorter, longer = sorted((one, other), key=len)
    prefix = longer.removesuffix(shorter)
    return len(shorter) > len(prefix) and bool(_PREFIX.fullmatch(prefix))
