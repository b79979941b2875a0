"""Where may files be kept that can be made again? In the user's cache folder, or a private one.

In: the name of what is kept. Out: its folder, in `DATELINE_CACHE` where that is set, else in the
cache folder of the operating system, else (read-only home) in a private temporary folder.
"""

import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from platformdirs import user_cache_path

from indexer.errors import EncoderError

PRIVATE = 0o700
UNFINISHED = ".unfinished-"
"""So the name of a folder begins that is being filled, beside the one whose name it will take."""

_DAY_SECONDS = 86_400
_OTHERS = 0o077


def cache_folder(kind: str, name: str) -> Path:
    """Return the folder `kind/name` of the cache, whether or not it is there yet.

    The temporary folder serves when the cache can neither be written nor holds `kind/name`.

    Raises:
        EncoderError: when neither can be used.
    """
    given = os.environ.get("DATELINE_CACHE")
    cache = Path(given).absolute() if given else user_cache_path("dateline", appauthor=False)
    folder = cache / kind / name
    if folder.is_dir() or _is_writable(folder.parent):
        return folder
    return private_folder(Path(tempfile.gettempdir()), cache) / kind / name


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def private_folder(parent: Path, unusable: Path) -> Path:
    """Return this user's own folder in `parent`, made where it is missing.

    Anyone may write to a temporary folder, so one that is not this user's alone is refused: what
    lies in it could be another's.

    Args:
        parent: the temporary folder.
        unusable: the cache folder that this one stands in for, named in messages.

    Raises:
        EncoderError: when it cannot be made, or is not this user's alone.
    """
    folder = parent / f"dateline-{os.getuid()}"
    advice = f"Cache folder {unusable} cannot be written either: set DATELINE_CACHE to one that can"
    try:
        folder.mkdir(mode=PRIVATE, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise EncoderError(
            f"temporary folder {folder} cannot be used: {error.strerror}; expected to keep the "
            f"exported encoder there. {advice}."
        ) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & _OTHERS:
        raise EncoderError(
            f"temporary folder {folder} is not private: found {stat.filemode(found.st_mode)} and "
            f"owner {found.st_uid}, expected drwx------ and owner {os.getuid()}. {advice}."
        )
    return folder


def remove_unfinished(parent: Path) -> None:
    """Delete what killed processes left behind, once none can still be writing there."""
    oldest = time.time() - _DAY_SECONDS
    for path in parent.glob(f"{UNFINISHED}*"):
        try:
            if path.stat().st_mtime < oldest:
                shutil.rmtree(path, ignore_errors=True)
        except FileNotFoundError:
            continue  # another process was faster
