"""Words of a text as they are compared: normalised, with their offsets; and its typography."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from indexer.dedup.facts import normal_word

# Kana and Han are written without spaces: each character is a word.
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_INSIDE = "\u00ad\u200b-\u200d\u2060\ufeff"  # soft hyphens and joiners, which nobody sees
_ACCENTS = "\u0300-\u036f"
_APOSTROPHES = "'’‘ʼ＇´"
_WORD = re.compile(
    rf"[{_HAN}]"
    rf"|\d+(?:[.,:/]\d+)*[^\W_{_HAN}]*"
    rf"|[^\W\d_{_HAN}](?:[^\W_{_HAN}]|[{_INSIDE}{_ACCENTS}]|[{_APOSTROPHES}](?=[^\W\d_]))*"
    r"|[%‰$€£¥₹]"
)
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_UNSEEN = re.compile(f"[{_INSIDE}{_ACCENTS}]")
_UNSEEN_MARKS = re.compile(f"[{_INSIDE}]")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_SENTENCE_END = re.compile(r"[.!?…:\n“”„«»\"‘‚‹›「]")
_CONTRACTED = {"re": "are", "ll": "will", "ve": "have", "m": "am"}
_DENIED = {"ca": "can", "wo": "will", "sha": "shall"}
_SPELLED = {"%": "percent", "pct": "percent"}

_MAX_CACHED_WORDS = 1 << 15  # about 5 MB

_QUOTATION_MARKS = re.compile(f'[“”„‟«»‹›「」『』"{_APOSTROPHES}‚‛`]+')
_REOPENED = re.compile(r"\s*\n\s*[“„«»‹›‘‚「『\"'*_]*\s*")
_DASHES = re.compile(r"\s*[-‐-―−]+\s*")
_DOTS = re.compile(r"\s*\.(?:\s?\.){2,}\s*")
_SPACE_BEFORE = re.compile(r"\s+(?=[!?:;,.])")
_EMPHASIS = re.compile(r"[*_]")


class Word(NamedTuple):
    """Normalised word at a half-open range of code points; two are equal if their keys are.

    `capital`: whether it is written with a capital; `first`: whether a sentence begins with it.
    """

    key: str
    start: int
    end: int
    capital: bool
    first: bool


def words_in(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Return the words of a text, or of a range of it; contractions give two words at one place.

    >>> [word.key for word in words_in("Don’t send 17,400 U.S. troops")]
    ['do', 'not', 'send', '17400', 'u', 's', 'troops']
    """
    return list(_words(text, start, len(text) if end is None else end))


def _words(text: str, begin: int, stop: int) -> Iterator[Word]:
    end = begin
    for match in _WORD.finditer(text, begin, stop):
        raw, start = match.group(), match.start()
        between = text[end:start]
        first = end == begin or (between != " " and _SENTENCE_END.search(between) is not None)
        end = match.end()
        capital = raw[0].isupper()
        for key in _keys(raw):
            yield Word(key, start, end, capital, first)
            capital = first = False  # of the other half of a contraction


@lru_cache(maxsize=_MAX_CACHED_WORDS)
def _keys(raw: str) -> tuple[str, ...]:
    if raw[0].isdigit():
        return (normal_word(_THOUSANDS.sub("", unicodedata.normalize("NFKC", raw))),)
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKD", _APOSTROPHE.sub("'", raw)))
    base, *ends = plain.split("'")
    if base.casefold() == "cannot":
        return ("can", "not")
    folded = base.casefold()
    if len(ends) == 1 and ends[0].casefold() == "t" and folded.endswith("n"):
        return (_DENIED.get(folded[:-1], folded[:-1]), "not")
    rest = (_CONTRACTED.get(end.casefold(), end.casefold()) for end in ends)
    return (_SPELLED.get(folded) or normal_word(base), *rest)


class WordText:
    """Words of a text, prepared for finding runs of words in it.

    Attributes:
        text: the text.
        keys: the keys of its words.
    """

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        """Read a text, or a half-open range of it; offsets are always those of the text."""
        self.text = text
        self._range = (start, len(text) if end is None else end)
        # Most texts are only asked for their keys, which are found five times as fast as words.
        self.keys = [key for raw in _WORD.findall(text, *self._range) for key in _keys(raw)]
        self._joined = f" {' '.join(self.keys)} "

    @cached_property
    def words(self) -> list[Word]:
        """Its words in order."""
        return words_in(self.text, *self._range)

    def places(self, keys: list[str], most: int = 100) -> list[int]:
        """Return the numbers of the words at which a run of words begins, at most `most`.

        >>> WordText("To be or not to be").places(["to", "be"])
        [0, 4]
        """
        wanted = f" {' '.join(keys)} "
        found: list[int] = []
        number = position = 0
        at = self._joined.find(wanted) if keys else -1
        while at >= 0 and len(found) < most:
            number += self._joined.count(" ", position, at)
            found.append(number)
            position = at
            at = self._joined.find(wanted, at + 1)
        return found

    def begins_sentence(self, number: int) -> bool:
        """Tell whether a sentence begins with a word, given its number."""
        return number < len(self.words) and self.words[number].first

    def has(self, keys: list[str]) -> bool:
        """Tell whether the words stand next to each other somewhere."""
        return f" {' '.join(keys)} " in self._joined

    def slice(self, first: int, last: int) -> str:
        """Return the text from word `first` until the end of the word before `last`."""
        return self.text[self.words[first].start : self.words[last - 1].end] if first < last else ""


def lowercase_words(text: str) -> frozenset[str]:
    """Return the words that a text writes without a capital somewhere."""
    return frozenset(
        key for raw in set(_WORD.findall(text)) if raw[0].islower() for key in _keys(raw)
    )


def same_typography(one: str, other: str) -> bool:
    r"""Tell whether two texts differ at most in the forms of marks, dashes and spaces.

    >>> same_typography("“We” – don’t", '"We" - don\'t'), same_typography("We go.", "We go!")
    (True, False)
    """
    return one == other or _typed(one) == _typed(other)


def _typed(text: str) -> str:
    seen = _UNSEEN_MARKS.sub("", text)
    plain = _QUOTATION_MARKS.sub("'", _REOPENED.sub(" ", seen))
    plain = _DOTS.sub("...", unicodedata.normalize("NFKC", plain))
    plain = _SPACE_BEFORE.sub("", _EMPHASIS.sub("", _DASHES.sub("-", plain)))
    return " ".join(plain.split())
