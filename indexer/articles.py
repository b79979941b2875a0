"""What does each article become? A catalog entry: cleaned, with its metadata, split into passages.

In: the staged articles, in the order of doc_id. Out: their entries in the same order.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from indexer.catalog_writer import CatalogEntry
from indexer.cleaning import clean, keep_all
from indexer.documents import Document, Finding, SourceFile, Span, doc_id_of
from indexer.metadata import find_metadata
from indexer.outlet_keys import outlet_key
from indexer.passages import TokenCounter, split
from indexer.recurring_lines import NO_LINES, OutletLines, OutletText, RecurringLines, learn
from indexer.staging import StagedArticle, Staging

NO_RECURRING_LINES = RecurringLines()


def learn_lines(staging: Staging, on_article: Callable[[], None] = lambda: None) -> RecurringLines:
    """Return the lines that the outlets of the corpus print under everything.

    Args:
        staging: every article of the corpus.
        on_article: is called after each article.
    """
    return learn(
        lambda: (OutletText(_outlet(article), article.text) for article in staging.articles()),
        on_article,
    )


def catalog_entries(
    staging: Staging,
    files: Mapping[str, SourceFile],
    count_tokens: TokenCounter,
    removed: Counter[str],
    recurring: RecurringLines | None = NO_RECURRING_LINES,
) -> Iterator[CatalogEntry]:
    """Yield one entry an article in the order of doc_id.

    Args:
        staging: every article of the corpus.
        files: the files they came from, by path.
        count_tokens: the encoder's token counter, which sizes the passages.
        removed: receives how many characters cleaning left out, by reason.
        recurring: the lines that outlets print under everything; None cleans nothing.
    """
    for article in staging.articles():
        lines = recurring.of(_outlet(article)) if recurring is not None else None
        entry = _entry(article, files[article.file], count_tokens, lines)
        for region in entry.regions:
            if not region.kept:
                removed[region.reason] += region.end - region.start
        yield entry


def located(title: Finding | None) -> Span | None:
    """Return where a title that the format gives stands in the text, if it does."""
    if title is None or title.start is None or title.end is None:
        return None
    return Span(title.start, title.end)


def _outlet(article: StagedArticle) -> str:
    return outlet_key(article.path, article.file, article.given)


def _entry(
    article: StagedArticle,
    file: SourceFile,
    count_tokens: TokenCounter,
    lines: OutletLines | None,
) -> CatalogEntry:
    cleaning = clean(article.text, lines or NO_LINES, located(article.given.title))
    # Who wrote it, and when, stands in what cleaning would leave out, whether or not it does.
    metadata = find_metadata(article.text, cleaning, article.path, article.given)
    if lines is None:
        cleaning = keep_all(article.text)
    doc_id = doc_id_of(article.path)
    document = Document(doc_id, article.path, file, article.encoding, article.text, metadata)
    passages = split(doc_id, article.text, cleaning, count_tokens)
    return CatalogEntry(document, cleaning.regions, tuple(passages))
