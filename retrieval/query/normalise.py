"""Normalisation of questions: forms that ask the same become one for search and the reader.

A question ends in one "?", a country has one name, and an abbreviation that a passage introduces
stands beside what it is short for.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Self

from indexer.store import ALTERNATIVES
from indexer.text.analyzer import content_terms, is_function_word, terms, words

TABLE = Path(__file__).with_name("question_words.toml")

_WORD = re.compile(r"[^\W\d_](?:\.[^\W\d_])+\b\.?|\w+")
_WITHIN_NAMES = re.compile(r"[\s'’-]*")
_END = re.compile(r"[\s.?!…]+$")
_THE = re.compile(r"\bthe\s+$", re.IGNORECASE)
_AN = re.compile(r"\b(a)n\s+$", re.IGNORECASE)

_AUXILIARIES = frozenset(
    "did does do has had have will would can could should may might must is was are were".split()
)
_BEFORE_A_CLAUSE = frozenset(
    "what which that who how why when where whether if because after before since while as".split()
)
_BEFORE_A_VERB = frozenset("also now then not to been being recently still ever first".split())
_TO_WHOM = frozenset("to from of on with against".split())
_PERSON = frozenset("he him his she her".split())

_ABBREVIATION = re.compile(r"\(([A-Z][A-Za-z]*[A-Z])s?\)")
_NAME_WORD = re.compile(r"[^\W_][\w’'-]*")
_BETWEEN_NAMES = re.compile(r"[.?!;:,()]")


@dataclass(frozen=True, slots=True)
class _Country:
    """Canonical name, which may begin with "the", and its term for BM25."""

    name: str
    term: str


@dataclass(frozen=True, slots=True)
class _Alias:
    """Name in lower-case words; without a country it only looks like the name of one."""

    words: tuple[str, ...]
    country: _Country | None
    seat: bool = False
    abbreviation: bool = False


@dataclass(frozen=True, slots=True)
class _Listed:
    """The table: aliases by their first word, the longest first, and words with their stems."""

    aliases: Mapping[str, Sequence[_Alias]]
    words: Mapping[str, frozenset[str]]
    stems: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of a text: where they are, and in lower case without points."""

    text: str
    spans: tuple[tuple[int, int], ...]
    keys: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        return cls(text, tuple(match.span() for match in _WORD.finditer(text)), _keys(text))

    def key(self, index: int) -> str:
        """Return a word; none is before the first or after the last."""
        return self.keys[index] if 0 <= index < len(self.keys) else ""

    def stem(self, index: int) -> str:
        """Return the stem of a word."""
        return _stem(self.key(index))


def normalise(pieces: Sequence[tuple[str, bool]]) -> tuple[str, tuple[str, ...]]:
    """Return a question with one "?" and one name for each country, and its terms for BM25.

    Questions in other languages stay as they are. The terms may have alternatives, as
    `PassageStore.match_terms` takes them.

    Args:
        pieces: parts of the question in order, and whether each must stay exact.

    >>> text, found = normalise([("What did Washington ask the U.K.", False)])
    >>> text
    'What did the United States ask the United Kingdom?'
    >>> found
    ('usa|america|american|united states', 'ask', 'uk|britain|united kingdom')
    """
    typed = " ".join(piece for piece, _ in pieces)
    if not _is_english(typed):
        return typed, tuple(content_terms(typed))
    asked, searched = [], []
    choices: dict[str, str] = {}
    for exact, group in groupby(pieces, key=lambda piece: piece[1]):
        part = " ".join(piece for piece, _ in group)
        text, search = (part, part) if exact else _with_countries(part, choices)
        asked.append(text)
        searched.append(search)
    found_terms = dict.fromkeys(choices.get(t, t) for t in content_terms(" ".join(searched)))
    text = _END.sub("", " ".join(asked))
    return (f"{text}?" if _WORD.search(text) else typed), tuple(found_terms)


def with_abbreviations(question: str, texts: Iterable[str]) -> str:
    """Return a question with the long and the short form where it has one of them.

    Args:
        question: the question.
        texts: passages, of which the first that introduces a short form counts.

    >>> text = "The Islamic Revolution Guards Corps (IRGC) fired first."
    >>> with_abbreviations("Whom did the IRGC warn?", [text])
    'Whom did the Islamic Revolution Guards Corps (IRGC) warn?'
    """
    introduced: dict[str, str] = {}
    for text in texts:
        for short, long in _introduced(text):
            introduced.setdefault(short, long)
    for short, long in introduced.items():
        of_short = _search(short, question, exact=is_function_word(short.lower()))
        of_long = _search(long, question)
        found = of_short or of_long
        if found and not (of_short and of_long):
            question = f"{question[: found.start()]}{long} ({short}){question[found.end() :]}"
    return question


def _with_countries(text: str, choices: dict[str, str]) -> tuple[str, str]:
    """Return a text with canonical names, and one with keys of `choices`, for BM25."""
    words = _Words.of(text)
    named, searched, done, at = "", "", 0, 0
    while at < len(words.keys):
        alias = _alias_at(words, at)
        if alias is None:
            at += 1
            continue
        last = at + len(alias.words)
        if alias.country and _means_country(alias, words, at, last):
            start, end = words.spans[at][0], words.spans[last - 1][1]
            before, placeholder = text[done:start], f"country{len(choices)}"
            choices[placeholder] = alias.country.term
            named += _placed(before, text[start:end], alias)
            searched += before + placeholder
            done = end
        at = last
    return named + text[done:], searched + text[done:]


def _placed(before: str, written: str, alias: _Alias) -> str:
    """Return the text before an alias and the canonical name with its article."""
    name = alias.country.name if alias.country else written
    bare = name.removeprefix("the ")
    if alias.words == _keys(bare):
        return before + written
    modifies = alias.abbreviation or alias.words == ("american",)
    if _THE.search(before):
        drop = bare == name and not modifies and len(alias.words) > 1
        return (_THE.sub("", before) if drop else before) + bare
    return _AN.sub(r"\1 ", before) + (bare if modifies else name)


def _alias_at(words: _Words, at: int) -> _Alias | None:
    """Return the longest alias that begins at a word."""
    for alias in _listed().aliases.get(words.keys[at], ()):
        last = at + len(alias.words)
        gaps = zip(words.spans[at : last - 1], words.spans[at + 1 : last], strict=True)
        if words.keys[at:last] == alias.words and all(
            _WITHIN_NAMES.fullmatch(words.text, left[1], right[0]) for left, right in gaps
        ):
            return alias
    return None


def _means_country(alias: _Alias, words: _Words, at: int, last: int) -> bool:
    start, end = words.spans[at][0], words.spans[last - 1][1]
    if alias.words == ("us",):
        written = words.text[start:end]
        is_pronoun = written != "US" or words.text.isupper()
        return words.key(at - 1) == "the" or "." in written or not is_pronoun
    if alias.words == ("american",):
        return (
            words.text[start - 1 : start] != "-" and words.key(last) in _listed().words["of_states"]
        )
    return not alias.seat or _acts(words, at, last) or _is_addressed(words, at, last)


def _acts(words: _Words, at: int, last: int) -> bool:
    """Tell whether a capital does what governments do, or is the doer after "by"."""
    if words.key(at - 1) == "by":
        return words.stem(at - 2) in _listed().stems["deeds"] and _ends(words, last)
    if words.key(last) == "s":
        return words.stem(last + 1) in _listed().stems["words_of"]
    if not _PERSON.isdisjoint(words.keys):
        return False
    if at and words.key(at - 1) not in _AUXILIARIES | _BEFORE_A_CLAUSE | {"and"}:
        return False
    if words.key(last) == "and":
        last += 2
    while words.key(last) in _AUXILIARIES | _BEFORE_A_VERB:
        last += 1
    return words.stem(last) in _listed().stems["deeds"]


def _is_addressed(words: _Words, at: int, last: int) -> bool:
    """Tell whether a capital is asked, told or warned, as in "ask", "demand from", "request to"."""
    if not _ends(words, last):
        return False
    if words.stem(at - 1) in _listed().stems["words_to"]:
        return True
    if words.key(at - 1) not in _TO_WHOM:
        return False
    from_whom = [at - 4, at - 5] if words.key(at - 3) == "from" else []
    return any(words.stem(index) in _listed().stems["words_to"] for index in (at - 2, *from_whom))


def _ends(words: _Words, last: int) -> bool:
    """Tell whether a name ends here."""
    return not words.key(last) or is_function_word(words.key(last))


def _is_english(text: str) -> bool:
    """Tell whether a question may be English, which mere names are."""
    keys = _keys(text)
    lists = _listed().words
    latin = all(character.isascii() or not character.isalpha() for character in text)
    return (latin and lists["foreign"].isdisjoint(keys)) or not lists["english"].isdisjoint(keys)


def _introduced(text: str) -> Iterator[tuple[str, str]]:
    """Yield each abbreviation that stands in brackets behind its long form, and that form."""
    for match in _ABBREVIATION.finditer(text):
        short = match[1]
        most = 2 * len(short)
        before = list(_NAME_WORD.finditer(text, max(0, match.start() - 200), match.start()))[-most:]
        for first in reversed(before):
            long = text[first.start() : match.start()].rstrip()
            initials = "".join(word[0] for word in long.split() if word[0].isupper())
            if initials == short.upper() and not _BETWEEN_NAMES.search(long):
                yield short, long
                break


def _search(name: str, text: str, *, exact: bool = False) -> re.Match[str] | None:
    """Find a name as whole words, an abbreviation also with points; in any case unless `exact`."""
    pattern = r"\.?".join(map(re.escape, name))
    return re.search(rf"(?<!\w){pattern}(?!\w)", text, 0 if exact else re.IGNORECASE)


@cache
def _listed() -> _Listed:
    table = tomllib.loads(TABLE.read_text("utf-8"))
    aliases = [_Alias(_keys(name), None) for name in table["not_countries"]]
    for name, others, further, seats in table["countries"]:
        known = [name.removeprefix("the "), *others]
        # One word first, as most articles have it. No capitals: they are in the news themselves.
        names = sorted(dict.fromkeys(map(_term, known)), key=lambda term: " " in term)
        country = _Country(name, ALTERNATIVES.join(names))
        known += further
        aliases += [_Alias(_keys(each), country, abbreviation=each.isupper()) for each in known]
        aliases += [_Alias(_keys(each), country, seat=True) for each in seats]
    by_word: dict[str, list[_Alias]] = {}
    for alias in sorted(aliases, key=lambda alias: -len(alias.words)):
        by_word.setdefault(alias.words[0], []).append(alias)
    lists = {name: text for name, text in table.items() if isinstance(text, str)}
    return _Listed(
        by_word,
        {name: frozenset(text.split()) for name, text in lists.items()},
        {name: frozenset(terms(text)) for name, text in lists.items()},
    )


def _term(name: str) -> str:
    """Return a name as a term for BM25, or as a phrase."""
    found = words(name)
    return " ".join(found) if len(found) > 1 else terms(name)[0]


def _keys(text: str) -> tuple[str, ...]:
    return tuple(match.group().replace(".", "").casefold() for match in _WORD.finditer(text))


@lru_cache(4096)
def _stem(word: str) -> str:
    return next(iter(terms(word)), "")
