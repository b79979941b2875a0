"""Small real indexes over articles written in a test: no model, vectors from a seeded generator."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from indexer.build.passages import split
from indexer.catalog.reader import Catalog
from indexer.catalog.row_map import write_row_map
from indexer.catalog.rows import CatalogEntry, rows_of
from indexer.catalog.staging import StagedArticle, Staging
from indexer.catalog.statistics import count_languages
from indexer.catalog.writer import NewEntry, write_catalog, write_copies
from indexer.cleaning.cleaner import Cleaning
from indexer.corpus.roots import CorpusRoot, CorpusRoots
from indexer.corpus.scan import Skip
from indexer.documents import Document, Finding, Metadata, Region, SourceFile, Span, doc_id_of
from indexer.encoding.encoder import EncoderSpec
from indexer.lexical.schema import ARTICLES_FOLDER, Bm25Engine
from indexer.storage.manifest import (
    Manifest,
    Versions,
    generation_folder,
    hash_files,
    write_manifest,
)
from indexer.storage.read_settings import DEFAULT_SETTINGS
from indexer.store import Embeddings
from indexer.text.analyzer import ANALYZER_VERSION
from tests.support.index_files import write_lexical, write_rows

DIMENSION = 8
ENCODER = EncoderSpec("tests/unit-vectors", "0" * 64, DIMENSION, 256)


def count_words(texts: Sequence[str]) -> list[int]:
    """Count words where the build counts model tokens."""
    return [len(text.split()) for text in texts]


def unit_rows(count: int, dimension: int = DIMENSION, seed: int = 0) -> Embeddings:
    rows = np.random.default_rng(seed).normal(size=(count, dimension))
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / lengths, dtype=np.float32)


def cleaning_of(text: str, removed: Iterable[Span] = ()) -> Cleaning:
    """Keep every line of a text that is not white space, except those that overlap `removed`."""
    left_out = list(removed)
    regions: list[Region] = []
    position = 0
    for line in text.splitlines(keepends=True):
        content = line.strip()
        if content:
            start = position + line.index(content)
            span = Span(start, start + len(content))
            kept = not any(span.start < out.end and out.start < span.end for out in left_out)
            regions.append(Region(span.start, span.end, kept, "" if kept else "navigation"))
        position += len(line)
    paragraphs = tuple(Span(region.start, region.end) for region in regions if region.kept)
    return Cleaning(tuple(regions), paragraphs)


def finding(value: str | None) -> Finding | None:
    return None if value is None else Finding(value, "credit line", 0, 1)


def entry(
    path: str,
    text: str,
    *,
    source: str | None = None,
    published: str | None = None,
    title: str | None = None,
    authors: Sequence[str] = (),
    language: str | None = None,
) -> CatalogEntry:
    """Return the catalog entry of an article of which every line is kept."""
    content = text.encode()
    metadata = Metadata(
        finding(title),
        finding(source),
        finding(published),
        tuple(Finding(author, "byline") for author in authors),
        language=finding(language),
    )
    cleaning = cleaning_of(text)
    doc_id = doc_id_of(path)
    file = SourceFile(path, len(content), 1, sha256(content).hexdigest())
    document = Document(doc_id, path, file, "utf-8", text, metadata)
    passages = split(doc_id, text, cleaning, count_words)
    return CatalogEntry(document, cleaning.regions, tuple(passages))


def new_entry(entry: CatalogEntry) -> NewEntry:
    """Return an entry as the build writes it, but for what a later build would reuse it by."""
    document = entry.document
    made_from = ("", "{}", b"", None, False, b"")
    return NewEntry(
        document.doc_id,
        document.path,
        document.file,
        document.encoding,
        document.text,
        rows_of(entry),
        made_from,
    )


def staged(staging: Staging) -> list[StagedArticle]:
    return [each.article for each in staging.entries()]


def by_doc_id(entries: Iterable[CatalogEntry]) -> list[CatalogEntry]:
    return sorted(entries, key=lambda found: found.document.doc_id)


def open_catalog(
    folder: Path,
    entries: Iterable[CatalogEntry],
    skipped: Sequence[Skip] = (),
    files: Iterable[SourceFile] = (),
) -> Catalog:
    write_catalog(folder, map(new_entry, by_doc_id(entries)), skipped, files)
    return Catalog(folder)


def write_index(
    index: Path,
    entries: Iterable[CatalogEntry],
    bm25: Bm25Engine = "tantivy",
    copies: Mapping[str, str] | None = None,
) -> Manifest:
    """Write generation 1 of an index and commit it; `copies` maps articles to representatives."""
    folder = generation_folder(index, 1)
    folder.mkdir(parents=True)
    write_catalog(folder, map(new_entry, by_doc_id(entries)), (), ())
    write_copies(folder, copies or {})
    with Catalog(folder) as catalog:
        passages = list(catalog.all_passages())
        articles = list(catalog.article_texts())
        languages = count_languages(catalog)
        write_row_map(folder, catalog)
    texts = [stored.text for stored in passages]
    if bm25 == "tantivy":
        write_lexical(folder, texts, [stored.heading for stored in passages])
        write_lexical(folder, articles, name=ARTICLES_FOLDER)
    write_rows(folder, unit_rows(len(texts)))
    manifest = manifest_of(folder, len(articles), len(texts), languages=languages, bm25=bm25)
    write_manifest(index, manifest)
    return manifest


def manifest_of(
    folder: Path,
    documents: int,
    passages: int,
    *,
    languages: dict[str, int] | None = None,
    bm25: Bm25Engine = "tantivy",
) -> Manifest:
    """Return the manifest of a generation that was written into a folder."""
    return Manifest(
        generation=int(folder.name),
        roots=CorpusRoots((CorpusRoot("articles"),)),
        settings=DEFAULT_SETTINGS,
        files_read=documents,
        corpus_sha256="0" * 64,
        built_at="2024-01-01T00:00:00+00:00",
        built_by="tests",
        encoder=ENCODER,
        bm25=bm25,
        versions=Versions(ANALYZER_VERSION, 1, 1, 1, 1),
        documents=documents,
        passages=passages,
        skipped={},
        removed={},
        languages=languages or {},
        files=hash_files(folder),
    )
