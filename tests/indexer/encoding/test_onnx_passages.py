import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from indexer.encoding import model_files, passage_encoder
from indexer.encoding.encoder import open_encoder
from indexer.encoding.model_files import (
    BUNDLED_GRAPH,
    BUNDLED_SHA256,
    DEFAULT_ENCODER,
    WEIGHTS_FILE,
    locate,
)
from indexer.encoding.onnx_passages import OnnxPassageEncoder
from indexer.encoding.passage_encoder import open_passage_encoder
from indexer.encoding.torch_encoder import TorchPassageEncoder
from indexer.errors import EncoderError
from training.encoder_graph import make_graph

WORDS = (
    "the talks ended on Friday in Oslo without a result said minister and 1,400 envoys left".split()
)
LENGTHS = (0, 1, 5, 13, 14, 15, 30, 45, 46, 100, 126, 200, 254, 300)


def _texts() -> list[str]:
    chooser = np.random.default_rng(5)
    return [" ".join(chooser.choice(WORDS, size=length)) for length in LENGTHS]


@pytest.fixture(scope="module")
def encoder() -> OnnxPassageEncoder:
    return OnnxPassageEncoder(threads=2)


@pytest.fixture
def copied_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bundled model as a wheel has it: a folder beside the code."""
    folder = tmp_path / "model"
    shutil.copytree(locate(DEFAULT_ENCODER).local_folder, folder)
    monkeypatch.setattr(model_files, "_IN_WHEEL", folder)
    return folder


def test_the_graph_that_ships_is_the_one_that_the_command_makes() -> None:
    weights = locate(DEFAULT_ENCODER).local_folder / WEIGHTS_FILE
    assert BUNDLED_GRAPH.read_bytes() == make_graph(weights)
    assert BUNDLED_GRAPH.stat().st_size < 30_000  # no weights


def test_passages_get_the_vectors_of_float32_torch(
    encoder: OnnxPassageEncoder, default_model: SentenceTransformer
) -> None:
    texts = _texts()
    found = encoder.encode(texts)
    assert found.dtype == np.float32
    expected = TorchPassageEncoder(DEFAULT_ENCODER, bf16=False).encode(texts)
    assert np.abs(found - expected).max() < 1e-5
    reference = default_model.encode(texts, normalize_embeddings=True)
    assert np.abs(found - reference).max() < 1e-5
    spec = encoder.spec
    assert (spec.name, spec.sha256) == (DEFAULT_ENCODER, BUNDLED_SHA256)
    assert (spec.dimension, spec.max_tokens) == (384, 256)


def test_a_vector_is_the_same_alone_among_others_in_another_order_and_with_other_threads(
    encoder: OnnxPassageEncoder,
) -> None:
    texts = _texts()
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    order = np.random.default_rng(3).permutation(len(texts))
    assert np.array_equal(alone, together)
    assert np.array_equal(encoder.encode([texts[row] for row in order]), together[order])
    assert np.array_equal(encoder.encode(texts * 20), np.concatenate([together] * 20))
    for threads in (1, 3):
        assert np.array_equal(OnnxPassageEncoder(threads).encode(texts), together)


@pytest.mark.parametrize(
    ("torch_is_faster", "expected"), [(True, TorchPassageEncoder), (False, OnnxPassageEncoder)]
)
def test_torch_encodes_passages_only_where_it_is_faster(
    torch_is_faster: bool, expected: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passage_encoder, "_torch_is_faster", lambda: torch_is_faster)
    assert type(open_passage_encoder(DEFAULT_ENCODER, 1)) is expected


def test_a_model_that_is_named_needs_torch(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passage_encoder, "_torch_is_faster", lambda: False)
    assert type(open_passage_encoder(str(tiny_model), 1)) is TorchPassageEncoder
    monkeypatch.setattr(model_files, "find_spec", lambda _: None)
    with pytest.raises(EncoderError, match=r"it needs torch and sentence_transformers\. Install"):
        open_passage_encoder(str(tiny_model), 1)


def test_every_batch_is_handed_over_and_an_error_ends_the_threads(
    encoder: OnnxPassageEncoder,
) -> None:
    seen: list[int] = []
    encoder.encode(_texts(), on_batch=lambda rows, _: seen.extend(rows))
    assert sorted(seen) == list(range(len(LENGTHS)))
    assert encoder.encode([]).shape == (0, 384)

    def stop(*_: object) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        encoder.encode(_texts(), on_batch=stop)


def test_a_model_beside_the_code_is_the_one_that_is_used(
    copied_model: Path, encoder: OnnxPassageEncoder
) -> None:
    assert locate(DEFAULT_ENCODER).folder == copied_model
    assert np.array_equal(OnnxPassageEncoder(1).encode(["Talks."]), encoder.encode(["Talks."]))


def test_weights_of_another_size_are_refused_by_questions_too(copied_model: Path) -> None:
    os.truncate(copied_model / WEIGHTS_FILE, 1000)
    with pytest.raises(EncoderError, match=r"it has 1000 bytes, expected 90868376\. Reinstall it"):
        open_encoder()


def test_one_changed_bit_of_the_weights_is_refused_by_a_build(copied_model: Path) -> None:
    with (copied_model / WEIGHTS_FILE).open("r+b") as stream:
        stream.seek(60_000_000)
        byte = stream.read(1)[0]
        stream.seek(60_000_000)
        stream.write(bytes([byte ^ 1]))
    with pytest.raises(EncoderError, match=rf"its SHA-256 is \w+, expected {BUNDLED_SHA256}"):
        OnnxPassageEncoder(1)


def test_an_altered_graph_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = tmp_path / "minilm.onnx"
    graph.write_bytes(BUNDLED_GRAPH.read_bytes()[:-1])
    monkeypatch.setattr(model_files, "BUNDLED_GRAPH", graph)
    with pytest.raises(EncoderError, match=r"minilm\.onnx was altered: .* Install Dateline again"):
        open_encoder()
