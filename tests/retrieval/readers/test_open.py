from hashlib import sha256
from pathlib import Path

import pytest

from retrieval.readers import trained as trained_reader
from retrieval.readers.open import open_reader
from retrieval.readers.trained import TrainedReader
from retrieval.readers.trained_files import ModelFile
from tests.support.reader_models import write_marking_model

QUESTION = "Who opened the harbour?"
TEXT = "Ada Brandt opened the harbour."


def test_without_a_name_the_bundled_reader_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_marking_model(tmp_path / "r.onnx", [QUESTION, TEXT], start={}, end={})
    content = path.read_bytes()
    published = ModelFile(path, len(content), sha256(content).hexdigest())
    monkeypatch.setattr(trained_reader, "BUNDLED_READER", published)
    assert isinstance(open_reader(), TrainedReader)
