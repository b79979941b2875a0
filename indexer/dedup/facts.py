"""Extraction of the numbers, dates, names and denials that the sentences of a text state."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from indexer.text.analyzer import fold, is_function_word
from indexer.text.dates import MONTHS

NUMBER, NAME, DENIAL = "#", "@", "!"

_MAX_CACHED_WORDS = 1 << 15  # about 5 MB

_PERCENT = re.compile(r"\b(?:per\s?cent|percent|pct)\b", re.IGNORECASE)
_TOKEN = re.compile(
    r"(?:(?<!\w)[-−+](?=[$€£¥₹]?\d))?[$€£¥₹]?\d[^\W_]*(?:[.:/-]\d[^\W_]*)*(?:\s?[%‰°€£¥₹])?"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"
)
# Text of video players and galleries around a caption, which changes with every visit.
PLAYER = re.compile(
    r"\b(?:Video\s+)?Ad Feedback\b|\b(?:Just|Must)\s+Watch(?:ed)?\b|\bHide Caption\b"
    r"|(?:\bReplay\s+)?\bMore Videos\b(?:\s*(?:\.\.\.|…))?",
    re.IGNORECASE,
)
_PLAYER_DETAIL = re.compile(
    r"\(?\b\d{1,2}:\d\d\b\)?(?:\s*-\s*Source:.*)?|\b\d+ of \d+\b|\bPhotos:", re.IGNORECASE
)
# In times and in days such as "01/02/2024".
_LEADING_ZERO = re.compile(r"(?<![\d.])0(?=\d)")
_SMALL_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_DIGITS = {word: str(number) for number, word in enumerate(_SMALL_NUMBERS)}
_NUMBER_WORDS = frozenset(
    """
    thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion
    hundreds thousands millions billions dozen dozens half third quarter first second fourth fifth
    sixth seventh eighth ninth tenth twice double triple m bn
    """.split()
)
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", *MONTHS]
_SHORT_DAYS = {
    **{day[:3]: day for day in _DAYS},
    "tues": "tuesday",
    "thur": "thursday",
    "thurs": "thursday",
    "sept": "september",
}
# Days in upper or lower case; lower-case "march" and "may" are other words.
_NAMED_DAYS = frozenset([*_DAYS, "yesterday", "today", "tomorrow", "tonight"]) - {"march", "may"}
_DENIALS = frozenset(
    """
    not no never none neither nor without nobody nothing nowhere cannot hardly barely
    deny denies denied denying reject rejects rejected rejecting refuse refuses refused refusing
    fail fails failed failing
    """.split()
)


class Statement(NamedTuple):
    """Sentence as its words in order, in lower case, and which of them were capitalised."""

    words: tuple[str, ...]
    capitals: tuple[bool, ...]


class Statements(NamedTuple):
    """Sentences of one text, in order, and the words that it writes in lower case anywhere."""

    sentences: tuple[Statement, ...]
    lowercase: frozenset[str]


class Fact(NamedTuple):
    """Number, name or denial in a sentence; `kind` is `NUMBER`, `NAME` or `DENIAL`."""

    kind: str
    value: str


def statements_of(sentences: Iterable[str]) -> Statements:
    """Parse sentences for comparison; those without a word are dropped.

    >>> statements_of(["Ten boats left on Mon."]).sentences[0].words
    ('10', 'boats', 'left', 'on', 'monday')
    """
    parsed = tuple(found for text in sentences if (found := _parse(text)).words)
    lowercase = frozenset(
        word
        for statement in parsed
        for word, capital in zip(*statement, strict=True)
        if not capital
    )
    return Statements(parsed, lowercase)


def split_facts(statement: Statement, lowercase: frozenset[str]) -> tuple[list[str], list[Fact]]:
    """Return the words of a sentence that are not facts, and its facts, each in order.

    Args:
        statement: the sentence.
        lowercase: words also written without a capital: they are not names at the beginning of a
            sentence, nor in a headline that capitalises most words.
    """
    plain: list[str] = []
    facts: list[Fact] = []
    for word, kind in zip(statement.words, fact_kinds(statement, lowercase), strict=True):
        if kind:
            facts.append(Fact(kind, word))
        else:
            plain.append(word)
    return plain, facts


def fact_kinds(statement: Statement, lowercase: frozenset[str]) -> list[str]:
    """Return the kind of each word of a sentence, empty for one that is no fact.

    The arguments are those of `split_facts`.
    """
    headline = _is_headline(statement)
    return [
        _kind(word, named=capital and not (word in lowercase and (headline or position == 0)))
        for position, (word, capital) in enumerate(zip(*statement, strict=True))
    ]


def ambiguous_names(statement: Statement) -> frozenset[str]:
    """Return the words that `split_facts` looks up in `lowercase`."""
    if _is_headline(statement):
        return frozenset(word for word, capital in zip(*statement, strict=True) if capital)
    return frozenset(statement.words[:1] if statement.capitals[:1] == (True,) else ())


def _is_headline(statement: Statement) -> bool:
    return 2 * sum(statement.capitals) > len(statement.words)


def _parse(text: str) -> Statement:
    if PLAYER.search(text):
        text = _PLAYER_DETAIL.sub(" ", PLAYER.sub(" ", text))
    tokens = _TOKEN.findall(_PERCENT.sub("%", fold(text)))
    return Statement(tuple(map(normal_word, tokens)), tuple(token[0].isupper() for token in tokens))


@lru_cache(maxsize=_MAX_CACHED_WORDS)
def normal_word(token: str) -> str:
    """Return a word in lower case, small numbers as digits and days and months in full.

    >>> normal_word("Ten"), normal_word("Oct"), normal_word("07")
    ('10', 'october', '7')
    """
    word = _LEADING_ZERO.sub("", "".join(token.casefold().split()))
    if token[0].isupper():
        word = _SHORT_DAYS.get(word, word)
    return _DIGITS.get(word, word)


@lru_cache(maxsize=_MAX_CACHED_WORDS)
def _kind(word: str, *, named: bool) -> str:
    if word in _NUMBER_WORDS or any(character.isdigit() for character in word):
        return NUMBER
    if word in _DENIALS or word.endswith("n't"):
        return DENIAL
    if word in _NAMED_DAYS:
        return NAME
    return NAME if named and not is_function_word(word) else ""
