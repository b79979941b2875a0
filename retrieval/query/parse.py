"""What did the user ask: words, "phrases", -exclusions, `source:`, `author:`, `lang:`, `after:`?

In: any string. Out: a `Query`; nothing that a user types can fail, what is not understood is text.
"""

import re
from dataclasses import dataclass

from indexer.store import Restriction
from indexer.text.analyzer import content_terms, words
from retrieval.query.filters import MEANINGS

# BM25 time grows with the number of terms; a pasted article has hundreds.
MAX_TERMS = 64

# The encoder reads 256 tokens, about 1,000 characters; the rest would only cost time.
MAX_TEXT_CHARACTERS = 4000

# Each phrase and each exclusion is a search of its own; a pasted list has thousands of dashes.
MAX_LIMITS = 64
_MAX_WARNINGS = 8

# A warning quotes this much of what it is about.
_SHOWN = 40

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "＂": '"'})
_TOKEN = re.compile(
    rf"(?P<before>(?:^|(?<=\s)))(?P<minus>-?)(?:(?P<field>{'|'.join(MEANINGS)}):)?"
    r'(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))'
    r'|(?P<loose>"(?P<inner>[^"]*)")|(?P<other>[^\s"]+|")'
)
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed question.

    `text` is what the encoder and the reader see: without operators. `terms` are what BM25 counts.
    `warnings` say in words what was not taken as it may have been meant.
    """

    text: str
    terms: tuple[str, ...]
    restriction: Restriction
    warnings: tuple[str, ...] = ()


def parse(question: str) -> Query:
    """Parse a question; see the module's first line for the syntax.

    Phrases count as text too. A hyphen inside a word is not a minus; a minus stands before a word
    or a phrase, after white space.

    >>> query = parse('rockets “nuclear talks” -Yemen after:2023-10')
    >>> query.text, query.restriction.phrases, query.restriction.excluded
    ('rockets nuclear talks', (('nuclear', 'talks'),), (('yemen',),))
    >>> query.restriction.after
    '2023-10-01'
    """
    readable = _SURROGATE.sub("\ufffd", question).translate(_QUOTES)
    draft = _Draft()
    for match in _TOKEN.finditer(readable):
        if match["loose"] is not None:
            draft.add_phrase(match["inner"])
        elif match["other"] is not None:
            draft.add_text(match["other"].strip('"'))
        else:
            _read_token(draft, match)
    return draft.query()


class _Draft:
    """Collects what the tokens of a question say."""

    def __init__(self) -> None:
        self.text: list[str] = []
        # Dictionaries as ordered sets: what is said twice counts once.
        self.phrases: dict[tuple[str, ...], None] = {}
        self.excluded: dict[tuple[str, ...], None] = {}
        self.limits: dict[str, dict[str, None]] = {name: {} for name in MEANINGS}
        self.warnings: dict[str, None] = {}

    def add_text(self, text: str) -> None:
        if text:
            self.text.append(text)

    def add_phrase(self, phrase: str) -> None:
        self.add_text(phrase.strip())
        found = tuple(words(phrase))
        if found:
            self.phrases[found] = None

    def exclude(self, text: str) -> None:
        self.excluded[tuple(words(text))] = None

    def limit(self, field: str, value: str, written: str) -> None:
        """Take a filter; one that says nothing stays text, so that nothing is lost silently."""
        try:
            self.limits[field][MEANINGS[field](value)] = None
        except ValueError as error:
            self.warnings[f"{written[:_SHOWN]} is searched as text: {error}"] = None
            self.add_text(written)

    def query(self) -> Query:
        text = " ".join(" ".join(self.text).split())
        terms = content_terms(text[: MAX_TEXT_CHARACTERS * 4])
        warnings = list(self.warnings)
        if len(warnings) > _MAX_WARNINGS:
            others = len(warnings) - _MAX_WARNINGS
            warnings[_MAX_WARNINGS:] = [f"{others:,} more filters are searched as text"]
        if len(terms) > MAX_TERMS or len(text) > MAX_TEXT_CHARACTERS:
            warnings.append(
                f"the question is long ({len(text):,} characters): only its first {MAX_TERMS} "
                "different words and the beginning that the encoder can read are searched for"
            )
        if max(len(self.phrases), len(self.excluded)) > MAX_LIMITS:
            warnings.append(
                f"the question has {len(self.phrases):,} phrases and {len(self.excluded):,} "
                f"exclusions: only the first {MAX_LIMITS} of each restrict the hits"
            )
        warnings += [
            f"the question has {len(self.limits[field]):,} filters {field}: "
            f"and only the first {MAX_LIMITS} are used"
            for field in ("source", "author", "lang")
            if len(self.limits[field]) > MAX_LIMITS
        ]
        kept = text[:MAX_TEXT_CHARACTERS]
        return Query(kept, tuple(terms[:MAX_TERMS]), self._restriction(), tuple(warnings))

    def _restriction(self) -> Restriction:
        """Of outlets, authors and languages any one will do; of dates the narrowest counts."""
        return Restriction(
            phrases=tuple(self.phrases)[:MAX_LIMITS],
            excluded=tuple(self.excluded)[:MAX_LIMITS],
            sources=tuple(self.limits["source"])[:MAX_LIMITS],
            authors=tuple(self.limits["author"])[:MAX_LIMITS],
            languages=tuple(self.limits["lang"])[:MAX_LIMITS],
            after=max(self.limits["after"], default=None),
            before=min(self.limits["before"], default=None),
        )


def _read_token(draft: _Draft, match: re.Match[str]) -> None:
    value = match["word"] if match["phrase"] is None else match["phrase"]
    if match["field"] and not match["minus"]:
        draft.limit(match["field"], value, match.group().strip())
    elif match["field"]:
        draft.add_text(match.group().strip())
    elif match["minus"] and words(value):
        draft.exclude(value)
    elif match["phrase"] is not None:
        draft.add_phrase(value)
    else:
        draft.add_text(f"{match['minus']}{value}")
