"""What is done to each article by itself? Its lines are numbered; it is cleaned, dated and split.

Plain values in, plain values out: the work is done by this process or by helpers beside it.
"""

import gc
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from indexer.build.passages import TokenCounter, split
from indexer.catalog.entry_rows import CatalogEntry, EntryRows, rows_of
from indexer.catalog.staging import ArticleLines, StagedArticle
from indexer.cleaning.cleaner import clean, keep_all
from indexer.cleaning.single_line import is_one_line
from indexer.dedup.copies import sign
from indexer.documents import Document, Finding, SourceFile, Span, doc_id_of
from indexer.encoding.token_counts import token_counter
from indexer.metadata.extract import find_metadata
from indexer.metadata.language_detection import load_detector
from indexer.recurring.counts import line_keys
from indexer.recurring.lines import NO_LINES, OutletLines, OutletText
from indexer.text.analyzer import fold, folded_lines
from indexer.text.blocks import split_blocks


def prepare(tokenizer: Path) -> None:
    """Load what every article needs, given the file of the encoder's tokenizer."""
    _counter(tokenizer)
    load_detector()
    gc.freeze()  # what is loaded by now stays, and need not be looked through again and again


def find_lines(articles: Sequence[OutletText]) -> list[ArticleLines]:
    """Return the lines of articles."""
    found = []
    for outlet, text in articles:
        blocks = split_blocks(text)
        found.append(ArticleLines(line_keys(outlet, blocks), is_one_line(text, blocks)))
    return found


def make_rows(
    tokenizer: Path, articles: Sequence[tuple[StagedArticle, OutletLines | None]]
) -> list[EntryRows]:
    """Return the rows of articles.

    Args:
        tokenizer: the file of the encoder's tokenizer, which sizes the passages.
        articles: each with the lines that its outlet prints under everything; None: nothing is
            cleaned.
    """
    count_tokens = _counter(tokenizer)
    found = []
    for article, lines in articles:
        entry = make_entry(article, _NO_FILE, count_tokens, lines)
        texts = [article.text[passage.start : passage.end] for passage in entry.passages]
        # Folded here, once, for the copies and for both BM25 indexes.
        folded = tuple(map(fold, texts))
        found.append(rows_of(entry, sign(folded_lines(texts, folded)), folded))
    return found


def make_entry(
    article: StagedArticle, file: SourceFile, count_tokens: TokenCounter, lines: OutletLines | None
) -> CatalogEntry:
    """Return an article cleaned, with its metadata, split into passages."""
    text, given = article.text, article.given
    cleaning = clean(text, lines or NO_LINES, located(given.title))
    # Who wrote it, and when, stands in what cleaning would leave out, whether or not it does.
    metadata = find_metadata(text, cleaning, given)
    if lines is None:
        cleaning = keep_all(text)
    doc_id = doc_id_of(article.path)
    document = Document(doc_id, article.path, file, article.encoding, text, metadata)
    passages = split(doc_id, text, cleaning, count_tokens)
    return CatalogEntry(document, cleaning.regions, tuple(passages))


def located(title: Finding | None) -> Span | None:
    """Return where a title that the format gives stands in the text, if it does."""
    if title is None or title.start is None or title.end is None:
        return None
    return Span(title.start, title.end)


_NO_FILE = SourceFile("", 0, 0)


@lru_cache(maxsize=1)
def _counter(tokenizer: Path) -> TokenCounter:
    return token_counter(tokenizer)
