"""Where is the index of a collection's documents?

In: a collection. Out: its documents as text files and an index of them, made by the product's own
build, in the cache folder. The same documents are encoded once.
"""

import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from indexer.build.pipeline import BuildReport, IndexConfig, build
from indexer.documents import doc_id_of
from indexer.encoding.cache_folder import PRIVATE, cache_folder
from indexer.errors import IndexWriteError
from indexer.progress import NoProgress, Progress
from indexer.storage.lock import writer_lock
from retrieval.evaluation.collection import Collection, CollectionDocument

KIND = "evaluation-1"
"""The folder of the cache; whoever changes what the text files hold counts it up."""

_HASH_LENGTH = 16
_NAME_LENGTH = 60
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True, slots=True)
class EncodedCollection:
    """A collection with its index.

    `ids` leads from the doc_id of each file to the id of the document; `build.skips` names the
    files that the build left out, which no search can find.
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
    """Write a collection's documents as files and build their index, unless both are there.

    Killed at any moment, the next call goes on: the files appear together or not at all, and a
    build does not harm what was there.

    Args:
        collection: what is measured.
        config: which encoder and engine, how many threads; by default as the product builds.
        progress: is told about stages; None shows nothing.

    Raises:
        IndexLockedError: when another process prepares the same collection.
        IndexWriteError: when the cache folder cannot be written.
        CorpusError: when no document has text.
        EncoderError: when the encoder is missing or altered.
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
            f"{articles} could not be written ({error}). Free disk space, or set DATELINE_CACHE to "
            "a folder that can be written"
        ) from error
    finally:
        shown.close()
    ids = {doc_id_of(article_name(each.id)): each.id for each in collection.documents}
    report = build(articles, index, config or IndexConfig(), progress=progress)
    return EncodedCollection(collection, articles, index, report, ids)


def article_name(document_id: str) -> str:
    """Return the file name of a document: readable, safe for any id, and never shared by two.

    Ids are anyone's: what is no letter, digit, dash or underscore is percent-encoded, and a hash
    keeps apart long ones and those that differ in case only.

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
    """Write every document beside `articles`, then rename; what a killed run left is removed."""
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
    """Return title, blank line, text; the title on one line, as a headline is."""
    title = " ".join(document.title.split())
    return f"{title}\n\n{document.text}\n" if title else f"{document.text}\n"
