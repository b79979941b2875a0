"""Analyzer of passages and questions, for every BM25 engine.

Text is folded, split into words, and these lose accents and capitals; terms are also stemmed.
Function words are removed from questions only, so that phrases stay exact.

A word that is broken by a hyphen at the end of a line, or holds a zero-width non-joiner, counts in
both spellings: joined, as `fold` returns it, and apart.
"""

import re
from collections.abc import Sequence
from functools import cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from indexer.text.letters import WITHIN, fold_letters

# Increment also when other text is analysed.
ANALYZER_VERSION = 4

# Longer words are encoded blobs or URLs, which nobody searches for.
MAX_TERM_BYTES = 80

_BREAK = re.compile(r"-(?<=[^\W\d_]-)[^\S\r\n]*+[\r\n]\s*+(?=[^\W\d_])")
_HYPHEN_AT_END = re.compile(r"-[^\S\r\n]*+[\r\n]")
_OTHER_JOINTS = "\u200b\u200c\xac\xad\u2010\u2011\ufe63\uff0d"
_WITH_PARTS = re.compile(rf"(?<!\w)\w++(?:{WITHIN}++\w++)+")
# Not "U.S.S.R." or other longer acronyms; "u.s." is never the pronoun. Patterns that begin with a
# literal and look behind afterwards are three times as fast.
_COUNTRY_US = re.compile(
    r"U(?<!\wU)(?:\.\s?S\.(?:\s?A\.|A\b|(?![A-Z]\.))|SA?\b)|u(?<!\wu)\.s\.(?:a\.|(?![a-z]\.))"
)
_ACRONYM = re.compile(r"[A-Z](?<!\w[A-Z])\.(?:[A-Z]\.)+")
_THOUSANDS = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))")
_POSSESSIVE = re.compile(r"'(?<=\w')[sS]\b")

# Characters at the end of a line that may matter to the next, with invisible ones among them.
_LONGEST_END = 16

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
    r"""Return text with one spelling for the variants of a word.

    Folds letters and digits (`fold_letters`), joins words that the end of a line breaks, and
    removes possessives, commas in numbers and the points of acronyms. "US", "U.S." and "U.S.A."
    become "USA", one term that differs from the pronoun. Lone surrogates, from invalid bytes on a
    command line, become U+FFFD.

    >>> fold("The U.S.’s 17,400 tons; Iran’s gov-\nernment")
    'The USA 17400 tons; Iran government'
    """
    return _spelled(_with_joints(text).replace(WITHIN, ""))


def folded_lines(texts: Sequence[str], folded: Sequence[str]) -> str:
    """Return `fold` of the joined lines `texts`, given `fold` of each.

    >>> texts = ["Aid from the U.", "S. came."]
    >>> folded_lines(texts, [fold(text) for text in texts])
    'Aid from the USA came.'
    """
    # Nothing else is folded across a line end: "U." may continue as "S.", "U.S." as "A.", and a
    # word behind its hyphen.
    ends = (_letters(text[-_LONGEST_END:]) for text in texts[:-1])
    if any(end.rstrip().endswith(("U.", "S.", "-")) for end in ends):
        return fold("\n".join(texts))
    return "\n".join(folded)


def parts(text: str) -> str:
    r"""Return the parts of the words that may also be written apart, folded; mostly none.

    >>> parts("The well-\nknown gov-\nernment")
    'well known gov ernment'
    """
    if not _may_have_joints(text):
        return ""
    found = _WITH_PARTS.findall(_with_joints(text))
    return _spelled(" ".join(found).replace(WITHIN, " "))


def fold_for_terms(texts: Sequence[str], folded: Sequence[str]) -> str:
    """Return the joined lines `texts`, folded, and their `parts`, given `fold` of each."""
    return "\n".join(filter(None, (folded_lines(texts, folded), parts("\n".join(texts)))))


def fold_apart(text: str) -> str:
    r"""Return `fold` of a text with such words apart; empty if it has none.

    >>> fold_apart("the well-\nknown"), fold_apart("the well-known")
    ('the well known', '')
    """
    marked = _with_joints(text) if _may_have_joints(text) else ""
    return _spelled(marked.replace(WITHIN, " ")) if WITHIN in marked else ""


def readings(text: str) -> list[list[str]]:
    r"""Return the words of a text in each of its one or two spellings, for exact phrases.

    >>> readings("the well-\nknown")
    [['the', 'wellknown'], ['the', 'well', 'known']]
    """
    apart = fold_apart(text)
    return [words(text), *([list(word_analyzer().analyze(apart))] if apart else [])]


def words(text: str) -> list[str]:
    """Return the folded words of a text, in order.

    >>> words("The U.S. asked Perú")
    ['the', 'usa', 'asked', 'peru']
    """
    return list(word_analyzer().analyze(fold(text)))


def terms(text: str) -> list[str]:
    """Return the folded, stemmed terms of a text, in order, then those of its `parts`, for BM25.

    >>> terms("The U.S. asked Iran")
    ['the', 'usa', 'ask', 'iran']
    """
    return list(term_analyzer().analyze(fold_for_terms([text], [fold(text)])))


def content_terms(text: str) -> list[str]:
    """Return the distinct terms of a question, in order, without its function words.

    If these are all, they stay, so that "who will be there" finds something. In a question without
    capitals, "us" also means the country.

    >>> content_terms("what did the US ask Iran?")
    ['usa', 'ask', 'iran']
    """
    folded = fold_for_terms([text], [fold(text)])
    # With its accents: "thé" is tea.
    found = _accented_analyzer().analyze(folded)
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
    return _builder().filter(Filter.ascii_fold()).filter(Filter.lowercase()).build()


@cache
def term_analyzer() -> TextAnalyzer:
    """Return the analyzer of stemmed terms, for folded text."""
    without_accents = _builder().filter(Filter.ascii_fold()).filter(Filter.lowercase())
    return without_accents.filter(Filter.stemmer("english")).build()


@cache
def _accented_analyzer() -> TextAnalyzer:
    return _builder().filter(Filter.lowercase()).build()


def _builder() -> TextAnalyzerBuilder:
    return TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(MAX_TERM_BYTES))


def _letters(text: str) -> str:
    """Fold letters, digits and apostrophes."""
    if text.isascii():
        return text
    # First, since NFKC would turn an acute accent into a space.
    folded = fold_letters(text.replace("´", "'"))
    return folded.replace("’", "'").replace("‘", "'").replace("ʼ", "'")


def _may_have_joints(text: str) -> bool:
    if _HYPHEN_AT_END.search(text):
        return True
    return not text.isascii() and any(character in text for character in _OTHER_JOINTS)


def _with_joints(text: str) -> str:
    """Fold letters, and put `WITHIN` where a word is broken."""
    folded = _letters(text)
    return _BREAK.sub(_joint, folded) if "\n" in folded or "\r" in folded else folded


def _joint(match: re.Match[str]) -> str:
    """Return what joins both sides: not those of "US-backed" or "Al-Jazeera"."""
    before, after = match.string[match.start() - 1], match.string[match.end()]
    return WITHIN if before.isupper() == after.isupper() else match.group()


def _spelled(text: str) -> str:
    if "U" in text or "u.s." in text:
        text = _COUNTRY_US.sub("USA", text)
    text = _ACRONYM.sub(lambda match: match.group().replace(".", ""), text)
    return _POSSESSIVE.sub("", _THOUSANDS.sub("", text))
