"""Cache of exported models: one folder each, with an ONNX graph, its weights and a tokenizer.

It lies in `DATELINE_CACHE` or the user's cache folder, or else in a private temporary folder.
"""

import json
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from platformdirs import user_cache_path

from indexer.encoding.model_files import file_sha256
from indexer.errors import EncoderError

EXPORT_FORMAT = 1
GRAPH_FILE = "encoder.onnx"
WEIGHTS_FILE = "encoder.weights"
TOKENIZER_FILE = "tokenizer.json"
PRIVATE = 0o700

_DESCRIPTION_FILE = "encoder.json"
_UNFINISHED = ".unfinished-"  # begins the name of a folder until it is complete
_DAY_SECONDS = 86_400
_GROUP_AND_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class FileChecksum:
    """Size of a file, compared on opening, and its hash, compared by `verify_export`."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedEncoder:
    """Description of an exported model, whose identity is `sha256`.

    The prompts go before a text (empty: none), as in the model's training.
    """

    name: str
    sha256: str
    dimension: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str
    pad_id: int
    files: dict[str, FileChecksum]


def cache_folder(kind: str, name: str) -> Path:
    """Return the folder `kind/name` of the cache, which need not exist yet.

    Raises:
        EncoderError: when neither the cache nor a temporary folder can be used.
    """
    given = os.environ.get("DATELINE_CACHE")
    cache = Path(given).absolute() if given else user_cache_path("dateline", appauthor=False)
    folder = cache / kind / name
    if folder.is_dir() or _is_writable(folder.parent):
        return folder
    return _private_folder(Path(tempfile.gettempdir()), cache) / kind / name


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _private_folder(parent: Path, cache: Path) -> Path:
    """Return the user's own folder in the temporary folder `parent`, created if missing.

    Anyone may write there, so that a folder that others could have filled is refused. On Windows
    the temporary folder is the user's own.
    """
    if not hasattr(os, "getuid"):
        return parent / "dateline"
    folder = parent / f"dateline-{os.getuid()}"
    advice = f"Set DATELINE_CACHE to a writable folder, which {cache} is not."
    try:
        folder.mkdir(mode=PRIVATE, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise EncoderError(
            f"Cannot use the temporary folder {folder}: {error.strerror}. {advice}"
        ) from error
    private = stat.S_ISDIR(found.st_mode) and not found.st_mode & _GROUP_AND_OTHERS
    if not private or found.st_uid != os.getuid():
        raise EncoderError(
            f"The temporary folder {folder} is not private: found {stat.filemode(found.st_mode)} "
            f"and owner {found.st_uid}, expected drwx------ and owner {os.getuid()}. {advice}"
        )
    return folder


def export_folder(sha256: str) -> Path:
    """Return the folder of a model's export, which need not exist yet.

    Raises:
        EncoderError: when no cache folder can be used.
    """
    return cache_folder(f"encoders-{EXPORT_FORMAT}", sha256)


def file_checksums(folder: Path) -> dict[str, FileChecksum]:
    """Return the size and hash of each data file of an export.

    Raises:
        EncoderError: when one cannot be read.
    """
    paths = [folder / name for name in (GRAPH_FILE, WEIGHTS_FILE, TOKENIZER_FILE)]
    return {path.name: FileChecksum(path.stat().st_size, file_sha256(path)) for path in paths}


def read_export(folder: Path) -> ExportedEncoder:
    """Read the description of an export, and compare the sizes of its files.

    Raises:
        EncoderError: when it is missing, damaged, or of another format.
    """
    try:
        fields = json.loads((folder / _DESCRIPTION_FILE).read_text(encoding="utf-8"))
        export_format = fields.pop("format")
        files = {name: FileChecksum(**each) for name, each in fields.pop("files").items()}
        export = ExportedEncoder(**fields, files=files)
        sizes = {name: (folder / name).stat().st_size for name in files}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(folder, f"cannot read it ({error})") from error
    if export_format != EXPORT_FORMAT:
        raise _damaged(folder, f"it has format {export_format}, expected {EXPORT_FORMAT}")
    for name, expected in files.items():
        if sizes[name] != expected.size:
            raise _damaged(folder, f"{name} has {sizes[name]} bytes, expected {expected.size}")
    return export


def verify_export(folder: Path) -> ExportedEncoder:
    """Read an export and compare the hash of each of its files.

    Raises:
        EncoderError: when it is missing, damaged, or of another format.
    """
    export = read_export(folder)
    for name, expected in export.files.items():
        found = file_sha256(folder / name)
        if found != expected.sha256:
            raise _damaged(folder, f"{name} has SHA-256 {found}, expected {expected.sha256}")
    return export


def _damaged(folder: Path, what: str) -> EncoderError:
    return EncoderError(
        f"The exported model in {folder} is damaged: {what}. Delete this folder; it is made again "
        "when needed."
    )


def write_export(
    folder: Path,
    fill: Callable[[Path], ExportedEncoder],
    check: Callable[[Path], None],
    *,
    replace: bool = False,
) -> None:
    """Create an export folder atomically.

    Args:
        folder: where to; unless `replace`, an intact export that exists there stays.
        fill: writes the files into a temporary folder.
        check: may reject the complete export by raising an exception.
        replace: whether to replace an intact export.

    Raises:
        EncoderError: when the folder cannot be written.
    """
    try:
        folder.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        _remove_unfinished(folder.parent)
        unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder.parent))
        try:
            export = fill(unfinished)
            described = {"format": EXPORT_FORMAT, **asdict(export)}
            (unfinished / _DESCRIPTION_FILE).write_text(json.dumps(described), encoding="utf-8")
            check(unfinished)
            for path in (*unfinished.iterdir(), unfinished):
                _fsync(path)
            _put_in_place(unfinished, folder, replace=replace)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise EncoderError(
            f"Cannot write the exported model to {folder}: {error.strerror or error}. Free disk "
            "space or set DATELINE_CACHE to another folder."
        ) from error


def _remove_unfinished(parent: Path) -> None:
    """Delete what killed processes left, once it is too old to be in use."""
    oldest = time.time() - _DAY_SECONDS
    for path in parent.glob(f"{_UNFINISHED}*"):
        try:
            if path.stat().st_mtime < oldest:
                shutil.rmtree(path, ignore_errors=True)
        except FileNotFoundError:
            continue  # another process was faster


def _put_in_place(unfinished: Path, folder: Path, *, replace: bool) -> None:
    if folder.exists():
        if not replace and _is_intact(folder):
            return
        # Renamed first, so that no process meets a half-deleted folder.
        discarded = unfinished.with_name(f"{unfinished.name}-replaced")
        folder.rename(discarded)
        shutil.rmtree(discarded, ignore_errors=True)
    try:
        unfinished.rename(folder)
    except OSError:
        if not _is_intact(folder):  # otherwise another process was first
            raise
    _fsync(folder.parent)


def _is_intact(folder: Path) -> bool:
    try:
        verify_export(folder)
    except EncoderError:
        return False
    return True


def _fsync(path: Path) -> None:
    if os.name != "posix" and path.is_dir():  # Windows opens no folder
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
