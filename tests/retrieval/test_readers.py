from hashlib import sha256
from pathlib import Path

import pytest

from indexer.encoder import open_encoder
from retrieval import trained_reader
from retrieval.reader_files import ModelFile
from retrieval.readers import open_reader
from retrieval.sentence_reader import SentenceReader
from retrieval.trained_reader import TrainedReader
from tests.reader_models import passage_of, write_marking_model

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


def test_sentences_is_the_baseline_with_the_encoder_that_is_given() -> None:
    encoder = open_encoder(threads=2)
    passages = [passage_of(TEXT)]
    found = open_reader("sentences", encoder=encoder).read(QUESTION, passages)
    assert found == SentenceReader(encoder).read(QUESTION, passages)
    assert found != open_reader("sentences").read(QUESTION, passages)


def test_the_baseline_has_nothing_to_warn_of() -> None:
    assert open_reader("sentences").warnings("harbour " * 500) == ()
