"""What does each article become? A catalog entry: cleaned, with its metadata, split into passages.

In: the staged articles, in the order of doc_id. Out: their entries in the same order.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from indexer.catalog_writer import CatalogEntry
from indexer.cleaning import clean
from indexer.documents import Document, SourceFile, doc_id_of
from indexer.metadata import find_metadata
from indexer.passages import TokenCounter, split
from indexer.staging import StagedArticle, Staging


def catalog_entries(
    staging: Staging,
    files: Mapping[str, SourceFile],
    count_tokens: TokenCounter,
    removed: Counter[str],
) -> Iterator[CatalogEntry]:
    """Yield one entry an article in the order of doc_id.

    Args:
        staging: every article of the corpus.
        files: the files they came from, by path.
        count_tokens: the encoder's token counter, which sizes the passages.
        removed: receives how many characters cleaning left out, by reason.
    """
    for article in staging.articles():
        entry = _entry(article, files[article.file], count_tokens)
        for region in entry.regions:
            if not region.kept:
                removed[region.reason] += region.end - region.start
        yield entry


def _entry(article: StagedArticle, file: SourceFile, count_tokens: TokenCounter) -> CatalogEntry:
    cleaning = clean(article.text)
    metadata = find_metadata(article.text, cleaning, article.path, article.given)
    doc_id = doc_id_of(article.path)
    document = Document(doc_id, article.path, file, article.encoding, article.text, metadata)
    passages = split(doc_id, article.text, cleaning, count_tokens)
    return CatalogEntry(document, cleaning.regions, tuple(passages))
