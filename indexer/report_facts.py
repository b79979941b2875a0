"""Which numbers, dates, names and denials does a report state, sentence by sentence?

In: the sentences of a report's kept text. Out: a `Report`, which another can be compared with.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from indexer.analyzer import fold, is_function_word
from indexer.date_lines import MONTHS

NUMBER, NAME, DENIAL = "#", "@", "!"

# The same words come again and again; about 5 MB.
_WORDS_REMEMBERED = 1 << 15

_PERCENT = re.compile(r"\b(?:per\s?cent|percent|pct)\b", re.IGNORECASE)
_TOKEN = re.compile(
    r"(?:(?<!\w)[-−+](?=[$€£¥₹]?\d))?[$€£¥₹]?\d[^\W_]*(?:[.:/-]\d[^\W_]*)*(?:\s?[%‰°€£¥₹])?"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"
)
# What a video player or a gallery writes into a page around a caption: it changes with every visit.
PLAYER = re.compile(
    r"\b(?:Video\s+)?Ad Feedback\b|\b(?:Just|Must)\s+Watch(?:ed)?\b|\bHide Caption\b"
    r"|(?:\bReplay\s+)?\bMore Videos\b(?:\s*(?:\.\.\.|…))?",
    re.IGNORECASE,
)
_PLAYER_DETAIL = re.compile(
    r"\(?\b\d{1,2}:\d\d\b\)?(?:\s*-\s*Source:.*)?|\b\d+ of \d+\b|\bPhotos:", re.IGNORECASE
)
# Clocks, and the days of "01/02/2024": the zero says nothing.
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
# However they are written; "march" and "may" in lower case are other words.
_NAMED_DAYS = frozenset([*_DAYS, "yesterday", "today", "tomorrow", "tonight"]) - {"march", "may"}
_DENIALS = frozenset(
    """
    not no never none neither nor without nobody nothing nowhere cannot hardly barely
    deny denies denied denying reject rejects rejected rejecting refuse refuses refused refusing
    fail fails failed failing
    """.split()
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence: its words in order, in lower case, and which were written with a capital."""

    words: tuple[str, ...]
    capitals: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The statements of a report, in order; `small` are the words that it writes in lower case."""

    statements: tuple[Statement, ...]
    small: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, name or denial in a sentence; `kind` is `NUMBER`, `NAME` or `DENIAL`."""

    kind: str
    value: str


def report_of(sentences: Iterable[str]) -> Report:
    """Return what is compared of a report.

    >>> report_of(["Ten boats left on Mon."]).statements[0].words
    ('10', 'boats', 'left', 'on', 'monday')
    """
    statements = tuple(found for text in sentences if (found := _statement(text)).words)
    small = frozenset(
        word
        for statement in statements
        for word, capital in zip(statement.words, statement.capitals, strict=True)
        if not capital
    )
    return Report(statements, small)


def facts_of(statement: Statement, small: frozenset[str]) -> tuple[list[str], list[Fact]]:
    """Return the words of a sentence that are no facts, and its facts, each in order.

    Args:
        statement: the sentence.
        small: words that are written without a capital too: they name nobody at the beginning of a
            sentence, nor in a headline that writes most words with one.
    """
    plain: list[str] = []
    facts: list[Fact] = []
    headline = _is_headline(statement)
    for place, (word, capital) in enumerate(zip(statement.words, statement.capitals, strict=True)):
        named = capital and not (word in small and (headline or place == 0))
        kind = _kind(word, named=named)
        if kind:
            facts.append(Fact(kind, word))
        else:
            plain.append(word)
    return plain, facts


def doubtful_names(statement: Statement) -> frozenset[str]:
    """Return the words of which `facts_of` asks whether they are written without a capital too."""
    if _is_headline(statement):
        written = zip(statement.words, statement.capitals, strict=True)
        return frozenset(word for word, capital in written if capital)
    return frozenset(statement.words[:1] if statement.capitals[:1] == (True,) else ())


def _is_headline(statement: Statement) -> bool:
    return 2 * sum(statement.capitals) > len(statement.words)


def _statement(text: str) -> Statement:
    if PLAYER.search(text):
        text = _PLAYER_DETAIL.sub(" ", PLAYER.sub(" ", text))
    found = _TOKEN.findall(_PERCENT.sub("%", fold(text)))
    return Statement(tuple(map(_word, found)), tuple(token[0].isupper() for token in found))


def _word(token: str) -> str:
    word = _LEADING_ZERO.sub("", "".join(token.casefold().split()))
    if token[0].isupper():
        word = _SHORT_DAYS.get(word, word)
    return _DIGITS.get(word, word)


@lru_cache(maxsize=_WORDS_REMEMBERED)
def _kind(word: str, *, named: bool) -> str:
    if word in _NUMBER_WORDS or any(character.isdigit() for character in word):
        return NUMBER
    if word in _DENIALS or word.endswith("n't"):
        return DENIAL
    if word in _NAMED_DAYS:
        return NAME
    return NAME if named and not is_function_word(word) else ""
