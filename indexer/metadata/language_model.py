"""Where is the unpacked model of languages? In the cache folder, mapped by whoever needs it.

The library unpacks its model with every process that asks for a language, which takes a second.
Here that is done once; what is kept can be made again at any time, so whatever is wrong with it, it
is.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE
from py3langid.modelio import load_model

from indexer.encoding.cache_folder import PRIVATE, UNFINISHED, cache_folder, remove_unfinished
from indexer.encoding.model_files import file_sha256
from indexer.errors import EncoderError

ModelArrays: TypeAlias = Mapping[str, NDArray[Any]]
"""`table`: a row a feature, a column a class; `priors` and `classes`; `moves` from the place in it
that `rows` gives for each state; `outputs`: the feature of each state, or -1."""

_KIND = "languages-1"
_NAMES = ("table", "priors", "classes", "moves", "rows", "outputs")


def model_arrays() -> ModelArrays:
    """Return the model; arrays that are mapped cannot be written."""
    file = MODEL_DIR / MODEL_FILE
    try:
        folder = cache_folder(_KIND, file_sha256(file))
    except EncoderError:
        return unpacked(file)
    kept = _kept(folder)
    if kept is None:
        kept = unpacked(file)
        with suppress(OSError):  # then the next process unpacks it again
            _keep(folder, kept)
    return kept


def unpacked(file: Path) -> ModelArrays:
    """Unpack a model of the library's."""
    table, priors, classes, moves, rows, outputs = load_model(file)
    return {
        # In two bytes each, as they are stored, they were converted for every text again.
        "table": np.asarray(table, dtype=np.float32),
        "priors": np.asarray(priors),
        "classes": np.array(classes),
        "moves": np.asarray(moves),
        "rows": np.asarray(rows, dtype=np.intp) << 8,  # 256 moves a row, one a byte
        "outputs": np.asarray(outputs, dtype=np.intp),
    }


def _kept(folder: Path) -> ModelArrays | None:
    try:
        return {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _NAMES}
    except (OSError, ValueError, EOFError):  # there is none, or it is not whole
        return None


def _keep(folder: Path, arrays: ModelArrays) -> None:
    """Write a folder that appears at once or not at all, in place of a damaged one."""
    folder.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    remove_unfinished(folder.parent)
    unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder.parent))
    try:
        for name, array in arrays.items():
            np.save(unfinished / f"{name}.npy", array)
        for path in unfinished.iterdir():
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
        if _kept(folder) is None:  # otherwise another process was first
            shutil.rmtree(folder, ignore_errors=True)
            unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
