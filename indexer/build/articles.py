"""Articles made into catalog entries: cleaned, dated, split into passages, by every core.

An article whose entry depends on nothing that has changed is copied from the previous generation.
"""

import gc
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TypeVar

from indexer import __version__
from indexer.build.passages import TokenCounter, split
from indexer.build.reading import ReadingLog
from indexer.build.workers import Workers
from indexer.catalog.keys import content_key
from indexer.catalog.rows import CatalogEntry, EntryRows, rows_of
from indexer.catalog.staging import ArticleLines, StagedArticle, StagedEntry, Staging
from indexer.catalog.writer import NewEntry, ReusedEntry
from indexer.cleaning.cleaner import clean, keep_all
from indexer.cleaning.single_line import is_one_line
from indexer.corpus.budget import within_budget
from indexer.corpus.scan import SkippedFileError
from indexer.dedup.copies import sign
from indexer.documents import Document, Finding, SourceFile, Span, doc_id_of
from indexer.encoding.token_counts import token_counter
from indexer.metadata.extract import find_metadata
from indexer.metadata.language_detection import load_detector
from indexer.metadata.told import NO_VALUES, NOTHING_TOLD, ToldReader, ToldValues
from indexer.recurring.counts import LineCounts, line_id, line_keys
from indexer.recurring.lines import (
    NO_LINES,
    OutletLines,
    RecurringLine,
    RecurringLines,
    find_recurring,
)
from indexer.text.analyzer import fold, folded_lines
from indexer.text.blocks import split_blocks
from indexer.text.urls import url_date

METADATA_VERSION = 4
"""Raised whenever other metadata could be found in the same text."""

_BATCH = 50
_NEVER_REUSED = b""
_NO_FILE = SourceFile("", 0, 0)

_Each = TypeVar("_Each")


@dataclass(frozen=True, slots=True)
class LearnedLines:
    """Recurring lines of a corpus, with the ids of those in each article, by its number."""

    lines: RecurringLines = field(default_factory=RecurringLines)
    by_article: Mapping[int, frozenset[int]] = field(default_factory=dict)


def learn_lines(
    staging: Staging, workers: Workers, on_article: Callable[[], None] = lambda: None
) -> LearnedLines:
    """Return the lines that the outlets of the corpus print under everything.

    Args:
        staging: every article of the corpus; receives the lines of each.
        workers: find the lines of articles that are new.
        on_article: is called after each article.
    """
    counts = LineCounts()
    sizes: Counter[str] = Counter()
    jobs = (
        (batch, ([(each.outlet, each.text) for each in batch if each.lines is None],))
        for batch in _batches(staging.line_sources())
    )
    for batch, found in workers.ordered(find_lines, jobs):
        new = iter(found)
        for each in batch:
            lines = each.lines or next(new)
            if isinstance(lines, SkippedFileError):
                lines = ArticleLines()  # skipped when its entry is made
            staging.add_lines(each.doc_id, lines)
            counts.add(lines.keys)
            sizes[each.outlet] += 1
            on_article()

    recurring = find_recurring(counts, sizes, staging.outlet_texts)
    ids = {line_id(outlet, line.line) for outlet, line in recurring}
    return LearnedLines(recurring, counts.articles_with(ids))


class EntryMaker:
    """Maker of the catalog entries of a corpus.

    Args:
        tokenizer: the file of the encoder's tokenizer, which sizes the passages.
        workers: make the entries.
        learned: lines that outlets print under everything; None cleans nothing.
        told: what the user tells about each article; None for nothing.
    """

    def __init__(
        self,
        tokenizer: Path,
        workers: Workers,
        learned: LearnedLines | None,
        told: ToldReader | None = None,
    ) -> None:
        """Hash what every entry depends on."""
        self._tokenizer = tokenizer
        self._workers = workers
        self._learned = learned
        self._told = told or ToldReader(NOTHING_TOLD)
        versions = f"{__version__} {METADATA_VERSION} {learned is not None}"
        self._key = content_key(versions, sha256(tokenizer.read_bytes()).digest())
        self._by_id: dict[int, RecurringLine] = {}
        for outlet, line in learned.lines if learned else ():
            self._by_id[line_id(outlet, line.line)] = line

    def entries(self, staging: Staging, log: ReadingLog) -> Iterator[NewEntry | ReusedEntry]:
        """Yield one entry an article in the order of doc_id.

        Args:
            staging: every article of the corpus.
            log: has the files they came from; receives the articles that take too long or too
                much memory.
        """
        jobs = (
            (
                batch,
                (self._tokenizer, [(e.article, *of) for e, key, *of in batch if key is not None]),
            )
            for batch in _batches(self._keyed(staging))
        )
        for batch, made in self._workers.ordered(make_rows, jobs):
            rows = iter(made)
            for entry, key, *_ in batch:
                file = log.files[entry.article.file]
                if key is None:
                    yield ReusedEntry(doc_id_of(entry.article.path), file)
                elif isinstance(row := next(rows), SkippedFileError):
                    log.skip_article(entry.article, row)
                else:
                    yield _made(entry, key, file, row)

    def _keyed(
        self, staging: Staging
    ) -> Iterator[tuple[StagedEntry, bytes | None, OutletLines | None, ToldValues]]:
        """Yield each article, the key of its new entry, its lines and what is told about it.

        The key is None for an entry to be copied.
        """
        for number, entry in enumerate(staging.entries()):
            lines = self._lines_for(number, entry)
            article = entry.article
            told = self._told.values(article.path, article.file, article.text)
            key = self._key_for(entry, lines, told)
            yield entry, None if key and key == entry.previous_key else key, lines, told

    def _lines_for(self, number: int, entry: StagedEntry) -> OutletLines | None:
        if self._learned is None:
            return None
        if entry.lines is None or entry.lines.is_one_line:
            return self._learned.lines.of(entry.outlet)
        found = (self._by_id[key] for key in self._learned.by_article.get(number, ()))
        return OutletLines(entry.outlet, {line.line: line for line in found})

    def _key_for(self, entry: StagedEntry, lines: OutletLines | None, told: ToldValues) -> bytes:
        """Return a hash over everything that an article's entry depends on."""
        address = entry.article.given.url
        day = url_date(address.value) if address else None
        if day is not None and day > datetime.now(UTC).date():
            return _NEVER_REUSED  # such a date is not believed until its day has come
        known = sorted((line.line, line.at_edge) for line in lines.lines.values()) if lines else ()
        by_user = () if told == NO_VALUES else (repr(told),)
        return content_key(self._key, entry.read_key, json.dumps(known), *by_user)


def load_models(tokenizer: Path) -> None:
    """Load what every article needs, given the file of the encoder's tokenizer."""
    _token_counter(tokenizer)
    load_detector()
    gc.freeze()  # what is loaded by now stays, and need not be looked through again and again


def find_lines(articles: Sequence[tuple[str, str]]) -> list[ArticleLines | SkippedFileError]:
    """Return the lines of each article, given its outlet and text."""

    def found(outlet: str, text: str) -> ArticleLines:
        blocks = split_blocks(text)
        return ArticleLines(line_keys(outlet, blocks), is_one_line(text, blocks))

    return [_or_skip(len(text), found, outlet, text) for outlet, text in articles]


def make_rows(
    tokenizer: Path, articles: Sequence[tuple[StagedArticle, OutletLines | None, ToldValues]]
) -> list[EntryRows | SkippedFileError]:
    """Return the rows of articles.

    Each is given with the lines of its outlet, of which None cleans nothing, and what is told.
    """

    def rows(article: StagedArticle, lines: OutletLines | None, told: ToldValues) -> EntryRows:
        entry = make_entry(article, _NO_FILE, _token_counter(tokenizer), lines, told)
        texts = [article.text[passage.start : passage.end] for passage in entry.passages]
        # Folded once, for the copies and for both BM25 indexes.
        folded = tuple(map(fold, texts))
        return rows_of(entry, sign(folded_lines(texts, folded)), folded)

    return [_or_skip(len(each[0].text), rows, *each) for each in articles]


def _or_skip(
    size: int, function: Callable[..., _Each], *arguments: object
) -> _Each | SkippedFileError:
    """Return what a function makes of an article, or the skip when it uses up its budget."""
    try:
        with within_budget(size):
            return function(*arguments)
    except SkippedFileError as skip:
        return skip


def make_entry(
    article: StagedArticle,
    file: SourceFile,
    count_tokens: TokenCounter,
    lines: OutletLines | None,
    told: ToldValues = NO_VALUES,
) -> CatalogEntry:
    """Return an article cleaned, with its metadata, split into passages."""
    text, given = article.text, article.given
    cleaning = clean(text, lines or NO_LINES, located(given.title))
    # Author and date stand in what cleaning leaves out, so it runs even when its result is unused.
    metadata = find_metadata(text, cleaning, given, told)
    if lines is None:
        cleaning = keep_all(text)
    doc_id = doc_id_of(article.path)
    document = Document(doc_id, article.path, file, article.encoding, text, metadata)
    passages = split(doc_id, text, cleaning, count_tokens)
    return CatalogEntry(document, cleaning.regions, tuple(passages))


def located(title: Finding | None) -> Span | None:
    """Return the span in the text of a title that the format gives, if it has one."""
    if title is None or title.start is None or title.end is None:
        return None
    return Span(title.start, title.end)


def _made(entry: StagedEntry, key: bytes, file: SourceFile, rows: EntryRows) -> NewEntry:
    article, lines = entry.article, entry.lines
    line_columns = (lines.keys, lines.is_one_line) if lines else (None, False)
    made_from = (entry.outlet, entry.given, entry.read_key, *line_columns, key)
    doc_id = doc_id_of(article.path)
    return NewEntry(doc_id, article.path, file, article.encoding, article.text, rows, made_from)


def _batches(items: Iterable[_Each]) -> Iterator[list[_Each]]:
    left = iter(items)
    while batch := list(islice(left, _BATCH)):
        yield batch


@lru_cache(maxsize=1)
def _token_counter(tokenizer: Path) -> TokenCounter:
    return token_counter(tokenizer)
