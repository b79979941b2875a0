"""Manifest of an index: its live generation, with size and SHA-256 of each file.

Replacing `manifest.json` is the only commit point: readers see nothing that it does not name.
"""

import json
import os
import re
from dataclasses import asdict, dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path

import msgspec

from indexer.catalog.row_map import DOCUMENTS_FILE, PASSAGES_FILE
from indexer.corpus.roots import CorpusRoots
from indexer.encoding.encoder import EncoderSpec
from indexer.errors import IndexFormatError, IndexNotFoundError, build_command, damaged_index
from indexer.lexical.schema import Bm25Engine
from indexer.storage.manifest_values import check_values
from indexer.storage.read_settings import ReadSettings
from indexer.vectors.ivf import IvfReport

FORMAT_VERSION = 4
MANIFEST_FILE = "manifest.json"
FOLDER_MODE = 0o700

_GENERATION_DIGITS = 6
_GENERATION_NAME = re.compile(r"[0-9]{6}|[1-9][0-9]{6,}")

# No catalog or FAISS checks what is in these, and a wrong byte would be another article's passage.
_HASHED_ON_OPENING = frozenset({DOCUMENTS_FILE, PASSAGES_FILE})


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """File of a generation; `path` is relative to its folder."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Versions:
    """Versions of what shapes texts and passages; when one changes, the index is rebuilt."""

    analyzer: int
    cleaner: int
    splitter: int
    loaders: int
    duplicates: int
    corrections: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Description of one committed generation.

    Attributes:
        roots: the corpus as the user named it.
        files_read: how many files were read, the first ones by path if there was a limit.
        skipped: what was not indexed, counted by reason.
        removed: characters that cleaning removed, by reason.
        languages: documents by known language code.
        copies: documents that another one represents.
        copied_reports: documents that represent others.
        vector_lists: the IVF index over many vectors; None for few.
        guessed_encodings: files whose encoding was guessed, by its name.
        notes: what the user should know about the settings of the build.
    """

    generation: int
    roots: CorpusRoots
    settings: ReadSettings
    files_read: int
    corpus_sha256: str
    built_at: str
    built_by: str
    encoder: EncoderSpec
    bm25: Bm25Engine
    versions: Versions
    documents: int
    passages: int
    skipped: dict[str, int]
    removed: dict[str, int]
    languages: dict[str, int]
    files: tuple[IndexedFile, ...]
    copies: int = 0
    copied_reports: int = 0
    vector_lists: IvfReport | None = None
    guessed_encodings: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    format: int = FORMAT_VERSION

    @property
    def corpus_root(self) -> str:
        """The folder or file of the articles as the user named it; several are joined by commas."""
        return str(self.roots)


def generation_folder(index: Path, generation: int) -> Path:
    """Return the folder of a generation, for example `index/000003`."""
    return index / f"{generation:0{_GENERATION_DIGITS}d}"


def generations_on_disk(index: Path) -> list[int]:
    """Return every generation that has a folder, committed or not, ascending."""
    return sorted(
        int(entry.name)
        for entry in index.iterdir()
        if entry.is_dir() and _GENERATION_NAME.fullmatch(entry.name)
    )


def read_manifest(index: Path) -> Manifest:
    """Read and check the manifest of an index folder.

    Raises:
        IndexNotFoundError: when there is no index.
        IndexFormatError: when the manifest is damaged or of another format version.
    """
    path = index / MANIFEST_FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _not_found(index) from error
    except OSError as error:
        raise IndexNotFoundError(
            f"The index {index} cannot be read: {error.strerror}. Grant read permission, or "
            "name another index with --index"
        ) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(index, error) from error
    found = stored.get("format") if isinstance(stored, dict) else None
    if found != FORMAT_VERSION and isinstance(found, int):
        raise IndexFormatError(
            f"The index {index} has format {found}; this version reads {FORMAT_VERSION}. "
            f"Rebuild it: {build_command(index=index)}"
        )
    try:
        if stored.pop("checksum") != checksum_of(stored):
            raise damaged_index(index, f"{path} does not match its checksum")
        manifest = msgspec.convert(stored, Manifest)
        check_values(asdict(manifest))
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise _unreadable(index, f"a field is missing or wrong: {error}") from error
    return manifest


def write_manifest(index: Path, manifest: Manifest) -> None:
    """Commit a generation: write the manifest under another name and replace the old one by it.

    Raises:
        OSError: when it cannot be written; the old manifest stays.
    """
    temporary = index / f"{MANIFEST_FILE}.new"
    fields = asdict(manifest)
    try:
        with temporary.open("w", encoding="utf-8") as stream:
            json.dump({"checksum": checksum_of(fields), **fields}, stream, indent=1)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(index / MANIFEST_FILE)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(index)


def hash_files(folder: Path) -> tuple[IndexedFile, ...]:
    """Return size and SHA-256 of every file under a generation folder, sorted by path."""
    return tuple(
        hash_file(folder, path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not is_lock(path)
    )


def hash_file(folder: Path, path: Path) -> IndexedFile:
    """Return size and SHA-256 of one file under a generation folder."""
    name = path.relative_to(folder).as_posix()
    return IndexedFile(name, path.stat().st_size, sha256_of(path))


def is_lock(path: Path) -> bool:
    """Tell whether a file is one of tantivy's locks, which are empty and may come and go."""
    return path.name.endswith(".lock")


def sync_tree(folder: Path) -> None:
    """Make every file and folder of a generation durable."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
        else:
            sync_folder(path)
    sync_folder(folder)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the entries of a folder durable; Windows opens none for that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_files(index: Path, manifest: Manifest) -> None:
    """Check that every file of the generation is there in full: by its size, maps by their hash.

    Raises:
        IndexFormatError: for a missing file or another one.
    """
    folder = generation_folder(index, manifest.generation)
    named = {file.path: file for file in manifest.files}
    for name, file in named.items():
        path = folder / name
        try:
            size = path.stat().st_size
            is_same = name not in _HASHED_ON_OPENING or sha256_of(path) == file.sha256
        except OSError as error:
            raise damaged_index(index, f"{path} is missing", manifest.roots.paths) from error
        if size != file.size:
            what = f"{path} has {size:,} bytes, expected {file.size:,}"
            raise damaged_index(index, what, manifest.roots.paths)
        if not is_same:
            raise damaged_index(index, f"{path} does not match its hash", manifest.roots.paths)
    for name in _HASHED_ON_OPENING - named.keys():
        if (folder / name).exists():
            what = f"{folder / name} does not belong to the index"
            raise damaged_index(index, what, manifest.roots.paths)


def damaged_files(index: Path, manifest: Manifest) -> list[str]:
    """Hash every file of the generation and describe each damaged, missing or foreign one."""
    folder = generation_folder(index, manifest.generation)
    try:
        found = {file.path: file for file in hash_files(folder)}
    except OSError as error:
        return [f"{error.filename or folder} cannot be read: {error.strerror}"]
    problems: list[str] = []
    for file in manifest.files:
        actual = found.pop(file.path, None)
        if actual is None:
            problems.append(f"{file.path} is missing")
        elif actual != file:
            problems.append(
                f"{file.path} has SHA-256 {actual.sha256[:12]}… and {actual.size:,} bytes, "
                f"expected {file.sha256[:12]}… and {file.size:,}"
            )
    return problems + [f"{path} does not belong to the index" for path in found]


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal.

    Raises:
        OSError: when it cannot be read.
    """
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def checksum_of(fields: dict[str, object]) -> str:
    """Return the SHA-256 of the manifest's own fields, so that a flipped bit is noticed."""
    return sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def _not_found(index: Path) -> IndexNotFoundError:
    if index.exists() and not index.is_dir():
        return IndexNotFoundError(
            f"{index} is a file, not an index folder. Name another place with --index"
        )
    return IndexNotFoundError(f"No index found at {index}. Build it: {build_command(index=index)}")


def _unreadable(index: Path, what: object) -> IndexFormatError:
    return damaged_index(index, f"{index / MANIFEST_FILE} cannot be read ({what})")
