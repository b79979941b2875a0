"""Which files of this folder are articles, and which are left out, and why?

In: a folder. Out: its files in the order of their paths, and everything that was skipped. Nothing
outside the folder is ever read, and nothing is opened here.
"""

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import CorpusError
from indexer.loaders.protocol import SkippedFileError

OTHER_FORMAT = "format not supported"
OUTSIDE = "symbolic link out of the corpus"
LINK_LOOP = "symbolic link that leads nowhere"
LINK_INSIDE = "symbolic link to a file or folder of the corpus"
SPECIAL = "not a regular file"
BAD_NAME = "file name is not valid Unicode"
UNREADABLE = "no permission to read"
VANISHED = "vanished during the build"
CHANGED = "changed during the build"
TOO_LARGE = "larger than the limit"
HIDDEN = "hidden file"

# No article is this long; a log or a dump named .txt is.
MAX_FILE_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One file: its path relative to the corpus root, with `/`, and its size and time."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Skip:
    """A file or folder that was left out. `reason` is one of the constants; `detail` says more."""

    path: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a folder holds: files and skips, both sorted by path."""

    root: Path
    files: tuple[CorpusFile, ...]
    skips: tuple[Skip, ...]


def scan(root: Path, suffixes: frozenset[str], ignored: Path | None = None) -> Corpus:
    """List the files of a folder, without reading them.

    Args:
        root: the folder.
        suffixes: the file name endings that have a loader.
        ignored: a folder that is no part of the corpus: the index, when it lies inside.

    Raises:
        CorpusError: when the folder is missing, is a file, or cannot be listed.
    """
    _check_root(root)
    files: list[CorpusFile] = []
    skips: list[Skip] = []
    skipped_folder = ignored.resolve() if ignored else None
    for entry in _walk(root, skipped_folder, skips):
        path = _relative(entry, root)
        reason = _reason_to_skip(entry, root, suffixes)
        if reason:
            skips.append(Skip(path, reason))
            continue
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            skips.append(Skip(path, VANISHED, error.strerror or ""))
            continue
        files.append(CorpusFile(path, status.st_size, status.st_mtime_ns))
    return Corpus(
        root,
        tuple(sorted(files, key=lambda file: file.path)),
        tuple(sorted(skips, key=lambda skip: skip.path)),
    )


def read_file(root: Path, file: CorpusFile, limit: int = MAX_FILE_BYTES) -> bytes:
    """Return the bytes of a file, as one consistent state of it.

    Raises:
        SkippedFileError: when it is too large, unreadable, gone, or changed while it was read.
    """
    if file.size > limit:
        raise SkippedFileError(TOO_LARGE, f"{file.size:,} bytes, the limit is {limit:,}")
    try:
        # A link put in the file's place since the scan must not lead out of the corpus.
        descriptor = os.open(root / file.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as stream:
            content = stream.read(file.size + 1)
            status = os.fstat(stream.fileno())
    except FileNotFoundError as error:
        raise SkippedFileError(VANISHED) from error
    except PermissionError as error:
        raise SkippedFileError(UNREADABLE) from error
    except OSError as error:
        # ELOOP: O_NOFOLLOW met a link where the scan had seen a file.
        reason = CHANGED if error.errno == errno.ELOOP else UNREADABLE
        raise SkippedFileError(reason, error.strerror or "") from error
    if (status.st_size, status.st_mtime_ns) != (file.size, file.mtime_ns):
        raise SkippedFileError(CHANGED)
    return content


def _check_root(root: Path) -> None:
    try:
        mode = root.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CorpusError(
            f"there is no corpus folder at {root}. Name a folder of .txt or .md files"
        ) from error
    except OSError as error:
        raise _unlistable(root, error) from error
    if not stat.S_ISDIR(mode):
        raise CorpusError(f"{root} is a file, not a folder of articles. Name the folder it is in")


def _unlistable(root: Path, error: OSError) -> CorpusError:
    return CorpusError(
        f"the corpus folder {root} cannot be listed: {error.strerror}. "
        "Grant read permission, or name another folder"
    )


def _walk(root: Path, ignored: Path | None, skips: list[Skip]) -> Iterator[os.DirEntry[str]]:
    """Yield everything that is not a folder; links are yielded, never followed."""
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError as error:
            if folder == root:
                raise _unlistable(root, error) from error
            skips.append(Skip(_display(folder.relative_to(root).as_posix()), UNREADABLE))
            continue
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield entry
            elif entry.name.startswith("."):
                skips.append(Skip(_relative(entry, root), HIDDEN))
            elif ignored is None or Path(entry.path).resolve() != ignored:
                folders.append(Path(entry.path))


def _reason_to_skip(entry: os.DirEntry[str], root: Path, suffixes: frozenset[str]) -> str | None:
    if entry.is_symlink():
        return _link_reason(Path(entry.path), root)
    if entry.name.startswith("."):
        return HIDDEN
    if _relative(entry, root) != Path(entry.path).relative_to(root).as_posix():
        return BAD_NAME
    if not entry.is_file(follow_symlinks=False):
        return SPECIAL
    if Path(entry.name).suffix.lower() not in suffixes:
        return OTHER_FORMAT
    return None


def _link_reason(link: Path, root: Path) -> str:
    """Say where a link leads: its target is either indexed under its own path, or not ours."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        return LINK_LOOP
    return LINK_INSIDE if target.is_relative_to(root.resolve()) else OUTSIDE


def _relative(entry: os.DirEntry[str], root: Path) -> str:
    return _display(Path(entry.path).relative_to(root).as_posix())


def _display(name: str) -> str:
    """Return a name that can be stored and printed; bytes that are not UTF-8 become escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
