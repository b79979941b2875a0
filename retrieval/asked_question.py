"""What do a question and a sentence say, once taken apart? Terms, names, actors, speech acts.

In: their texts. Out: values that `sentence_features` compares. General English only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from indexer.analyzer import content_terms, fold, terms
from retrieval.question_form import AnswerKind, answer_kind, asking_clause, names

Actors = tuple[frozenset[str], frozenset[str]]

# Families of verbs that report speech; each row says one thing about what the speaker did.
_SPEECH_ACTS = (
    "ask request urge demand implore beg plead press call appeal encourage want seek insist",
    "say said tell told announce declare claim add explain note remark comment describe"
    " mention argue believe think",
    "deny denied denies reject dismiss refute dispute disavow rebut",
    "warn threaten caution vow pledge promise",
    "accuse blame condemn criticize criticise denounce slam",
    "agree accept approve confirm acknowledge admit support",
    "propose suggest recommend advise offer",
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being|be)\s+\w+(?:ed|en|ld|ght|de)\s+by\b")
_WORDS = re.compile(r"\w+")
# The analyzer falls back on function words when nothing else is there; with this word it does not.
_CONTENT_WORD = "zzyzx"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question taken apart once, for all sentences.

    `terms` are its distinct content terms in order, `named` those of its names; `aliases` maps
    terms of a long name to the term of its initials; `acts` are the families of its reporting
    verbs; `actors` are the terms of the first two names of the asking clause; `words` are all its
    words, lower-cased.
    """

    kind: AnswerKind
    terms: tuple[str, ...]
    named: frozenset[str]
    aliases: Mapping[str, str]
    acts: frozenset[int]
    actors: Actors | None
    passive: bool
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence with its terms in order.

    `places` maps each term, and the initials of each name, to the number of the term where it
    first stands; `cased` tells whether names can be told from other words.
    """

    text: str
    terms: tuple[str, ...]
    places: Mapping[str, int]
    acts: frozenset[int]
    passive: bool
    cased: bool


def take_apart(question: str) -> AskedQuestion:
    """Return what the features need to know of a question.

    >>> take_apart("What did the US ask Iran?").terms
    ('usa', 'ask', 'iran')
    """
    found = tuple(content_terms(f"{question} {_CONTENT_WORD}"))[:-1]
    named = {term for span in names(question) for term in terms(span.slice(question))}
    clause = asking_clause(question)
    return AskedQuestion(
        kind=answer_kind(question),
        terms=found,
        named=frozenset(found) & named,
        aliases=_initials(question),
        acts=_acts(terms(clause)),
        actors=_actors(clause, frozenset(found)),
        passive=_is_passive(clause),
        words=frozenset(word.lower() for word in _WORDS.findall(fold(question))),
    )


def read_sentence(text: str) -> ReadSentence:
    """Return what the features need to know of a sentence."""
    found = tuple(terms(text))
    places = {term: place for place, term in reversed(list(enumerate(found)))}
    for term, initials in _initials(text).items():
        places.setdefault(initials, places.get(term, 0))
    return ReadSentence(
        text=text,
        terms=found,
        places=places,
        acts=_acts(found),
        passive=_is_passive(text),
        cased=any(character.isupper() for character in text),
    )


def vocabulary(text: str) -> frozenset[str]:
    """Return the terms of a text and the initials of its names.

    >>> sorted(vocabulary("The United States left"))
    ['left', 'state', 'the', 'unit', 'usa']
    """
    return frozenset(terms(text)) | frozenset(_initials(text).values())


def _actors(clause: str, content: frozenset[str]) -> Actors | None:
    """Return the first two names of a clause, when it has two."""
    named = (frozenset(terms(span.slice(clause))) & content for span in names(clause))
    distinct = [name for name in dict.fromkeys(named) if name]
    return (distinct[0], distinct[1]) if len(distinct) > 1 else None


def _initials(text: str) -> dict[str, str]:
    """Map each term of a name of several words to the term of its initials."""
    found: dict[str, str] = {}
    for span in names(text):
        words = [word for word in span.slice(text).split() if word[0].isupper()]
        initials = terms("".join(word[0] for word in words)) if len(words) > 1 else []
        for term in terms(" ".join(words)) if initials else []:
            found.setdefault(term, initials[0])
    return found


def _is_passive(text: str) -> bool:
    return bool(_PASSIVE.search(text))


def _acts(found: list[str] | tuple[str, ...]) -> frozenset[int]:
    families = _speech_families()
    return frozenset(families[term] for term in found if term in families)


@cache
def _speech_families() -> dict[str, int]:
    """Map the term of each reporting verb to its family."""
    return {term: family for family, verbs in enumerate(_SPEECH_ACTS) for term in terms(verbs)}
