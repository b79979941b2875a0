"""Outlets, languages and authors that the user tells for articles, by their paths.

A rule counts more than the format, the outlet of `outlet_from` only where neither the format nor
the address names one.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

from indexer.corpus.roots import CorpusRoots
from indexer.documents import NO_METADATA, Finding, Metadata
from indexer.metadata.values import language_finding, name_findings
from indexer.text.bylines import credited_names
from indexer.text.dates import MONTH_NAMES, stated_dates

FIELDS = ("source", "language", "author")
OUTLET_FROM = ("folder", "line")
BY_SET, BY_LIST = "told by --set", "told by sources.csv"

_FOLDER = "name of the folder, told by --outlet-from"
_LINE = "line under the title, told by --outlet-from"
_ALIASES = {"outlet": "source", "authors": "author"}
_ARCHIVE = re.compile(r"\.(?:zip|tgz|txz|tar(?:\.(?:gz|xz|lzma))?)$", re.IGNORECASE)
_DATE_FOLDER = re.compile(rf"[\W\d_]*(?:{MONTH_NAMES})?[\W\d_]*", re.IGNORECASE)
_MOST_CHARACTERS = 500
_NAME_MAX_CHARS = 60
_LINES_BELOW_TITLE = 3
_REACH = 2000
_SHOWN_CONFLICTS = 10


@dataclass(frozen=True, slots=True)
class Rule:
    """Value of one field of the articles whose paths match a pattern as in `.gitignore`.

    `found_in` is where the user told it: `BY_SET` or `BY_LIST`.
    """

    pattern: str
    field: str
    value: str
    found_in: str = BY_SET

    @classmethod
    def of(cls, pattern: str, name: str, value: str, found_in: str = BY_SET) -> "Rule":
        """Return a checked rule.

        >>> Rule.of("herald/**", "Outlet", " The Herald ").value
        'The Herald'

        Raises:
            ValueError: for a pattern that cannot match, an unknown field or an impossible value.
        """
        name = name.strip().casefold()
        name, value = _ALIASES.get(name, name), " ".join(value.split())
        if not pattern.strip(" /") or pattern[0] in "!#":
            raise ValueError(f"{pattern!r} is no pattern of paths, such as 'herald/**'")
        if name not in FIELDS:
            raise ValueError(f"unknown field {name!r}; use {', '.join(FIELDS)}")
        if len(value) > _MOST_CHARACTERS:
            raise ValueError(f"{name} has {len(value)} characters; at most {_MOST_CHARACTERS} fit")
        if name == "language" and value and language_finding(value, found_in) is None:
            raise ValueError(f"unknown language {value!r}; use a code (de) or a name (German)")
        return cls(pattern, name, value, found_in)

    def __str__(self) -> str:
        where = "--set" if self.found_in == BY_SET else "sources.csv"
        return f"{self.pattern} {self.field}={self.value} ({where})"


@dataclass(frozen=True, slots=True)
class Told:
    """What the user tells about the articles of a corpus; of several rules, the last counts.

    Attributes:
        rules: of the options, which updates keep.
        listed: of the `sources.csv` in the corpus, which every build reads again.
        lists: paths of these files in the index.
        outlet_from: `folder` or `line`, what names outlets that nothing else does; empty for none.
    """

    rules: tuple[Rule, ...] = ()
    listed: tuple[Rule, ...] = ()
    lists: tuple[str, ...] = ()
    outlet_from: str = ""

    def changed(self, outlet_from: str | None, rules: Iterable[Rule]) -> "Told":
        """Return the same with more rules, and another `outlet_from` unless that is None."""
        place = self.outlet_from if outlet_from is None else outlet_from
        return replace(self, rules=self._with_rules(rules), outlet_from=place)

    def anywhere(self) -> "Told":
        """Return the same with patterns relative to any folder."""
        rules = (*self.listed, *self.rules)
        found = (replace(rule, pattern=f"**/{rule.pattern.lstrip('/')}") for rule in rules)
        return replace(self, rules=tuple(found), listed=())

    def _with_rules(self, rules: Iterable[Rule]) -> tuple[Rule, ...]:
        """Return the rules of the options with others, which replace those of the same pattern.

        A rule without a value only removes; a list replaces the one before.
        """
        new = tuple(rules)
        replaced = {(rule.pattern, rule.field) for rule in new}
        lists_anew = any(rule.found_in == BY_LIST for rule in new)
        kept = [
            rule
            for rule in self.rules
            if (rule.pattern, rule.field) not in replaced
            and not (lists_anew and rule.found_in == BY_LIST)
        ]
        both = [*kept, *(rule for rule in new if rule.value)]
        return tuple(sorted(both, key=lambda rule: rule.found_in == BY_SET))


@dataclass(frozen=True, slots=True)
class ToldValues:
    """What is told about one article: values that count more than the format's, and an outlet."""

    metadata: Metadata = NO_METADATA
    outlet: Finding | None = None


NOTHING_TOLD = Told()
NO_VALUES = ToldValues()


@dataclass(slots=True)
class ToldReader:
    """Reader of what is told about each article of a corpus.

    For `outlet_from` line, `lines` counts the lines under titles by folder; `least_articles` of a
    folder must have it.
    """

    told: Told
    roots: CorpusRoots | None = None
    lines: Counter[tuple[str, str]] = field(default_factory=Counter)
    least_articles: int = 2
    _specs: list[tuple[Rule, GitIgnoreSpec]] = field(init=False)
    _used: set[Rule] = field(default_factory=set)
    _conflicts: Counter[tuple[Rule, Rule]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Compile the patterns."""
        rules = (*self.told.listed, *self.told.rules)
        self._specs = [(rule, GitIgnoreSpec.from_lines([rule.pattern])) for rule in rules]

    def count_lines(self, path: str, file: str, text: str) -> None:
        """Count the names that stand under the title of an article."""
        names = {text[start:end] for start, end in _names_under_title(text)}
        self.lines.update((_folder(path, file), name) for name in names)

    def values(self, path: str, file: str, text: str) -> ToldValues:
        """Return what is told about an article, by its path and that of its file in the index."""
        if self.told == NOTHING_TOLD:
            return NO_VALUES
        found: dict[str, Rule] = {}
        for rule, spec in self._specs:
            if spec.match_file(file) or (path != file and spec.match_file(path)):
                self._used.add(rule)
                before = found.get(rule.field)
                if before and before.value != rule.value:
                    self._conflicts[before, rule] += 1
                found[rule.field] = rule
        return ToldValues(_metadata(found), self._outlet(path, file, text))

    def notes(self, files: Iterable[str]) -> list[str]:
        """Return what the user should know about the rules after all articles were read.

        Args:
            files: paths of the files of the corpus, whether they were read or not.
        """
        paths = tuple(files)
        notes = [
            f"no article matches {rule}"
            for rule, spec in self._specs
            if rule not in self._used and not any(map(spec.match_file, paths))
        ]
        for (first, last), count in self._conflicts.most_common(_SHOWN_CONFLICTS):
            matched = "1 article matches" if count == 1 else f"{count:,} articles match"
            notes.append(f"{matched} both {first} and {last}; the last counts")
        return notes

    def _outlet(self, path: str, file: str, text: str) -> Finding | None:
        if self.told.outlet_from == "folder":
            name = folder_name(path, file, self.roots)
            return Finding(name, _FOLDER) if name else None
        if self.told.outlet_from == "line":
            folder = _folder(path, file)
            spans = [
                (self.lines[folder, text[start:end]], -start, end)
                for start, end in _names_under_title(text)
            ]
            count, start, end = max(spans, default=(0, 0, 0))
            if spans and count >= self.least_articles:
                return Finding(text[-start:end], _LINE, -start, end)
        return None


def folder_name(path: str, file: str, roots: CorpusRoots | None = None) -> str | None:
    """Return the name of the nearest folder of an article that is not a date, or None.

    >>> folder_name("herald/2023/10/a.txt", "herald/2023/10/a.txt")
    'herald'
    >>> folder_name("all.zip#planet/a.txt", "all.zip"), folder_name("a.csv#1/2", "a.csv")
    ('planet', None)
    """
    names = [_root_name(file, roots), *_folders(path, file)]
    return next((name for name in reversed(names) if not _DATE_FOLDER.fullmatch(name)), None)


def _folders(path: str, file: str) -> tuple[str, ...]:
    """Return the folders of an article in the corpus, and in its archive."""
    member = path[len(file) + 1 :].partition("#")[0] if _ARCHIVE.search(file) else ""
    return (*PurePosixPath(file).parts[:-1], *PurePosixPath(member).parts[:-1])


def _folder(path: str, file: str) -> str:
    """Return the place whose articles look alike: a folder, or the file that has them all."""
    in_table = path != file and not _ARCHIVE.search(file)
    return file if in_table else "/".join(_folders(path, file))


def _root_name(file: str, roots: CorpusRoots | None) -> str:
    """Return the name of the folder that the user named, where the path does not begin with it."""
    for root in roots.roots if roots else ():
        if not root.label:
            return Path(root.path).resolve().name
        if root.is_file and root.label == file:
            return Path(root.path).absolute().parent.name
    return ""


def _names_under_title(text: str) -> list[tuple[int, int]]:
    """Return the spans of lines below the first one that may be an outlet's name."""
    lines = re.finditer(r"[^\r\n]*\S", text[:_REACH])
    below = islice(lines, 1, 1 + _LINES_BELOW_TITLE)
    spans = ((each.end() - len(each.group().lstrip()), each.end()) for each in below)
    return [span for span in spans if _is_name(text[slice(*span)])]


def _is_name(line: str) -> bool:
    return (
        len(line) <= _NAME_MAX_CHARS
        and line[-1] not in ".!?:;,…"
        and any(map(str.isalpha, line))
        and not stated_dates(line)
        and not credited_names(line)
    )


def _metadata(found: dict[str, Rule]) -> Metadata:
    source, language, author = (found.get(name) for name in FIELDS)
    return Metadata(
        source=Finding(source.value, source.found_in) if source else None,
        authors=name_findings([author.value], author.found_in) if author else (),
        language=language_finding(language.value, language.found_in) if language else None,
    )
