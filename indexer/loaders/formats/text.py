"""Loader of plain text and Markdown: one article a file, unless a press database exported more."""

from collections.abc import Iterator
from typing import BinaryIO

from indexer.corpus.scan import EMPTY, SkippedFileError
from indexer.loaders.decoding import decode
from indexer.loaders.press_exports import exported_articles
from indexer.loaders.protocol import LoadedArticle, Reading, read_whole


class TextLoader:
    """Reader of text files, unchanged but for exports; Markdown is indexed as it is written."""

    suffixes = frozenset({".txt", ".md"})
    streams = False

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[LoadedArticle]:
        """Yield the article, or those of an export."""
        text, encoding = decode(read_whole(stream, reading), told=reading.encoding)
        if not text.strip():
            raise SkippedFileError(EMPTY)
        yield from exported_articles(text, encoding) or [LoadedArticle(text, encoding)]
