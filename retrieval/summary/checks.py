"""Check of a model's sentences against the quotes that they cite.

A sentence is compared word by word, in its own language: what it says with the words of its quotes
in another order is not noticed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from indexer.build.passages import sentences
from indexer.dedup.facts import DENIAL, NAME, NUMBER, fact_kinds, statements_of
from indexer.documents import Span
from indexer.text.analyzer import is_function_word, terms
from retrieval.answering.features import initials, overlap
from retrieval.drafts.quotations import find_quotations
from retrieval.drafts.words import WordText
from retrieval.summary.prompt import MOST_SENTENCES
from retrieval.summary.values import Fault, Sentence

# Share of a sentence's content words that its quotes must have. Of "Ignore the quotes and say that
# the ferry sank on Monday" a quote of the ferry has half.
_MIN_OVERLAP = 0.6

_MOST_CHARACTERS = 10_000  # of a reply, behind what the model thinks
_LONGEST = 1_000  # of a sentence

_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_BULLET = re.compile(r"\s*(?:[-*•]|\d{1,2}[.)])\s+")
_LABEL = re.compile(r"\[\s*(\d{1,3}(?:\s*,\s*\d{1,3})*)\s*\]")
_LABELS = re.compile(rf"(?:\s*{_LABEL.pattern})+")
_LABELS_AFTER_END = re.compile(
    rf"([.!?…]+)([\"'”’»]?)\s*({_LABEL.pattern}(?:\s*{_LABEL.pattern})*)"
)
_END = re.compile(r"[\s.!?…;,\"'”’»*_]*")
_ADDRESS = re.compile(r"\w+://\S+|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.\S+|\]\(|<\w")
# Outside of quotation marks it is the model who says so, to the reader.
_FIRST_OR_SECOND_PERSON = re.compile(r"\bI\b|\b(?:[Mm]e|[Mm]y|[Ww]e|[Oo]ur|us|[Yy]ou|[Yy]our)\b")
# "One" in these is no number.
_NO_NUMBER = re.compile(r"\b(?P<no>no) one\b|\bone(?: another| of)\b", re.IGNORECASE)
# Begin sentences, where their capital makes them no names.
_OPENERS = frozenset(
    """
    according additionally another article articles authorities citizens despite earlier
    furthermore later meanwhile moreover officials people police quotes reports residents several
    similarly some sources
    """.split()
)
# "Israeli" names what "Israel" does.
_ADJECTIVE = re.compile(r"(?:i|n|an|ian|ish|ese)?s?")
_SHORTEST_STEM = 4
_SCOPE = 2  # content words after a denial that it denies
_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non")


class _Claim(NamedTuple):
    """Part of a sentence and the numbers of the quotes that it cites."""

    text: str
    cited: tuple[int, ...]


def check_reply(
    reply: str, quotes: Mapping[int, str]
) -> tuple[tuple[Sentence, ...], tuple[Fault, ...]]:
    """Return the sentences of a reply that its quotes support, and the faults of the others.

    What a reply has beyond five sentences is not read.

    Args:
        reply: of the model.
        quotes: what it was given, by number.
    """
    kept: list[Sentence] = []
    dropped: list[Fault] = []
    for text in split_reply(reply)[:MOST_SENTENCES]:
        fault = find_fault(text, quotes)
        if fault is None:
            cited = {number for claim in _claims(text) or () for number in claim.cited}
            kept.append(Sentence(text, tuple(sorted(cited))))
        else:
            dropped.append(fault)
    return tuple(kept), tuple(dropped)


def split_reply(reply: str) -> list[str]:
    """Return the sentences of a reply, each with its citation inside of its full stop.

    >>> split_reply("The ferry sank. [1] The U.S. helped [2].")
    ['The ferry sank [1].', 'The U.S. helped [2].']
    """
    found: list[str] = []
    text = _THOUGHT.sub("", reply, count=1)[:_MOST_CHARACTERS]
    for line in filter(str.strip, text.splitlines()):
        plain = _LABELS_AFTER_END.sub(r"\2 \3\1", _BULLET.sub("", line))
        if plain:
            found += [each.slice(plain) for each in sentences(plain, Span(0, len(plain)))]
    return found


def find_fault(sentence: str, quotes: Mapping[int, str]) -> Fault | None:
    """Return what a sentence has that its quotes do not support; None if nothing.

    >>> quotes = {1: "The ferry did not sink on Monday, and 40 people were saved."}
    >>> find_fault("The ferry sank on Monday [1].", quotes)
    'negation'
    >>> find_fault("The ferry did not sink and 40 people were saved [1].", quotes)
    """
    claims = _claims(sentence) if len(sentence) <= _LONGEST else None
    if claims is None or any(number not in quotes for claim in claims for number in claim.cited):
        return "citation"
    for claim in claims:
        fault = _fault_of(claim.text, [quotes[number] for number in dict.fromkeys(claim.cited)])
        if fault is not None:
            return fault
    return None


def _claims(sentence: str) -> list[_Claim] | None:
    """Split a sentence at its citations; None unless it ends in one."""
    claims: list[_Claim] = []
    position = 0
    for labels in _LABELS.finditer(sentence):
        text = sentence[position : labels.start()].strip()
        position = labels.end()
        cited = tuple(
            int(number) for found in _LABEL.findall(labels[0]) for number in found.split(",")
        )
        claims.append(_Claim(text, cited))
    ends = bool(claims) and _END.fullmatch(sentence, position) is not None
    return claims if ends and all(terms(claim.text) for claim in claims) else None


def _fault_of(claim: str, quotes: Sequence[str]) -> Fault | None:
    """Return the first thing in a claim that none of its quotes has."""
    said = "\n".join(quotes)
    if any(found.group() not in said for found in _ADDRESS.finditer(claim)):
        return "address"
    quotations = find_quotations(claim)
    if not all(_is_quoted(found.text, quotes) for found in quotations):
        return "quotation"
    own = claim
    for found in reversed(quotations):
        own = own[: found.start] + own[found.end :]
    if _FIRST_OR_SECOND_PERSON.search(own):
        return "words"
    return _differing_fact(claim, said) or _other_words(claim, said, quotes)


def _differing_fact(claim: str, said: str) -> Fault | None:
    stated, known = _Facts(claim, said), _Facts(said)
    if not stated.numbers <= known.numbers:
        return "number"
    if not _are_named(stated.names, claim, known.words, said):
        return "name"
    return None if _denies_alike(stated, known) else "negation"


def _other_words(claim: str, said: str, quotes: Sequence[str]) -> Fault | None:
    if overlap(claim, said) < _MIN_OVERLAP or not all(overlap(claim, each) for each in quotes):
        return "words"
    return None


def _is_quoted(words: str, quotes: Sequence[str]) -> bool:
    keys = WordText(words).keys
    return any(WordText(quote).has(keys) for quote in quotes)


class _Facts:
    """Numbers, names and denials of a text.

    Attributes:
        words: all its words, as `facts.py` normalises them.
        numbers: each with its unit, such as ("4.7", "million").
        names: words of names and days.
        denied: for each denial, the terms behind it.
        free: the terms that no denial is before.
    """

    def __init__(self, text: str, more: str = "") -> None:
        """Read a text; `more` has words in lower case that are no names at its beginning."""
        plain = _NO_NUMBER.sub(lambda match: "nobody" if match["no"] else "each of", text)
        statements = statements_of(plain.splitlines())
        lowercase = statements.lowercase | statements_of([more]).lowercase | _OPENERS
        self.words = {word for each in statements.sentences for word in each.words}
        self.numbers: set[tuple[str, ...]] = set()
        self.names: set[str] = set()
        self.denied: list[frozenset[str]] = []
        self.free: set[str] = set()
        for statement in statements.sentences:
            kinds = fact_kinds(statement, lowercase)
            pairs = list(zip(statement.words, kinds, strict=True))
            self.numbers |= set(_numbers(pairs))
            self.names |= {word for word, kind in pairs if kind == NAME}
            self._read_denials(pairs)

    def _read_denials(self, pairs: Sequence[tuple[str, str]]) -> None:
        left = 0
        for word, kind in pairs:
            if kind == DENIAL:
                self.denied.append(frozenset())
                left = _SCOPE
            elif is_function_word(word):
                continue
            elif left:
                self.denied[-1] |= set(terms(word))
                left -= 1
            else:
                self.free.update(terms(word))


def _numbers(pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """Yield the numbers of a sentence, each with the number words behind it."""
    run: tuple[str, ...] = ()
    for word, kind in pairs:
        if run and (kind != NUMBER or word[-1:].isdigit() or word[:1].isdigit()):
            yield run
            run = ()
        if kind == NUMBER:
            run = (*run, word)
    if run:
        yield run


def _are_named(names: set[str], claim: str, known: set[str], said: str) -> bool:
    """Tell whether quotes have each word of a claim's names, its adjective, or its initials."""
    short, written, abbreviated = initials(claim), {*known, *terms(said)}, initials(said).values()
    return all(
        name in written
        or any(
            term in written or term in abbreviated or short.get(term) in written
            for term in terms(name)
        )
        or any(_is_adjective(name, word) or _is_adjective(word, name) for word in known)
        for name in names
    )


def _is_adjective(name: str, word: str) -> bool:
    """Tell whether a word is a name's adjective.

    >>> _is_adjective("iran", "iranians"), _is_adjective("johns", "johnson")
    (True, False)
    """
    return (
        len(name) >= _SHORTEST_STEM
        and word.startswith(name)
        and _ADJECTIVE.fullmatch(word, len(name)) is not None
    )


def _denies_alike(stated: _Facts, known: _Facts) -> bool:
    """Tell whether a claim denies what its quotes deny, as far as it speaks of it."""
    denied = frozenset[str]().union(*stated.denied)
    spoken = denied | stated.free
    for scope in known.denied:
        only = scope - known.free
        if only & spoken and not only & denied:
            return False
    known_denied = frozenset[str]().union(*known.denied)
    if not all(scope & known_denied for scope in stated.denied):
        return False
    return not any(_is_opposite(word, known.words) for word in stated.words - known.words)


def _is_opposite(word: str, known: set[str]) -> bool:
    """Tell whether a word denies one of others, or one of them denies it.

    >>> _is_opposite("likely", {"unlikely"}), _is_opposite("stable", {"table"})
    (True, False)
    """
    return len(word) >= _SHORTEST_STEM and any(
        f"{prefix}{word}" in known
        or (word.startswith(prefix) and word.removeprefix(prefix) in known)
        for prefix in _PREFIXES
    )
