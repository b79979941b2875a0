"""Diagnosis of the installation and of an index, with suggested fixes.

Nothing is changed, created or downloaded.
"""

import os
import platform
import shlex
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from indexer import __version__
from indexer.build.generation import VERSIONS
from indexer.catalog.reader import Catalog
from indexer.catalog.vector_checkpoint import CHECKPOINT_FILE
from indexer.cores import cores
from indexer.encoding.cache import cache_folder, export_folder, verify_export
from indexer.encoding.encoder import EncoderSpec
from indexer.encoding.model_files import DEFAULT_ENCODER, locate, model_sha256, read_bundled_graph
from indexer.errors import (
    DatelineError,
    IndexNotFoundError,
    build_command,
    install_command,
    update_command,
)
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
"""The values in JSON; `SHOWN` has the words for people."""
OK: State = "sound"
NOTE: State = "note"
FAULT: State = "fault"
SHOWN = {OK: "ok", NOTE: "note", FAULT: "problem"}

LIBRARIES = ("faiss-cpu", "onnxruntime", "rank-bm25", "tantivy", "tokenizers")
OPTIONAL = ("torch", "sentence-transformers", "streamlit")
_LITTLE_SPACE = 200_000_000
_OLD_TELEMETRY = Path("Microsoft/DeveloperTools/.onnxruntime")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """State of one part; `remedy` is a command or an action, empty if none is needed."""

    part: str
    state: State
    found: str
    remedy: str = ""


def examine(index: Path, corpus: Sequence[Path] = ()) -> list[Diagnosis]:
    """Examine the installation, then an index.

    Args:
        index: the index folder; a missing one is a note.
        corpus: new locations of the articles, if they have moved.
    """
    found = [*_installation(), *_cache(), *_telemetry()]
    try:
        manifest = read_manifest(index)
    except DatelineError as error:
        state = NOTE if isinstance(error, IndexNotFoundError) else FAULT
        found += [*_encoder(None), Diagnosis("index", state, *_split_remedy(error))]
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
    yield Diagnosis("version", OK, f"{python}, {cores()} cores")
    found = {name: _version(name) for name in (*LIBRARIES, *OPTIONAL)}
    missing = [name for name in LIBRARIES if not found[name]]
    if missing:
        lacking = f"Not installed: {', '.join(missing)}"
        yield Diagnosis("libraries", FAULT, lacking, install_command(*missing))
    else:
        installed = ", ".join(f"{name} {version}" for name, version in found.items() if version)
        yield Diagnosis("libraries", OK, installed)
    extras = [name for name in OPTIONAL if not found[name]]
    if extras:
        lacking = f"Not installed: {', '.join(extras)}; what needs them says so"
        yield Diagnosis("extras", NOTE, lacking, install_command(*extras))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _cache() -> Iterator[Diagnosis]:
    try:
        folder = cache_folder("encoders", "any").parent.parent
    except DatelineError as error:
        yield Diagnosis("cache", FAULT, *_split_remedy(error))
    else:
        yield Diagnosis("cache", OK, str(folder))


def _telemetry() -> Iterator[Diagnosis]:
    """Report files that onnxruntime wrote before its telemetry was switched off."""
    folder = user_cache_path() / _OLD_TELEMETRY
    if folder.is_dir():
        yield Diagnosis(
            "telemetry",
            NOTE,
            f"{folder} has a device id and events that onnxruntime wrote for earlier versions; "
            "nothing sends them now",
            f"rm -r {shlex.quote(str(folder))}",
        )


def _encoder(spec: EncoderSpec | None) -> Iterator[Diagnosis]:
    """Examine the model of the index, or the default one, and its export."""
    name = spec.name if spec else DEFAULT_ENCODER
    try:
        files = locate(name)
        sha256 = model_sha256(files) if files.folder else spec and spec.sha256
        if files.bundled:
            read_bundled_graph()
    except DatelineError as error:
        yield Diagnosis("encoder", FAULT, *_split_remedy(error))
        return
    if spec and sha256 != spec.sha256:
        yield Diagnosis(
            "encoder",
            FAULT,
            f"{name} has SHA-256 {sha256}; the index was built with {spec.sha256}",
            "Restore that model, or build the index again",
        )
        return
    yield Diagnosis("encoder", OK, f"{name}, {files.folder or 'on a hub'}")
    if not sha256 or files.bundled:
        return
    try:
        folder = export_folder(sha256)
        if folder.is_dir():
            verify_export(folder)
            yield Diagnosis("exported encoder", OK, str(folder))
        else:
            yield Diagnosis(
                "exported encoder", NOTE, "Not made yet; the next question or build does it"
            )
    except DatelineError as error:
        yield Diagnosis("exported encoder", FAULT, *_split_remedy(error))


def _index(index: Path, manifest: Manifest) -> Iterator[Diagnosis]:
    rebuild = build_command(manifest.roots.paths, index)
    counts = f"{manifest.documents:,} articles, {manifest.passages:,} passages"
    said = f"generation {manifest.generation}, format {manifest.format}, {counts}"
    problems = damaged_files(index, manifest)
    if problems:
        more = f"; {len(problems) - 1:,} more" if len(problems) > 1 else ""
        yield Diagnosis("index", FAULT, f"Damaged: {problems[0]}{more}", rebuild)
    else:
        yield Diagnosis("index", OK, f"{said}; all hashes match")
    if manifest.versions != VERSIONS:
        yield Diagnosis(
            "versions",
            NOTE,
            f"Built by {manifest.built_by}; this version reads or cleans articles differently",
            rebuild,
        )
    if installed_since(set(manifest.skipped)):
        yield Diagnosis("formats", NOTE, "Some skipped files can be read now", rebuild)
    yield from _leftovers(index, manifest.generation, update_command(index))


def _leftovers(index: Path, live: int, remedy: str) -> Iterator[Diagnosis]:
    """Report what an interrupted build left: newer generations and a checkpoint of vectors."""
    try:
        newer = [each for each in generations_on_disk(index) if each > live]
    except OSError as error:
        told = f"The folder cannot be listed: {error.strerror}"
        yield Diagnosis("index", FAULT, told, f"Make {index} readable for this user")
        return
    left = [generation_folder(index, each).name for each in newer]
    left += [CHECKPOINT_FILE] if (index / CHECKPOINT_FILE).exists() else []
    if left:
        yield Diagnosis(
            "leftovers",
            NOTE,
            f"Left by an interrupted build: {', '.join(left)}; the next one reuses or deletes it",
            remedy,
        )


def _corpus(index: Path, manifest: Manifest, corpus: Sequence[Path]) -> Iterator[Diagnosis]:
    try:
        roots = manifest.roots.moved(corpus) if corpus else manifest.roots
        with Catalog(generation_folder(index, manifest.generation)) as catalog:
            known = catalog.files()
    except DatelineError as error:
        yield Diagnosis("corpus", FAULT, *_split_remedy(error))
        return
    absent = [path for path in roots.paths if not Path(path).exists()]
    if absent:
        yield Diagnosis(
            "corpus",
            FAULT,
            f"{', '.join(absent)} is missing, so quotes cannot be checked",
            "If the articles moved: --corpus NEW-FOLDER",
        )
        return
    stale = compare_hashes(roots, index, known)
    if stale.is_current:
        yield Diagnosis("corpus", OK, f"{roots}: up to date")
    else:
        changes = f"{stale.changed:,} changed, {stale.added:,} added, {stale.deleted:,} deleted"
        remedy = update_command(index, corpus)
        yield Diagnosis("corpus", NOTE, f"{roots}: {changes} since the last build", remedy)


def _folder(index: Path) -> Iterator[Diagnosis]:
    if not os.access(index, os.R_OK | os.X_OK):
        yield Diagnosis("folder", FAULT, f"{index} cannot be read", f"chmod u+rx {index}")
    elif not os.access(index, os.W_OK):
        yield Diagnosis(
            "folder",
            NOTE,
            f"{index} is read-only: questions work, builds do not",
            f"chmod u+w {index}",
        )
    else:
        yield Diagnosis("folder", OK, f"{index} is readable and writable")
    free = shutil.disk_usage(index).free
    room = f"{free / 1e9:,.1f} GB free"
    if free < _LITTLE_SPACE:
        yield Diagnosis("disk", FAULT, room, "Free some disk space, or use another --index")
    else:
        yield Diagnosis("disk", OK, room)


def _writer(index: Path) -> Iterator[Diagnosis]:
    """Report whether a process is writing, by trying to take its lock."""
    path = index / LOCK_FILE
    if not path.exists() or not os.access(path, os.W_OK):
        return
    lock = FileLock(path, fallback_to_soft=False)  # as writers lock
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield Diagnosis(
            "writer",
            NOTE,
            f"{holder_of(index)} is writing this index",
            "Wait until it has finished",
        )
    except OSError as error:
        yield Diagnosis(
            "writer",
            FAULT,
            f"{path} cannot be locked ({error}), so two builds could write at once",
            "Move the index to a disk with file locks, with --index",
        )
    else:
        lock.release()
        yield Diagnosis("writer", OK, "No process is writing this index")


def _split_remedy(error: DatelineError) -> tuple[str, str]:
    """Split a message into what happened and what to do, its last sentence."""
    found, _, remedy = str(error).rpartition(". ")
    return (found, remedy) if found else (remedy, "")
