"""What does each article become? A catalog entry: cleaned, with its metadata, split into passages.

In: the staged articles, in the order of doc_id. Out: their entries in the same order. What the
generation before made of an article is taken over when everything that it depends on is the same;
the others are made by every core.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TypeAlias, TypeVar

from indexer import __version__
from indexer.build.article_work import find_lines, make_rows
from indexer.build.workers import Workers
from indexer.catalog.keys import content_key
from indexer.catalog.staging import LearnedFrom, StagedArticle, StagedEntry, Staging
from indexer.catalog.writer import MadeEntry, TakenEntry
from indexer.documents import SourceFile, doc_id_of
from indexer.recurring.counts import LineCounts, line_id
from indexer.recurring.lines import (
    OutletLines,
    OutletText,
    RecurringLine,
    RecurringLines,
    find_recurring,
)
from indexer.text.urls import url_date

METADATA_VERSION = 2
"""Raised whenever other metadata could be found in the same text."""

_ARTICLES_AT_ONCE = 50
_NEVER_TAKEN = b""


@dataclass(frozen=True, slots=True)
class Learned:
    """The recurring lines of a corpus, and which of them stand in which article, by its number."""

    lines: RecurringLines = field(default_factory=RecurringLines)
    standing: Mapping[int, frozenset[int]] = field(default_factory=dict)


class Making:
    """How articles are made into entries.

    Args:
        tokenizer: the file of the encoder's tokenizer, which sizes the passages.
        workers: who makes them.
        learned: the lines that outlets print under everything; None: nothing is cleaned.
    """

    def __init__(self, tokenizer: Path, workers: Workers, learned: Learned | None) -> None:
        """Find out what every entry depends on."""
        self.tokenizer = tokenizer
        self.workers = workers
        self._learned = learned
        versions = f"{__version__} {METADATA_VERSION} {learned is not None}"
        self._key = content_key(versions, sha256(tokenizer.read_bytes()).digest())
        self._numbers: dict[int, RecurringLine] = {}
        for outlet, line in learned.lines if learned else ():
            self._numbers[line_id(outlet, line.line)] = line

    def lines_for(self, number: int, entry: StagedEntry) -> OutletLines | None:
        """Return the recurring lines that may be left out of an article; None: nothing is."""
        if self._learned is None:
            return None
        if entry.lines is None or entry.lines.is_one_line:
            return self._learned.lines.of(entry.outlet)
        standing = (self._numbers[key] for key in self._learned.standing.get(number, ()))
        return OutletLines(entry.outlet, {line.line: line for line in standing})

    def key_for(self, entry: StagedEntry, lines: OutletLines | None) -> bytes:
        """Return a hash over everything that an article's entry depends on."""
        address = entry.article.given.url
        day = url_date(address.value) if address else None
        if day is not None and day > datetime.now(UTC).date():
            return _NEVER_TAKEN  # such a date is not believed until its day has come
        known = sorted((line.line, line.at_edge) for line in lines.lines.values()) if lines else ()
        return content_key(self._key, entry.read_key, json.dumps(known))


def learn_lines(
    staging: Staging, workers: Workers, on_article: Callable[[], None] = lambda: None
) -> Learned:
    """Return the lines that the outlets of the corpus print under everything.

    Args:
        staging: every article of the corpus; their lines are kept in it.
        workers: who numbers the lines that are not known yet.
        on_article: is called after each article.
    """
    counts = LineCounts()
    sizes: Counter[str] = Counter()
    jobs = ((batch, (_unknown(batch),)) for batch in _batches(staging.learned_from()))
    for batch, found in workers.ordered(find_lines, jobs):
        new = iter(found)
        for each in batch:
            lines = each.lines or next(new)
            staging.add_lines(each.doc_id, lines)
            counts.add(lines.keys)
            sizes[each.outlet] += 1
            on_article()

    def chosen(numbers: Collection[int]) -> Iterator[tuple[int, OutletText]]:
        for number, outlet, text in staging.chosen(numbers):
            yield number, OutletText(outlet, text)

    recurring = find_recurring(counts, sizes, chosen)
    numbers = {line_id(outlet, line.line) for outlet, line in recurring}
    return Learned(recurring, counts.articles_with(numbers))


def catalog_entries(
    staging: Staging, files: Mapping[str, SourceFile], making: Making
) -> Iterator[MadeEntry | TakenEntry]:
    """Yield one entry an article in the order of doc_id.

    Args:
        staging: every article of the corpus.
        files: the files they came from, by path.
        making: how they are made.
    """
    jobs = ((batch, (making.tokenizer, _to_make(batch))) for batch in _keyed(staging, making))
    for batch, made in making.workers.ordered(make_rows, jobs):
        rows = iter(made)
        for entry, key, _ in batch:
            article, file = entry.article, files[entry.article.file]
            doc_id = doc_id_of(article.path)
            if entry.known == key and key:
                yield TakenEntry(doc_id, file)
                continue
            lines = (entry.lines.keys, entry.lines.is_one_line) if entry.lines else (None, False)
            made_from = (entry.outlet, entry.given, entry.read_key, *lines, key)
            yield MadeEntry(
                doc_id, article.path, file, article.encoding, article.text, next(rows), made_from
            )


_Keyed: TypeAlias = tuple[StagedEntry, bytes, OutletLines | None]
_Each = TypeVar("_Each")


def _keyed(staging: Staging, making: Making) -> Iterator[list[_Keyed]]:
    def keyed() -> Iterator[_Keyed]:
        for number, entry in enumerate(staging.entries()):
            lines = making.lines_for(number, entry)
            yield entry, making.key_for(entry, lines), lines

    return _batches(keyed())


def _to_make(batch: Sequence[_Keyed]) -> list[tuple[StagedArticle, OutletLines | None]]:
    return [(entry.article, lines) for entry, key, lines in batch if not key or entry.known != key]


def _unknown(batch: Sequence[LearnedFrom]) -> list[OutletText]:
    return [OutletText(each.outlet, each.text) for each in batch if each.lines is None]


def _batches(items: Iterable[_Each]) -> Iterator[list[_Each]]:
    left = iter(items)
    while batch := list(islice(left, _ARTICLES_AT_ONCE)):
        yield batch
