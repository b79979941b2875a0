"""Which articles are in this folder or file?"""

from indexer.loaders.corpus import Corpus, CorpusFile, Skip, scan
from indexer.loaders.protocol import LoadedArticle, Loader, SkippedFileError
from indexer.loaders.text import TextLoader

LOADERS: tuple[Loader, ...] = (TextLoader(),)
SUFFIXES = frozenset(suffix for loader in LOADERS for suffix in loader.suffixes)

__all__ = [
    "LOADERS",
    "SUFFIXES",
    "Corpus",
    "CorpusFile",
    "LoadedArticle",
    "Loader",
    "Skip",
    "SkippedFileError",
    "TextLoader",
    "scan",
]
