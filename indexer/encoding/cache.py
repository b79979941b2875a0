"""Where does an exported encoder lie, and is this one whole?

One folder a model in the user's cache: the ONNX graph, its weights, its tokenizer and a small JSON
that says what they are. A folder appears at once or not at all, whoever else writes or is killed.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.encoding.cache_folder import PRIVATE, UNFINISHED, cache_folder, remove_unfinished
from indexer.encoding.model_files import file_sha256
from indexer.errors import EncoderError

EXPORT_FORMAT = 1
GRAPH_FILE = "encoder.onnx"
WEIGHTS_FILE = "encoder.weights"
TOKENIZER_FILE = "tokenizer.json"

_DESCRIPTION_FILE = "encoder.json"


@dataclass(frozen=True, slots=True)
class FileMark:
    """What a file must be: the size is checked on opening, the hash by `verify_export`."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedEncoder:
    """What is known of an exported encoder; `sha256` is the model's identity.

    The prompts are put before a text (empty: none), as the model's authors trained it.
    """

    name: str
    sha256: str
    dimension: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str
    pad_id: int
    files: dict[str, FileMark]


def mark_files(folder: Path) -> dict[str, FileMark]:
    """Return the size and hash of each data file of an export.

    Raises:
        EncoderError: when one cannot be read.
    """
    paths = [folder / name for name in (GRAPH_FILE, WEIGHTS_FILE, TOKENIZER_FILE)]
    return {path.name: FileMark(path.stat().st_size, file_sha256(path)) for path in paths}


def export_folder(sha256: str) -> Path:
    """Return the folder of a model's export, whether or not it is there yet.

    Raises:
        EncoderError: when no cache folder can be used.
    """
    return cache_folder(f"encoders-{EXPORT_FORMAT}", sha256)


def read_export(folder: Path) -> ExportedEncoder:
    """Read what an export folder says of itself, and compare the sizes of its files.

    Raises:
        EncoderError: when it is missing, damaged, or of another format.
    """
    try:
        fields = json.loads((folder / _DESCRIPTION_FILE).read_text(encoding="utf-8"))
        export_format = fields.pop("format")
        marks = {name: FileMark(**mark) for name, mark in fields.pop("files").items()}
        export = ExportedEncoder(**fields, files=marks)
        sizes = {name: (folder / name).stat().st_size for name in marks}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(folder, f"it cannot be read ({error})", "a whole export") from error
    if export_format != EXPORT_FORMAT:
        raise _damaged(folder, f"format {export_format}", f"format {EXPORT_FORMAT}")
    for name, mark in export.files.items():
        if sizes[name] != mark.size:
            raise _damaged(folder, f"{name} has {sizes[name]} bytes", f"{mark.size}")
    return export


def verify_export(folder: Path) -> ExportedEncoder:
    """Read an export folder and compare the hash of each of its files.

    Raises:
        EncoderError: when it is missing, damaged, or of another format.
    """
    export = read_export(folder)
    for name, mark in export.files.items():
        found = file_sha256(folder / name)
        if found != mark.sha256:
            raise _damaged(folder, f"{name} has SHA-256 {found}", mark.sha256)
    return export


def _damaged(folder: Path, found: str, expected: str) -> EncoderError:
    return EncoderError(
        f"the exported encoder in {folder} is damaged: {found}, expected {expected}. Delete this "
        "folder; it is made again when needed."
    )


def write_export(
    folder: Path,
    fill: Callable[[Path], ExportedEncoder],
    check: Callable[[Path], None],
    *,
    replace: bool = False,
) -> None:
    """Make an export folder: `fill` writes into a folder beside it, which then takes its name.

    `check` sees the whole export first and may raise. When another process was first and its
    export is whole, that one stays, unless `replace`.

    Raises:
        EncoderError: when the folder cannot be written.
    """
    try:
        folder.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        remove_unfinished(folder.parent)
        unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder.parent))
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
            f"the exported encoder cannot be written to {folder}: {error.strerror or error}; "
            "expected a folder with room for it. Free some space or set DATELINE_CACHE."
        ) from error


def _put_in_place(unfinished: Path, folder: Path, *, replace: bool) -> None:
    if folder.exists():
        if not replace and _is_whole(folder):
            return
        # Renamed first, so that nobody meets a folder that is half deleted.
        discarded = unfinished.with_name(f"{unfinished.name}-replaced")
        folder.rename(discarded)
        shutil.rmtree(discarded, ignore_errors=True)
    try:
        unfinished.rename(folder)
    except OSError:
        if not _is_whole(folder):  # otherwise another process was first
            raise
    _fsync(folder.parent)


def _is_whole(folder: Path) -> bool:
    try:
        verify_export(folder)
    except EncoderError:
        return False
    return True


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
