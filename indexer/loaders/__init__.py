"""Which articles are in this folder or file?"""

from indexer.corpus.scan import Corpus, CorpusFile, Skip, scan
from indexer.corpus.skips import SkippedFileError
from indexer.loaders.field_names import BY_CONVENTION, Columns
from indexer.loaders.formats.registry import LOADERS, LOADERS_VERSION, SUFFIXES, load, loader_of
from indexer.loaders.formats.text import TextLoader
from indexer.loaders.limits import Unpacking, UnpackingLimits
from indexer.loaders.protocol import (
    Loaded,
    LoadedArticle,
    Loader,
    Reading,
    SkippedArticle,
)

__all__ = [
    "BY_CONVENTION",
    "LOADERS",
    "LOADERS_VERSION",
    "SUFFIXES",
    "Columns",
    "Corpus",
    "CorpusFile",
    "Loaded",
    "LoadedArticle",
    "Loader",
    "Reading",
    "Skip",
    "SkippedArticle",
    "SkippedFileError",
    "TextLoader",
    "Unpacking",
    "UnpackingLimits",
    "load",
    "loader_of",
    "scan",
]
