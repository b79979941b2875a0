"""Would building again give the same index? By the bytes of the corpus, and all that shapes it."""

from pathlib import Path

from indexer.build.generation import VERSIONS, IndexConfig
from indexer.build.reading import fingerprint
from indexer.build.reuse import is_same_encoder
from indexer.catalog.reader import Catalog
from indexer.corpus.scan import Corpus
from indexer.errors import DatelineError
from indexer.loaders.optional import installed_since
from indexer.storage.manifest import Manifest, generation_folder


def is_current(index: Path, live: Manifest, corpus: Corpus, config: IndexConfig) -> bool:
    """Tell whether a generation is what a build would write now, but for places and times.

    The generation's own files are not looked at.

    Args:
        index: the index folder.
        live: the manifest of the generation.
        corpus: the scanned corpus, whose files are hashed.
        config: how it would be built.

    Raises:
        EncoderError: when the encoder is missing or altered.
    """
    return (
        live.settings == config.settings
        and is_same_encoder(live.encoder, config.encoder)
        and live.bm25 == config.bm25
        and live.versions == VERSIONS
        and not _shows_changes(index, live, corpus)
        and live.corpus_sha256
        == fingerprint(corpus, config.settings, _files_that_count(live), config.file_seconds)
        and not installed_since(set(live.skipped))
    )


def _shows_changes(index: Path, live: Manifest, corpus: Corpus) -> bool:
    """Tell whether names and sizes show already that the corpus has changed: no file is opened.

    With a limit, files that nobody read may come and go.
    """
    if live.settings.limit is not None:
        return False
    try:
        with Catalog(generation_folder(index, live.generation)) as catalog:
            known = {file.path: file for file in catalog.files()}
    except DatelineError:
        return False
    return len(known) != len(corpus.files) or any(
        (before := known.get(file.path)) is None or (before.sha256 and before.size != file.size)
        for file in corpus.files
    )


def _files_that_count(live: Manifest) -> int | None:
    """Return how many files, the first by path, can change the index; None means every one.

    Only when the limit of articles was reached do later files not matter.
    """
    limit = live.settings.limit
    return live.files_read if limit is not None and live.documents >= limit else None
