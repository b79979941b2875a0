"""Features of a question and a text: kind of answer, names and shared terms, in general English."""

import re
from collections.abc import Collection, Iterator
from typing import Literal

from indexer.documents import Span
from indexer.text.analyzer import content_terms, terms
from indexer.text.dates import MONTH_NAMES

AnswerKind = Literal["person", "time", "number", "place", "yes_no", "other"]

_WORD = re.compile(r"\w[\w’'.-]*")
_LINKS = frozenset("of the for and de da del al bin ibn van von der la le".split())
_MOST_LINKS = 2
# Adjectives extend names: "Iranian" begins with "Iran". Shorter names begin too many words.
_SHORTEST_STEM = 4
# Added to a question so that the analyzer does not fall back on function words.
_CONTENT_WORD = "zzyzx"

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
# "Can you tell me who did it?" asks who.
_POLITE = re.compile(
    r"\w+ (?:you|we|i|any(?:one|body)) (?:please )?(?:tell|know|say|explain|ask)\b"
)
_CLAUSE = re.compile(r"[^.?!]+\?|[^.?!]+$")
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|[mb]illions?|dozens?|half"
    r"|twice|none|no|several|few|many|most|a third|a quarter)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    rf"\d|\b(?:{MONTH_NAMES}|\w+day|today|tonight|tomorrow|now|ago|then|later|earlier|soon|morning"
    r"|noon|afternoon|evening|night|week(?:end)?s?|months?|years?|decades?|centur(?:y|ies)|spring"
    r"|summer|autumn|fall|winter|when|before|after|since|until|during|while|by|once)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z]")
_SOMEBODY = re.compile(
    r"\b(?:\w+(?:ers?|ors?|ists?|ians?|ants?|ents?|men|man|women|woman)|people|police|army"
    r"|he|she|they|who|king|queen|chief|head|boss|judges?|child(?:ren)?|boys?|girls?|group)\b",
    re.IGNORECASE,
)

_FORMS: dict[AnswerKind, tuple[re.Pattern[str], ...]] = {
    "number": (_NUMBER,),
    "time": (_TIME,),
    "person": (_NAME, _SOMEBODY),
    "place": (_NAME,),
}


def asking_clause(question: str) -> str:
    """Return the last sentence of a question; those before it often only set the scene.

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
    if _YES_NO.match(clause) and not _POLITE.match(clause):
        return "yes_no"
    found = [(match.start(), kind) for kind, ask in _ASKS if (match := ask.search(clause))]
    # At one position the first of the list wins: "how many" before "how".
    return min(found, key=lambda item: item[0])[1] if found else "other"


def suits(kind: AnswerKind, answer: str) -> bool:
    """Tell whether an answer has the form of its kind, as far as the kind has a form.

    >>> suits("person", "Jane Doe"), suits("number", "the mayor")
    (True, False)
    """
    forms = _FORMS.get(kind, ())
    return not forms or any(form.search(answer) for form in forms)


def overlap(question: str, text: str) -> float:
    """Return the fraction of a question's content terms that occur in a text.

    The initials of a name and the adjective of a country count as the name.

    >>> overlap("What did the US ask Iran?", "The United States has asked an Iranian.")
    1.0
    """
    asked = content_terms(f"{question} {_CONTENT_WORD}")[:-1]
    named = {term for span in names(question) for term in terms(span.slice(question))}
    short, found = initials(question), {*terms(text), *initials(text).values()}
    shared = [
        term
        for term in asked
        if term in found or short.get(term) in found or (term in named and _begins_any(term, found))
    ]
    return len(shared) / len(asked) if asked else 0.0


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


def initials(text: str) -> dict[str, str]:
    """Map each term of a name of several words to the term of its initials.

    >>> initials("aid of the United States")
    {'unit': 'usa', 'state': 'usa'}
    """
    found: dict[str, str] = {}
    for span in names(text):
        words = [word for word in span.slice(text).split() if word[0].isupper()]
        initials = terms("".join(word[0] for word in words)) if len(words) > 1 else []
        for term in terms(" ".join(words)) if initials else []:
            found.setdefault(term, initials[0])
    return found


def _begins_any(name: str, found: Collection[str]) -> bool:
    return len(name) >= _SHORTEST_STEM and any(term.startswith(name) for term in found)


def _linked(between: str) -> bool:
    """Tell whether only linking words are between two capitalised words."""
    parts = between.split()
    return 0 < len(parts) <= _MOST_LINKS and all(part in _LINKS for part in parts)


def _only_a_sentence_start(sentence: str, word: re.Match[str]) -> bool:
    """Tell whether a word is probably capitalised only because it begins a sentence."""
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
