"""Loading of the articles of one corpus file, in a worker process and within its budget."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from indexer.corpus.budget import each_within_budget
from indexer.corpus.files import FileReader
from indexer.corpus.scan import CorpusFile
from indexer.loaders.formats.registry import load
from indexer.loaders.limits import Unpacking
from indexer.loaders.protocol import Loaded, LoadedArticle, Reading
from indexer.storage.read_settings import ReadSettings


def load_file(
    content: bytes | Path, file: CorpusFile, settings: ReadSettings, seconds: float
) -> Iterator[Loaded]:
    """Yield the articles of a file.

    Args:
        content: what is in the file, or where it is.
        file: its entry in the listing.
        settings: columns and limits.
        seconds: time limit of each file operation.

    Raises:
        SkippedFileError: when the file cannot be read, takes too long or too much memory.
    """
    with FileReader(seconds) as reader:
        opened: AbstractContextManager[BinaryIO] = (
            reader.open(content, file)
            if isinstance(content, Path)
            else nullcontext(BytesIO(content))
        )
        with opened as stream:
            unpacking = Unpacking(file.size)
            reading = Reading(settings.columns, settings.max_bytes, unpacking, settings.encoding)
            for loaded in each_within_budget(load(stream, file.path, reading), file.size):
                if isinstance(loaded, LoadedArticle):
                    unpacking.count_article()
                yield loaded
