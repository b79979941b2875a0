"""Index of material, written by the product's own writers.

Passages and vectors are given, so reading, cleaning, splitting and encoding are left out; the rest
is as in a build, except that copies are not searched for among recombined passages.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import file_digest
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.scale.layout import ARTICLES_FILE, Material
from indexer.build.generation import VERSIONS
from indexer.catalog.reader import Catalog
from indexer.catalog.row_map import write_row_map
from indexer.catalog.rows import CatalogEntry, rows_of
from indexer.catalog.statistics import count_languages
from indexer.catalog.writer import NewEntry, write_catalog, write_copies
from indexer.corpus.roots import CorpusRoots
from indexer.dedup.copies import copy_rank, find_copies, sign
from indexer.documents import Document, Finding, Metadata, Passage, Region, SourceFile, Span
from indexer.encoding.encoder import EncoderSpec
from indexer.lexical.schema import ARTICLES_FOLDER
from indexer.lexical.writer import LexicalWriter, passage_texts
from indexer.progress import NoProgress, Progress
from indexer.storage.manifest import (
    FOLDER_MODE,
    Manifest,
    generation_folder,
    hash_files,
    sync_tree,
    write_manifest,
)
from indexer.storage.read_settings import DEFAULT_SETTINGS
from indexer.store import Embeddings, StoredPassage
from indexer.text.analyzer import fold, fold_for_terms
from indexer.vectors.index import write_vectors
from indexer.vectors.ivf import IvfReport
from indexer.vectors.tuning import build_ivf

# Nothing is ever reused of such an index.
_MADE_FROM = ("", "{}", b"", None, False, b"")
_GENERATION = 1
_VECTORS_AT_ONCE = 20_000

# Articles that are combinations of the same few passages resemble each other as no corpus does;
# then every two would be compared, and no copies are sought.
_RECOMBINED_MOST = 4


def write_index(
    material: Material,
    index: Path,
    progress: Progress | None = None,
    *,
    threads: int | None = None,
) -> Manifest:
    """Write an index of material that `SearchEngine` can open.

    Args:
        material: passages ordered by doc_id and start, with vectors.
        index: folder, which must not exist.
        progress: of the stages.
        threads: for the vector lists; None means every core.

    Raises:
        FileExistsError: if the folder exists.
        IndexWriteError: if a file cannot be written.
    """
    shown = progress or NoProgress()
    index.mkdir(mode=FOLDER_MODE, parents=True)
    folder = generation_folder(index, _GENERATION)
    folder.mkdir(mode=FOLDER_MODE)
    shown.stage("catalog", material.about.documents)
    documents, passages = write_catalog(folder, _entries(material, shown))
    alike = material.about.recombined > _RECOMBINED_MOST * (passages - material.about.recombined)
    copies = {} if alike else _copies(folder, shown)
    write_copies(folder, copies)
    shown.stage("store", 4)
    lists, languages = _write_searchable(material, folder, shown, threads)
    sync_tree(folder)
    manifest = _manifest(material, documents, passages, copies, languages, lists, folder)
    write_manifest(index, manifest)
    shown.close()
    return manifest


def _write_searchable(
    material: Material, folder: Path, progress: Progress, threads: int | None
) -> tuple[IvfReport | None, dict[str, int]]:
    """Write the vectors and the BM25 indexes."""
    write_vectors(folder, material.about.dimension, _blocks(material))
    progress.advance()
    with Catalog(folder) as catalog:
        write_row_map(folder, catalog)
        lists = build_ivf(folder, catalog.headline_rows(), threads)
        progress.advance()
        with LexicalWriter(folder) as writer:
            writer.add(map(_folded, catalog.all_passages()))
            writer.commit()
        progress.advance()
        with LexicalWriter(folder, ARTICLES_FOLDER) as writer:
            writer.add(
                (fold_for_terms([text], [fold(text)]), ()) for text in catalog.article_texts()
            )
            writer.commit()
        progress.advance()
        return lists, count_languages(catalog)


def _folded(stored: StoredPassage) -> tuple[str, tuple[str, ...]]:
    return passage_texts(stored.heading, stored.text, fold(stored.text))


def _copies(folder: Path, progress: Progress) -> dict[str, str]:
    """Return the representative of each article with copies."""
    with Catalog(folder) as catalog:
        progress.stage("copies", catalog.documents)
        dates = catalog.rows("SELECT doc_id, published FROM documents ORDER BY number")
        texts = zip(dates, catalog.article_texts(), strict=True)
        signed = (
            (copy_rank(doc_id, published), sign(fold(text))) for (doc_id, published), text in texts
        )
        return find_copies(signed, catalog.sentences)


def _manifest(
    material: Material,
    documents: int,
    passages: int,
    copies: dict[str, str],
    languages: dict[str, int],
    lists: IvfReport | None,
    folder: Path,
) -> Manifest:
    about = material.about
    stories = len(set(copies.values()))
    return Manifest(
        generation=_GENERATION,
        roots=CorpusRoots.of(material.folder / ARTICLES_FILE),
        settings=DEFAULT_SETTINGS,
        files_read=1,
        corpus_sha256=about.source,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        built_by="benchmarks.scale",
        encoder=EncoderSpec(about.encoder, about.encoder_sha256, about.dimension, about.max_tokens),
        bm25="tantivy",
        versions=VERSIONS,
        documents=documents,
        passages=passages,
        copies=len(copies) - stories,
        copied_reports=stories,
        skipped={},
        removed={},
        languages=languages,
        files=hash_files(folder),
        vector_lists=lists,
    )


def _entries(material: Material, progress: Progress) -> Iterator[NewEntry]:
    path = material.folder / ARTICLES_FILE
    with path.open("rb") as stream:
        sha256 = file_digest(stream, "sha256").hexdigest()
    status = path.stat()
    file = SourceFile(ARTICLES_FILE, status.st_size, status.st_mtime_ns, sha256)
    for row in material.articles():
        title, source, published, language = (
            Finding(row[name], "material") if row[name] else None
            for name in ("title", "source", "published", "language")
        )
        metadata = Metadata(title=title, source=source, published=published, language=language)
        document = Document(row["doc_id"], row["path"], file, "utf-8", row["text"], metadata)
        passages = tuple(
            Passage(document.doc_id, start, end, kind, _spans(offsets))
            for start, end, kind, offsets in row["passages"]
        )
        progress.advance()
        rows = rows_of(CatalogEntry(document, (Region(0, len(row["text"]), kept=True),), passages))
        yield NewEntry(
            document.doc_id, document.path, file, "utf-8", document.text, rows, _MADE_FROM
        )


def _spans(offsets: list[int]) -> tuple[Span, ...]:
    return tuple(Span(*pair) for pair in list(pairwise(offsets))[::2])


def _blocks(material: Material) -> Iterator[Embeddings]:
    vectors = material.vectors()
    for first in range(0, len(vectors), _VECTORS_AT_ONCE):
        yield np.array(vectors[first : first + _VECTORS_AT_ONCE])
