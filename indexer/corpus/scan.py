"""Listing of a corpus: files in path order, and what was skipped and why.

Nothing is opened while listing, and no link leads out of a folder.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.corpus.roots import CorpusRoot, CorpusRoots
from indexer.errors import CorpusError

UNREADABLE = "no permission to read"
VANISHED = "vanished during the build"
CHANGED = "changed during the build"
TOO_LARGE = "larger than the limit"
OTHER_FORMAT = "format not supported"
DAMAGED = "damaged file"
EMPTY = "empty file"
PACKED_TOO_LARGE = "unpacks to more than the limit"
NO_TEXT = "no text in it"
ENCRYPTED = "encrypted"
OUTSIDE = "symbolic link out of the corpus"
LINK_LOOP = "symbolic link that leads nowhere"
LINK_INSIDE = "symbolic link to a file or folder of the corpus"
SPECIAL = "not a regular file"
BAD_NAME = "file name is not valid Unicode"
HIDDEN = "hidden file"


class SkippedFileError(Exception):
    """Skip of a file that cannot be indexed.

    Args:
        reason: kind of problem, which reports count.
        detail: what was found in this file.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        """Show both parts in the message."""
        super().__init__(f"{reason} ({detail})" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """Listed file: its path in the index, size and modification time."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Skip:
    """Skipped file, folder or article: its path, the kind of problem, and what was found."""

    path: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Listing of the corpus roots: files and skips, both sorted by path."""

    roots: CorpusRoots
    files: tuple[CorpusFile, ...]
    skips: tuple[Skip, ...]


def scan(
    corpus: Path | CorpusRoots, suffixes: frozenset[str], ignored: Path | None = None
) -> Corpus:
    """List the files of a corpus without reading them.

    Args:
        corpus: a folder or a file, or several.
        suffixes: supported file name endings, in lower case.
        ignored: a folder to leave out, such as an index inside the corpus.

    Raises:
        CorpusError: when a folder is missing or cannot be listed, or a named file has an
            unsupported type.
    """
    roots = CorpusRoots.of(corpus) if isinstance(corpus, Path) else corpus
    left_out = ignored.resolve() if ignored else None
    found: list[CorpusFile | Skip] = []
    for root in roots.roots:
        if root.is_file:
            found.append(_named_file(root, suffixes))
        else:
            found += _list_folder(root, suffixes, left_out)
    found.sort(key=lambda each: each.path)
    files = tuple(each for each in found if isinstance(each, CorpusFile))
    return Corpus(roots, files, tuple(each for each in found if isinstance(each, Skip)))


def _named_file(root: CorpusRoot, suffixes: frozenset[str]) -> CorpusFile:
    """Return the entry of a file that the user named, following a link."""
    path = Path(root.path)
    try:
        status = path.stat()
    except OSError as error:
        raise _unlistable(path, error) from error
    if path.suffix.lower() not in suffixes:
        raise CorpusError(
            f"Unsupported file type: {path}. Give a folder, or a file that ends in one of "
            f"{' '.join(sorted(suffixes))}"
        )
    return CorpusFile(root.label, status.st_size, status.st_mtime_ns)


def _list_folder(
    root: CorpusRoot, suffixes: frozenset[str], ignored: Path | None
) -> Iterator[CorpusFile | Skip]:
    """Yield the files and skips of a folder; links are never followed."""
    top = Path(root.path)
    folders = [top]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError as error:
            if folder == top:
                raise _unlistable(top, error) from error
            yield Skip(root.path_of(_relative(folder, top)), UNREADABLE)
            continue
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield _file_or_skip(entry, root, suffixes)
            elif entry.name.startswith("."):
                yield Skip(root.path_of(_relative(entry.path, top)), HIDDEN)
            elif ignored is None or Path(entry.path).resolve() != ignored:
                folders.append(Path(entry.path))


def _file_or_skip(
    entry: os.DirEntry[str], root: CorpusRoot, suffixes: frozenset[str]
) -> CorpusFile | Skip:
    top = Path(root.path)
    path = root.path_of(_relative(entry.path, top))
    reason = _reason_to_skip(entry, top, suffixes)
    if reason:
        return Skip(path, reason)
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        return Skip(path, VANISHED, error.strerror or "")
    return CorpusFile(path, status.st_size, status.st_mtime_ns)


def _unlistable(root: Path, error: OSError) -> CorpusError:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        return CorpusError(
            f"Cannot list {root}: {error.strerror}. Grant read permission, or give another folder."
        )
    if root.exists():
        return CorpusError(f"Not a folder or regular file: {root}. Give a folder of articles.")
    return CorpusError(f"Not found: {root}. Give a folder or a file of articles.")


def _reason_to_skip(entry: os.DirEntry[str], root: Path, suffixes: frozenset[str]) -> str | None:
    if entry.is_symlink():
        return _link_reason(Path(entry.path), root)
    if entry.name.startswith("."):
        return HIDDEN
    if _relative(entry.path, root) != Path(entry.path).relative_to(root).as_posix():
        return BAD_NAME
    if not entry.is_file(follow_symlinks=False):
        return SPECIAL
    if Path(entry.name).suffix.lower() not in suffixes:
        return OTHER_FORMAT
    return None


def _link_reason(link: Path, root: Path) -> str:
    """Return why a link is skipped: a target inside the corpus is indexed under its own path."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        return LINK_LOOP
    return LINK_INSIDE if target.is_relative_to(root.resolve()) else OUTSIDE


def _relative(path: str | Path, root: Path) -> str:
    """Return a relative path that can be stored, with bytes that are not UTF-8 escaped."""
    relative = Path(path).relative_to(root).as_posix()
    return os.fsencode(relative).decode("utf-8", "backslashreplace")
