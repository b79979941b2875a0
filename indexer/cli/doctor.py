"""What is wrong with this installation or index, and which command mends it?

In: an index folder. Out: one line a part that was examined, sound or not. Nothing is changed, made
or downloaded.
"""

import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from indexer import __version__
from indexer.build.generation import VERSIONS
from indexer.catalog.reader import Catalog
from indexer.catalog.vector_checkpoint import CHECKPOINT_FILE
from indexer.cores import cores
from indexer.encoding.cache import cache_folder, export_folder, verify_export
from indexer.encoding.encoder import EncoderSpec
from indexer.encoding.model_files import DEFAULT_ENCODER, locate, model_sha256
from indexer.errors import DatelineError, IndexNotFoundError, build_command, update_command
from indexer.loaders.optional import installed_since
from indexer.storage.lock import LOCK_FILE, holder_of
from indexer.storage.manifest import (
    Manifest,
    damaged_files,
    generation_folder,
    generations_on_disk,
    read_manifest,
)
from indexer.storage.staleness import compare_hashes

State = Literal["sound", "note", "fault"]

LIBRARIES = (
    "faiss-cpu",
    "onnxruntime",
    "rank-bm25",
    "sentence-transformers",
    "streamlit",
    "tantivy",
    "tokenizers",
    "torch",
)
_LITTLE_SPACE = 200_000_000


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found of one part; `remedy` is a command or a deed, empty where none is needed."""

    part: str
    state: State
    found: str
    remedy: str = ""


def examine(index: Path, corpus: Sequence[Path] = ()) -> list[Diagnosis]:
    """Examine the installation, then an index.

    Args:
        index: the index folder; where there is none, that is told.
        corpus: where the articles are now, when they have moved.
    """
    found = [*_installation(), *_cache()]
    try:
        manifest = read_manifest(index)
    except DatelineError as error:
        # That nothing was built yet is no illness.
        state: State = "note" if isinstance(error, IndexNotFoundError) else "fault"
        found += [*_encoder(None), Diagnosis("index", state, *_with_remedy(error))]
        if index.is_dir():
            found += _leftovers(index, 0, build_command(index=index))
    else:
        found += [*_encoder(manifest.encoder), *_index(index, manifest)]
        found += _corpus(index, manifest, corpus)
    if index.is_dir():
        found += [*_folder(index), *_writer(index)]
    return found


def _installation() -> Iterator[Diagnosis]:
    python = f"Dateline {__version__}, Python {platform.python_version()}, {platform.system()}"
    yield Diagnosis("version", "sound", f"{python}, {cores()} cores")
    missing = [name for name in LIBRARIES if not _version(name)]
    if missing:
        install = f"{sys.executable} -m pip install -r requirements.txt"
        yield Diagnosis("libraries", "fault", f"not installed: {', '.join(missing)}", install)
    else:
        found = ", ".join(f"{name} {_version(name)}" for name in LIBRARIES)
        yield Diagnosis("libraries", "sound", found)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _cache() -> Iterator[Diagnosis]:
    try:
        folder = cache_folder("encoders", "any").parent.parent
    except DatelineError as error:
        yield Diagnosis("cache", "fault", *_with_remedy(error))
    else:
        yield Diagnosis("cache", "sound", str(folder))


def _encoder(spec: EncoderSpec | None) -> Iterator[Diagnosis]:
    """Examine the model of the index, or the default one, and what questions are encoded with."""
    name = spec.name if spec else DEFAULT_ENCODER
    try:
        files = locate(name)
        sha256 = model_sha256(files) if files.folder else spec and spec.sha256
    except DatelineError as error:
        yield Diagnosis("encoder", "fault", *_with_remedy(error))
        return
    if spec and sha256 != spec.sha256:
        yield Diagnosis(
            "encoder",
            "fault",
            f"{name} has SHA-256 {sha256}; the index was built with {spec.sha256}",
            "put back the model that it was built with, or build the index again",
        )
        return
    yield Diagnosis("encoder", "sound", f"{name}, {files.folder or 'of a hub'}")
    if not sha256:
        return
    try:
        folder = export_folder(sha256)
        if folder.is_dir():
            verify_export(folder)
            yield Diagnosis("exported encoder", "sound", str(folder))
        else:
            yield Diagnosis(
                "exported encoder", "note", "not made yet: the first question or build makes it"
            )
    except DatelineError as error:
        yield Diagnosis("exported encoder", "fault", *_with_remedy(error))


def _index(index: Path, manifest: Manifest) -> Iterator[Diagnosis]:
    rebuild = build_command(manifest.roots.paths, index)
    counts = f"{manifest.documents:,} documents, {manifest.passages:,} passages"
    said = f"generation {manifest.generation}, format {manifest.format}, {counts}"
    problems = damaged_files(index, manifest)
    if problems:
        more = f"; and {len(problems) - 1:,} more" if len(problems) > 1 else ""
        yield Diagnosis("index", "fault", f"damaged: {problems[0]}{more}", rebuild)
    else:
        yield Diagnosis("index", "sound", f"{said}; every file has its SHA-256")
    if manifest.versions != VERSIONS:
        yield Diagnosis(
            "versions",
            "note",
            f"built by {manifest.built_by}; this version reads or cleans articles otherwise",
            rebuild,
        )
    if installed_since(set(manifest.skipped)):
        yield Diagnosis("formats", "note", "files were skipped that can be read now", rebuild)
    yield from _leftovers(index, manifest.generation, update_command(index))


def _leftovers(index: Path, live: int, remedy: str) -> Iterator[Diagnosis]:
    """Name what a build that was stopped has left: generations after the live one, and vectors."""
    newer = [each for each in generations_on_disk(index) if each > live]
    left = [generation_folder(index, each).name for each in newer]
    left += [CHECKPOINT_FILE] if (index / CHECKPOINT_FILE).exists() else []
    if left:
        yield Diagnosis(
            "leftovers",
            "note",
            f"a build was stopped: {', '.join(left)}; "
            + (
                "an update goes on from there, `compact` removes it"
                if live
                else "the next one uses or removes it"
            ),
            remedy,
        )


def _corpus(index: Path, manifest: Manifest, corpus: Sequence[Path]) -> Iterator[Diagnosis]:
    try:
        roots = manifest.roots.moved(corpus) if corpus else manifest.roots
        with Catalog(generation_folder(index, manifest.generation)) as catalog:
            known = catalog.files()
    except DatelineError as error:
        yield Diagnosis("corpus", "fault", *_with_remedy(error))
        return
    absent = [path for path in roots.paths if not Path(path).exists()]
    if absent:
        yield Diagnosis(
            "corpus",
            "fault",
            f"{', '.join(absent)} is not there: quotes cannot be compared with their files",
            "name the place where the articles are now with --corpus",
        )
        return
    stale = compare_hashes(roots, index, known)
    if stale.is_current:
        yield Diagnosis("corpus", "sound", f"{roots}: unchanged since the build")
    else:
        changes = f"{stale.changed:,} changed, {stale.added:,} added, {stale.deleted:,} deleted"
        remedy = update_command(index, corpus)
        yield Diagnosis("corpus", "note", f"{roots}: {changes} since the build", remedy)


def _folder(index: Path) -> Iterator[Diagnosis]:
    if not os.access(index, os.R_OK | os.X_OK):
        yield Diagnosis("folder", "fault", f"{index} cannot be read", f"chmod u+rx {index}")
    elif not os.access(index, os.W_OK):
        yield Diagnosis(
            "folder",
            "note",
            f"{index} cannot be written: questions are answered, builds are refused",
            f"chmod u+w {index}",
        )
    else:
        yield Diagnosis("folder", "sound", f"{index} can be read and written")
    free = shutil.disk_usage(index).free
    room = f"{free / 1e9:,.1f} GB free"
    if free < _LITTLE_SPACE:
        yield Diagnosis("disk", "fault", room, "free some disk space, or build at another --index")
    else:
        yield Diagnosis("disk", "sound", room)


def _writer(index: Path) -> Iterator[Diagnosis]:
    """Tell whether a process is writing, by trying to take the lock that it would hold."""
    path = index / LOCK_FILE
    if not path.exists() or not os.access(path, os.W_OK):
        return
    lock = FileLock(path, fallback_to_soft=False)  # as writers lock
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield Diagnosis(
            "writer", "note", f"{holder_of(index)} is writing this index", "wait until it is done"
        )
    except OSError as error:
        yield Diagnosis(
            "writer",
            "fault",
            f"{path} cannot be locked ({error}): two builds could write at once",
            "move the index to a disk that has locks, with --index",
        )
    else:
        lock.release()
        yield Diagnosis("writer", "sound", "nobody is writing this index")


def _with_remedy(error: DatelineError) -> tuple[str, str]:
    """Part a message into what is wrong and what to do, which every message ends with."""
    found, _, remedy = str(error).rpartition(". ")
    return (found, remedy) if found else (remedy, "")
