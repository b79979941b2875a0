"""Parser of questions: words, "phrases", -exclusions and filters; no question fails to parse."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from indexer.store import ALTERNATIVES, Restriction
from indexer.text.analyzer import is_function_word, readings, words
from retrieval.query.filters import (
    FIELDS,
    FILTERS,
    misspelt_filter,
    parse_day,
    parse_language,
    parse_name,
)
from retrieval.query.normalise import normalise
from retrieval.query.wording import as_asked

# BM25 time grows with the number of terms; a pasted article has hundreds.
MAX_TERMS = 64

# The encoder reads 256 tokens, about 1,000 characters; the rest would only cost time.
MAX_TEXT_CHARACTERS = 4000

# Each phrase and each exclusion is a search of its own; a pasted list has thousands of dashes.
MAX_LIMITS = 64
_MAX_WARNINGS = 8

_SHOWN = 40  # characters of a filter in a warning

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "＂": '"'})
# Before and behind the colon, spaces do no harm; what Arabic and Hebrew are written with is none.
_FILTER = (
    rf"(?i:(?P<field>{'|'.join(sorted(FIELDS, key=len, reverse=True))}))"
    r"(?:(?P<spaces>[^\S\r\n]{0,9})[:：](?P<more>[^\S\r\n]{0,9})|=)"
    r"""(?:"(?P<value>[^"]*)"|'(?P<single>[^']*)'(?!\S)|(?P<bare>[^\s"]*))"""
)
_TOKEN = re.compile(
    rf"(?:^|(?<=\s))(?:[\u200e\u200f\u061c\ufeff]*(?P<without>-?){_FILTER}"
    r'|(?P<minus>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)))'
    r'|(?P<loose>"(?P<inner>[^"]*)")|(?P<other>[^\s"]+|")'
)
_SURROGATE = re.compile("[\ud800-\udfff]")

Names: TypeAlias = str | Sequence[str] | None
"""One name, or several of which any may match."""


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed question.

    `text` is the question without operators, normalised, for the encoder and the reader; `terms`
    are for BM25.
    """

    text: str
    terms: tuple[str, ...]
    restriction: Restriction
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters as a caller gives them; see `SearchEngine.search`."""

    source: Names = None
    author: Names = None
    lang: Names = None
    after: str | None = None
    before: str | None = None
    undated: bool = False

    def applied_to(self, query: Query) -> Query:
        """Return the query with these filters; each replaces the same filter of the question.

        Raises:
            ValueError: when a name has no letters, or a language or date is unknown.
        """
        asked = query.restriction
        restriction = replace(
            asked,
            sources=_each("source", self.source, parse_name) or asked.sources,
            authors=_each("author", self.author, parse_name) or asked.authors,
            languages=_each("lang", self.lang, parse_language) or asked.languages,
            after=parse_day(self.after, last=False) if self.after else asked.after,
            before=parse_day(self.before, last=True) if self.before else asked.before,
            undated=self.undated,
        )
        return replace(query, restriction=restriction)


def parse(question: str) -> Query:
    """Parse a question.

    A phrase is text too. A minus excludes the word or phrase that follows it, after white space; a
    hyphen inside a word does not.

    >>> query = parse('rockets “nuclear talks” -Yemen after:2023-10')
    >>> query.text, query.restriction.phrases, query.restriction.excluded
    ('rockets nuclear talks?', (('nuclear', 'talks'),), (('yemen',),))
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
            draft.add_token(match)
    return draft.query()


class _Draft:
    """Query under construction."""

    def __init__(self) -> None:
        self.text: list[tuple[str, bool]] = []  # and whether it must stay exact
        # Dictionaries as ordered sets: repetitions count once.
        self.phrases: dict[tuple[str, ...], None] = {}
        self.excluded: dict[tuple[str, ...], None] = {}
        self.filters: dict[str, dict[str, None]] = {name: {} for name in FILTERS}
        self.warnings: dict[str, None] = {}

    def add_text(self, text: str, *, exact: bool = False) -> None:
        if text := " ".join(text.split()):
            self.text.append((text, exact))

    def add_phrase(self, phrase: str) -> None:
        self.add_text(phrase, exact=True)
        if found := _exact(phrase):
            self.phrases[found] = None

    def add_token(self, match: re.Match[str]) -> None:
        if match["field"]:
            self.add_filter(match)
            return
        value = match["word"] if match["phrase"] is None else match["phrase"]
        if match["word"] and (why := misspelt_filter(value)):
            self.add_as_text(match.group(), why)
        elif match["minus"] and (found := _exact(value)):
            self.excluded[found] = None
        elif match["phrase"] is not None:
            self.add_phrase(value)
        else:
            self.add_text(f"{match['minus']}{value}")

    def add_filter(self, match: re.Match[str]) -> None:
        """Add a filter; an invalid one stays text, so that nothing is lost silently."""
        field, bare = FIELDS[match["field"].lower()], match["bare"]
        value = next(text for text in (match["value"], match["single"], bare) if text is not None)
        try:
            parsed = FILTERS[field](value)
            if match["without"]:
                raise ValueError("a minus excludes words, not filters")
            if match["spaces"] or match["more"]:
                _check_name(field, bare or "")
            self.filters[field][parsed] = None
        except ValueError as error:
            self.add_as_text(match.group().strip(), str(error))

    def add_as_text(self, written: str, why: str) -> None:
        self.warnings[f"{written[:_SHOWN]!r} was searched as text: {why}."] = None
        self.add_text(written)

    def query(self) -> Query:
        typed = len(" ".join(text for text, _ in self.text))
        text, terms = as_asked(*normalise(list(self._beginning())))
        warnings = list(self.warnings)
        if len(warnings) > _MAX_WARNINGS:
            others = len(warnings) - _MAX_WARNINGS
            warnings[_MAX_WARNINGS:] = [f"{others:,} more filters were searched as text."]
        if len(terms) > MAX_TERMS or typed > MAX_TEXT_CHARACTERS:
            warnings.append(
                f"Your question is long ({typed:,} characters). Only its beginning and its "
                f"first {MAX_TERMS} different words were searched."
            )
        counts = {"phrases": len(self.phrases), "exclusions": len(self.excluded)} | {
            f"{field}: filters": len(self.filters[field]) for field in ("source", "author", "lang")
        }
        warnings += [
            f"Only the first {MAX_LIMITS} of {count:,} {what} were used."
            for what, count in counts.items()
            if count > MAX_LIMITS
        ]
        return Query(
            text[:MAX_TEXT_CHARACTERS],
            terms[:MAX_TERMS],
            self._restriction(),
            tuple(warnings),
        )

    def _beginning(self) -> Iterator[tuple[str, bool]]:
        """Yield the text as far as its terms are searched."""
        room = MAX_TEXT_CHARACTERS * 4
        for text, exact in self.text:
            if room <= 0:
                return
            yield text[:room], exact
            room -= len(text) + 1

    def _restriction(self) -> Restriction:
        """Return the restriction: any of the names, and the narrowest of the dates."""
        return Restriction(
            phrases=tuple(self.phrases)[:MAX_LIMITS],
            excluded=tuple(self.excluded)[:MAX_LIMITS],
            sources=tuple(self.filters["source"])[:MAX_LIMITS],
            authors=tuple(self.filters["author"])[:MAX_LIMITS],
            languages=tuple(self.filters["lang"])[:MAX_LIMITS],
            after=max(self.filters["after"], default=None),
            before=min(self.filters["before"], default=None),
        )


def _exact(text: str) -> tuple[str, ...]:
    """Return the words of a phrase as `Restriction` takes them."""
    first, *others = readings(text)
    if not others:
        return tuple(first)
    return (ALTERNATIVES.join(" ".join(found) for found in (first, *others)),)


def _check_name(field: str, value: str) -> None:
    """Refuse the value of "the source: the army", which is no filter."""
    found = words(value)
    if found and all(map(is_function_word, found)):
        raise ValueError(f"to filter, write {field}:{value} without a space")


def _each(name: str, given: Names, parse_value: Callable[[str], str]) -> tuple[str, ...]:
    values = [given] if isinstance(given, str) else list(given or ())
    if len(values) > MAX_LIMITS:
        raise ValueError(f"{name} must be at most {MAX_LIMITS} values, got {len(values):,}")
    return tuple(dict.fromkeys(parse_value(value) for value in values if value))
