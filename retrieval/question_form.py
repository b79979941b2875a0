"""What kind of answer does a question expect, and where does a sentence have one?

In: a question or a sentence. Out: the expected kind, and spans of the sentence. General English:
no word list here knows a topic.
"""

import re
from collections.abc import Iterator
from typing import Literal

from indexer.documents import Span

AnswerKind = Literal["person", "time", "number", "place", "yes_no", "other"]

_NUMBER_WORD = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    "hundred|thousand|million|billion|trillion|dozen|half|"
    "hundreds|thousands|millions|billions|trillions|dozens"
)
_MONTH = (
    "january|february|(?-i:March)|april|(?-i:May)|june|july|august|september|october|november|december|"
    r"(?:jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
_UNIT = "second|minute|hour|day|week|month|year|decade|century|centurie"
_DAY = (
    "(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|tomorrow|tonight|midnight|noon|"
    "morning|afternoon|evening|night|weekend"
)
_YEAR = r"(?:1\d|20)\d\ds?"

_TIME = re.compile(
    rf"\b(?:(?:{_MONTH})(?:\s+\d{{1,2}}(?:st|nd|rd|th)?)?(?:\s?,?\s+{_YEAR})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})(?:\s?,?\s+{_YEAR})?"
    rf"|(?:last|next|this|past|previous|following)\s+(?:{_UNIT}|{_DAY})s?"
    rf"|(?:{_DAY})s?"
    rf"|\w+\s+(?:{_UNIT})s?\s+(?:ago|later|earlier|before|after)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)\s+century"
    rf"|\d{{1,2}}[:.]\d{{2}}(?:\s?[ap]\.?m\b\.?)?|\d{{1,2}}\s?[ap]\.?m\b\.?"
    rf"|\d{{4}}-\d{{2}}(?:-\d{{2}})?|{_YEAR})(?!\w)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    rf"[$€£¥]?\s?(?<![\w.])\d[\d.,]*\b(?:[\s-](?:{_NUMBER_WORD})\b)*(?:\s?(?:%|percent\b))?"
    rf"|\b(?:{_NUMBER_WORD})\b(?:[\s-](?:{_NUMBER_WORD}|of\s+(?:{_NUMBER_WORD}))\b)*",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w[\w’'.-]*")
_LINKS = frozenset("of the for and de da del al bin ibn van von der la le".split())
_MOST_LINKS = 2
_PLACE_LEADS = frozenset(
    "in at from near to into outside inside around across through toward towards of".split()
)

_ASKS: tuple[tuple[AnswerKind, re.Pattern[str]], ...] = (
    (
        "number",
        re.compile(
            r"\bhow\s+(?:many|much|old|long|far|high|tall|large|big|fast|deep|wide|heavy|often)\b"
            r"|\b(?:what|which)\s+(?:number|percentage|percent|share|amount|age|fraction|proportion)\b"
            r"|\b(?:what|which)\s+(?:is|was|were|are)\s+the\s+(?:total|number|population|percentage|"
            r"cost|price|size|length|height|distance)\b"
        ),
    ),
    (
        "time",
        re.compile(
            r"\bwhen\b|\bhow\s+soon\b"
            r"|\b(?:what|which)\s+(?:year|date|day|month|time|decade|century|season)\b"
        ),
    ),
    ("person", re.compile(r"\b(?:who|whom|whose)\b|\bwhich\s+(?:person|man|woman|politician)\b")),
    (
        "place",
        re.compile(
            r"\bwhere\b|\b(?:what|which)\s+(?:\w+\s+)?"
            r"(?:country|city|state|town|place|nation|region|continent|province|county|village)\b"
        ),
    ),
    ("other", re.compile(r"\b(?:what|which|why|how)\b")),
)
_YES_NO = re.compile(
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|may|might|must)"
    r"(?:n't|n’t)?\b"
)
_CLAUSE = re.compile(r"[^.?!]+\?|[^.?!]+$")


def asking_clause(question: str) -> str:
    """Return the last sentence of a question: the ones before it often only set the scene.

    >>> asking_clause("Prices hit a record. How much is a gallon?")
    'How much is a gallon?'
    """
    clauses = [found.group().strip() for found in _CLAUSE.finditer(question)]
    asked = [clause for clause in clauses if clause.endswith("?") and _WORD.search(clause)]
    return asked[-1] if asked else question.strip()


def answer_kind(question: str) -> AnswerKind:
    """Return the kind of answer that a question expects, by its earliest question word.

    >>> answer_kind("In which city did they meet?")
    'place'
    """
    clause = asking_clause(question).lower()
    if _YES_NO.match(clause):
        return "yes_no"
    found = [(match.start(), kind) for kind, ask in _ASKS if (match := ask.search(clause))]
    # At one position the list's order holds: "how many" before "how".
    return min(found, key=lambda item: item[0])[1] if found else "other"


def typed_spans(kind: AnswerKind, sentence: str, known: frozenset[str]) -> list[Span]:
    """Return the spans of a sentence that are of the expected kind and new to the asker.

    Args:
        kind: what the question expects; "yes_no" and "other" have no spans.
        sentence: the text that the spans count in.
        known: lower-cased words of the question; a span made of them only is no answer.
    """
    if kind == "time":
        spans = [Span(*match.span()) for match in _TIME.finditer(sentence)]
    elif kind == "number":
        spans = [_stripped(sentence, match.span()) for match in _NUMBER.finditer(sentence)]
    elif kind == "person":
        spans = [span for span in names(sentence) if not _TIME.fullmatch(span.slice(sentence))]
    elif kind == "place":
        named = (span for span in names(sentence) if _led(sentence, span))
        spans = [span for span in named if not _TIME.fullmatch(span.slice(sentence))]
    else:
        spans = []
    return [span for span in spans if _is_new(span.slice(sentence), known)]


def names(sentence: str) -> Iterator[Span]:
    """Yield runs of capitalised words: "Joe Biden", "Ministry of Defence"."""
    start = end = 0
    for word in _WORD.finditer(sentence):
        text = word.group()
        joined = start < end and sentence[end : word.start()].strip() == ""
        if text[0].isupper() and not _only_a_sentence_start(sentence, word):
            if not (joined or (start < end and _linked(sentence[end : word.start()]))):
                if start < end:
                    yield Span(start, end)
                start = word.start()
            end = word.start() + len(text.rstrip(".'’-"))
    if start < end:
        yield Span(start, end)


def _linked(between: str) -> bool:
    """Tell whether only linking words stand between two capitalised words."""
    parts = between.split()
    return 0 < len(parts) <= _MOST_LINKS and all(part in _LINKS for part in parts)


def _only_a_sentence_start(sentence: str, word: re.Match[str]) -> bool:
    """Tell whether a word is capitalised only for standing first, as far as that can be told."""
    before = sentence[: word.start()].rstrip(" \"“”‘’'([")
    if before and before[-1] not in ".?!:":
        return False
    return word.group().lower() in _STARTERS


_STARTERS = frozenset(
    """
    a about after all also although an and another any are as at because before both but by can
    could despite did do does during each even every few first for from given had has have he her
    here his how however i if in indeed is it its last later let many meanwhile more most much my no
    none nor not now of on once one only or other our over people several she should since so some
    still such that the their then there these they this those though through thus to two under
    until up was we were what when where whether which while who why will with without would yes yet
    you your
    """.split()
)


def _led(sentence: str, span: Span) -> bool:
    """Tell whether a preposition of place, or a comma, stands before the name."""
    before = sentence[max(0, span.start - 16) : span.start].rstrip()
    if before.endswith(","):
        return True
    parts = before.lower().split()
    last = parts[-2] if len(parts) > 1 and parts[-1] == "the" else (parts[-1] if parts else "")
    return last in _PLACE_LEADS


def _stripped(sentence: str, bounds: tuple[int, int]) -> Span:
    text = sentence[bounds[0] : bounds[1]]
    left = len(text) - len(text.lstrip())
    return Span(bounds[0] + left, bounds[0] + len(text.rstrip(" .,")))


def _is_new(text: str, known: frozenset[str]) -> bool:
    return any(word.group().lower().rstrip(".'’-") not in known for word in _WORD.finditer(text))
