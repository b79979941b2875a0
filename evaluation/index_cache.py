"""Cached index of a collection: its documents as text files, built as the product builds."""

import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from evaluation.collection import Collection, CollectionDocument
from indexer.build.pipeline import BuildReport, IndexConfig, build
from indexer.documents import doc_id_of
from indexer.encoding.cache import PRIVATE, cache_folder
from indexer.errors import IndexWriteError
from indexer.progress import NoProgress, Progress
from indexer.storage.lock import writer_lock

KIND = "evaluation-1"
"""Cache folder; increment when the content of the text files changes."""

_HASH_LENGTH = 16
_NAME_LENGTH = 60
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True, slots=True)
class EncodedCollection:
    """Collection with its index.

    `ids` maps each doc_id to the document's id; `build.skips` are files that no search can find.
    """

    collection: Collection
    articles: Path
    index: Path
    build: BuildReport
    ids: Mapping[str, str] = field(repr=False)


def encode_collection(
    collection: Collection,
    config: IndexConfig | None = None,
    *,
    progress: Progress | None = None,
) -> EncodedCollection:
    """Write a collection's documents as files and index them, unless already cached.

    Safe to kill and to resume: the files appear atomically.

    Raises:
        IndexLockedError: if another process is preparing the same collection.
        IndexWriteError: if the cache folder is not writable.
        CorpusError: if no document has text.
        EncoderError: if the encoder is missing or altered.
    """
    name = f"{_file_stem(collection.name)}-{collection.fingerprint()[:_HASH_LENGTH]}"
    folder = cache_folder(KIND, name)
    articles, index = folder / "articles", folder / "index"
    shown = progress or NoProgress()
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        with writer_lock(folder):
            if not articles.is_dir():
                _write_articles(collection, articles, shown)
    except OSError as error:
        raise IndexWriteError(
            f"cannot write {articles} ({error}). Free disk space, or set DATELINE_CACHE to a "
            "writable folder"
        ) from error
    finally:
        shown.close()
    ids = {doc_id_of(article_name(each.id)): each.id for each in collection.documents}
    report = build(articles, index, config or IndexConfig(), progress=progress)
    return EncodedCollection(collection, articles, index, report, ids)


def article_name(document_id: str) -> str:
    """Return a readable, safe and unique file name for any document id.

    The hash distinguishes long ids and those that differ only in case.

    >>> article_name("MED-10"), article_name("../x")
    ('MED-10-d55d1edfaeb6ff5f.txt', '%2E%2E%2Fx-d6b96a97d147daaa.txt')
    """
    digest = sha256(document_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{_file_stem(document_id)}-{digest[:_HASH_LENGTH]}.txt"


def _file_stem(name: str) -> str:
    return _UNSAFE.sub(lambda match: _percent_encoded(match.group()), name)[:_NAME_LENGTH]


def _percent_encoded(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def _write_articles(collection: Collection, articles: Path, progress: Progress) -> None:
    """Write all documents to a temporary folder and rename it; remove leftovers of killed runs."""
    for left in articles.parent.glob(f"{articles.name}-*"):
        shutil.rmtree(left, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f"{articles.name}-", dir=articles.parent))
    try:
        progress.stage("write", len(collection.documents))
        for document in collection.documents:
            content = _article(document).encode("utf-8", "replace")
            (unfinished / article_name(document.id)).write_bytes(content)
            progress.advance()
        unfinished.rename(articles)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _article(document: CollectionDocument) -> str:
    """Return the title on one line, a blank line, and the text."""
    title = " ".join(document.title.split())
    return f"{title}\n\n{document.text}\n" if title else f"{document.text}\n"
