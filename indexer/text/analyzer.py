"""Analyzer of passages and questions, for every BM25 engine.

Text is folded, split into words and lower-cased; terms are also stemmed. Function words are removed
from questions only, so that phrases stay exact.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

# Increment also when other text is analysed.
ANALYZER_VERSION = 3

# Longer words are encoded blobs or URLs, which nobody searches for.
MAX_TERM_BYTES = 80

_APOSTROPHE = re.compile("[’‘ʼ＇´]")
# Not "U.S.S.R." or other longer acronyms; "u.s." is never the pronoun. Patterns that begin with a
# literal and look behind afterwards are three times as fast.
_COUNTRY_US = re.compile(
    r"U(?<!\wU)(?:\.\s?S\.(?:\s?A\.|A\b|(?![A-Z]\.))|SA?\b)|u(?<!\wu)\.s\.(?:a\.|(?![a-z]\.))"
)
_ACRONYM = re.compile(r"[A-Z](?<!\w[A-Z])\.(?:[A-Z]\.)+")
_THOUSANDS = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))")
_POSSESSIVE = re.compile(r"'(?<=\w')[sS]\b")
_SURROGATE = re.compile("[\ud800-\udfff]")

_FUNCTION_WORDS = frozenset(
    """
    a about above after again against all also am an and any are as at be because been before being
    below between both but by can could d did do does doing don down during each few for from
    further had has have having he her here hers herself him himself his how i if in into is it its
    itself just ll m may me might mine more most must my myself no nor not now of off on once only
    or other our ours ourselves out over own re s same shall she should so some such t than that the
    their theirs them themselves then there these they this those through to too under until up upon
    us ve very was we were what when where whether which while who whom whose why will with within
    without would you your yours yourself yourselves
    """.split()
)


def fold(text: str) -> str:
    """Return text with one spelling for the variants of a word.

    Applies NFKC and removes possessives, commas in numbers and the points of acronyms. "US", "U.S."
    and "U.S.A." become "USA", one term that differs from the pronoun. Lone surrogates, from invalid
    bytes on a command line, become U+FFFD.

    >>> fold("The U.S.’s 17,400 tons; Iran’s U.N. envoy")
    'The USA 17400 tons; Iran UN envoy'
    """
    folded = text
    if not text.isascii():
        # Before NFKC, which would turn an acute accent into a space.
        plain = _APOSTROPHE.sub("'", _SURROGATE.sub("\ufffd", text))
        folded = _APOSTROPHE.sub("'", unicodedata.normalize("NFKC", plain))
    if "U" in folded or "u.s." in folded:
        folded = _COUNTRY_US.sub("USA", folded)
    folded = _ACRONYM.sub(lambda match: match.group().replace(".", ""), folded)
    return _POSSESSIVE.sub("", _THOUSANDS.sub("", folded))


def folded_lines(texts: Sequence[str], folded: Sequence[str]) -> str:
    """Return `fold` of the joined lines `texts`, given `fold` of each.

    >>> texts = ["Aid from the U.", "S. came."]
    >>> folded_lines(texts, [fold(text) for text in texts])
    'Aid from the USA came.'
    """
    # Nothing else is folded across a line end: "U." may continue as "S.", and "U.S." as "A.".
    ends = (unicodedata.normalize("NFKC", text[-2:]) for text in texts[:-1])
    if any(end.endswith(("U.", "S.")) for end in ends):
        return fold("\n".join(texts))
    return "\n".join(folded)


def words(text: str) -> list[str]:
    """Return the folded, lower-cased words of a text, in order, for exact phrases.

    >>> words("The U.S. asked Iran")
    ['the', 'usa', 'asked', 'iran']
    """
    return list(word_analyzer().analyze(fold(text)))


def terms(text: str) -> list[str]:
    """Return the folded, lower-cased, stemmed terms of a text, in order, for BM25.

    >>> terms("The U.S. asked Iran")
    ['the', 'usa', 'ask', 'iran']
    """
    return list(term_analyzer().analyze(fold(text)))


def content_terms(text: str) -> list[str]:
    """Return the distinct terms of a question, in order, without its function words.

    If these are all, they stay, so that "who will be there" finds something. In a question without
    capitals, "us" also means the country.

    >>> content_terms("what did the US ask Iran?")
    ['usa', 'ask', 'iran']
    """
    folded = fold(text)
    found = word_analyzer().analyze(folded)
    stemmed = term_analyzer().analyze(folded)
    pairs = zip(found, stemmed, strict=True)
    content = [term for word, term in pairs if word not in _FUNCTION_WORDS]
    if "us" in found and not any(character.isupper() for character in text):
        content.insert(0, "usa")
    return list(dict.fromkeys(content or stemmed))


def is_function_word(word: str) -> bool:
    """Tell whether a lower-case word is a function word."""
    return word in _FUNCTION_WORDS


@cache
def word_analyzer() -> TextAnalyzer:
    """Return the analyzer of exact words, for folded text."""
    return _builder().build()


@cache
def term_analyzer() -> TextAnalyzer:
    """Return the analyzer of stemmed terms, for folded text."""
    return _builder().filter(Filter.stemmer("english")).build()


def _builder() -> TextAnalyzerBuilder:
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(MAX_TERM_BYTES))
        .filter(Filter.lowercase())
    )
