"""Wording of a question about a request, as a passage has it: "ask Chile" or "request from Chile".

The reader tells who asked whom in the wording that the passage has; in the other it takes one
party for the other ("What did Peru ask Chile?" beside "Chile requested a loan from Peru").
"""

import re
from collections.abc import Sequence
from typing import Final

from indexer.store import ALTERNATIVES

_BE: Final = ("is", "are", "was", "were")
_HAVE: Final = ("has", "have", "had")
_DO: Final = "do does did will would can could may might must should".split()
_AUXILIARY: Final = "|".join((*_BE, *_HAVE, *_DO))
_MOST_WORDS: Final = 8  # of who asks
_QUESTION: Final = re.compile(
    r"\s*(?:[^.?!;]*,\s+)?(?:what|which|how much|how many)\b(?P<noun>[^.?!;,]*?)\s"
    rf"(?P<aux>{_AUXILIARY})\s+"
    rf"(?P<who>(?:(?!(?:be|been|being|{_AUXILIARY})\b)[^\s.?!;]+\s+){{1,{_MOST_WORDS}}}?)"
    r"(?P<verb>ask|request)(?P<ending>ed|ing)?\s+(?P<whom>[^?!;]+?)\s*\?",
    re.IGNORECASE,
)
_ADDRESSED: Final = re.compile(r"(?:for\s+)?(?:of|from)\s+", re.IGNORECASE)
# No addressee follows, or a question is asked and nothing requested.
_NO_REQUEST: Final = re.compile(
    r"(?:for|about|to|in|on|at|by|after|before|during|if|whether|why|how|when|who)\b"
    r"|.*\b(?:about|whether|if)\b",
    re.IGNORECASE,
)
_THING: Final = re.compile(r"\s+(?:to\s+do|for)$", re.IGNORECASE)
_BEFORE_NOUNS: Final = re.compile(
    r"\b(?:an?|the|any|this|that|no|its|their|his|her|every)\s+$", re.I
)
_ASKS: Final = re.compile(r"\bask(?:s|ed|ing)?\b", re.IGNORECASE)
_REQUESTS: Final = re.compile(
    r"\brequest(?:s|ed|ing)?\s+(?!(?:from|of|to|by)\b)[^.?!]{1,200}?\bfrom\b", re.IGNORECASE
)
_A_REQUEST: Final = "requested it from"


def in_words_of(text: str, question: str) -> str:
    """Return a question about a request in the words of a text, any other question as it is.

    >>> in_words_of("Peru requested a loan from Chile.", "What did Peru ask Chile for?")
    'What did Peru request from Chile?'
    >>> in_words_of("Peru asked Chile for a loan.", "What help did Peru request from Chile?")
    'What help did Peru ask Chile for?'
    """
    found = _QUESTION.fullmatch(question)
    if found is None or not _is_active(found) or _BEFORE_NOUNS.search(found["who"]):
        return question
    asks = found["verb"].lower() == "ask"
    addressed = _ADDRESSED.match(found["whom"])
    if addressed is None and not (asks and not _NO_REQUEST.match(found["whom"])):
        return question
    whom = _THING.sub("", found["whom"][addressed.end() if addressed else 0 :])
    ending = found["ending"] or ""
    before = question[: found.start("verb")]
    if _REQUESTS.search(text) and not _ASKS.search(text):
        return f"{before}request{ending} from {whom}?"
    if not found["noun"].strip():
        return f"{before}ask{ending} {whom}?"
    return f"{before}ask{ending} {whom} for?" if addressed else question


def as_asked(question: str, terms: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return a question and its terms for BM25, the same whichever wording a request has.

    >>> as_asked("What did Peru request from Chile?", ("peru", "request", "chile"))
    ('What did Peru ask Chile?', ('peru', 'ask|request', 'chile'))
    """
    if in_words_of(_A_REQUEST, question) == in_words_of("", question):
        return question, tuple(terms)
    either = ALTERNATIVES.join(("ask", "request"))
    chosen = (either if term in ("ask", "request") else term for term in terms)
    return in_words_of("", question), tuple(dict.fromkeys(chosen))


def _is_active(found: re.Match[str]) -> bool:
    """Tell whether the first party asks: "has asked", "is asking", "did ask", not "was asked"."""
    fitting = {"": _DO, "ed": _HAVE, "ing": _BE}[(found["ending"] or "").lower()]
    return found["aux"].lower() in fitting
