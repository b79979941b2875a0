import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.encoding.model_files import locate
from indexer.encoding.sentence_transformer import load_model
from indexer.encoding.torch_encoder import TorchPassageEncoder
from indexer.errors import EncoderError


def test_a_model_with_damaged_weights_is_named(tiny_model: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(tiny_model, copy)
    os.truncate(copy / "model.safetensors", 1000)
    with pytest.raises(EncoderError, match=rf"Cannot load model {copy}: "):
        load_model(locate(str(copy)))


def test_a_model_in_the_hubs_cache_needs_only_its_name(tiny_model: Path, tmp_path: Path) -> None:
    repository = tmp_path / "hub" / "models--someone--tiny"
    shutil.copytree(tiny_model, repository / "snapshots" / ("1" * 40))
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("1" * 40, encoding="utf-8")
    code = (
        "from indexer.encoding.torch_encoder import TorchPassageEncoder\n"
        "encoder = TorchPassageEncoder('someone/tiny')\n"
        "print(encoder.spec.name, encoder.spec.sha256)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    expected = TorchPassageEncoder(str(tiny_model)).spec.sha256
    assert done.stdout.split() == ["someone/tiny", expected], done.stderr
