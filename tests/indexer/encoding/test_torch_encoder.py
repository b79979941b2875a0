import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from indexer.encoding.model_files import BUNDLED_SHA256, DEFAULT_ENCODER
from indexer.encoding.torch_encoder import SAME_VECTOR, TorchPassageEncoder
from indexer.errors import EncoderError
from indexer.store import Embeddings

WORDS = (
    "the talks ended on Friday in Oslo without a result said minister and 1,400 envoys left".split()
)
LENGTHS = (0, 1, 5, 13, 14, 15, 30, 45, 46, 100, 126, 200, 254, 300)


def _texts() -> list[str]:
    chooser = np.random.default_rng(5)
    return [" ".join(chooser.choice(WORDS, size=length)) for length in LENGTHS]


@pytest.fixture(scope="module", params=[True, False], ids=["bf16", "fp32"])
def passage_encoder(request: pytest.FixtureRequest) -> TorchPassageEncoder:
    if request.param and torch.cpu.get_capabilities().get("amx_bf16"):
        pytest.skip(
            "bf16 is never chosen on processors with AMX, whose vectors depend on the batch"
        )
    return TorchPassageEncoder(DEFAULT_ENCODER, threads=2, bf16=request.param)


def test_passages_get_the_vectors_of_sentence_transformers(
    passage_encoder: TorchPassageEncoder, default_model: SentenceTransformer
) -> None:
    texts = _texts()
    expected = default_model.encode(texts, normalize_embeddings=True)
    found = passage_encoder.encode(texts)
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    assert float((found * expected).sum(axis=1).min()) > 0.9999


def test_float32_passages_equal_those_of_sentence_transformers(
    default_model: SentenceTransformer,
) -> None:
    texts = _texts()
    expected = default_model.encode(texts, normalize_embeddings=True)
    found = TorchPassageEncoder(DEFAULT_ENCODER, bf16=False).encode(texts)
    assert float(np.abs(found - expected).max()) < 1e-5


def test_a_vector_is_the_same_alone_among_others_and_in_another_order(
    passage_encoder: TorchPassageEncoder,
) -> None:
    texts = _texts()
    together = passage_encoder.encode(texts)
    alone = np.concatenate([passage_encoder.encode([text]) for text in texts])
    order = np.random.default_rng(3).permutation(len(texts))
    shuffled = passage_encoder.encode([texts[row] for row in order])
    repeated = passage_encoder.encode(texts * 2)
    assert np.array_equal(alone, together)
    assert np.array_equal(shuffled, together[order])
    assert np.array_equal(repeated, np.concatenate([together] * 2))


def test_a_vector_is_the_same_whatever_the_number_of_threads(
    passage_encoder: TorchPassageEncoder,
) -> None:
    texts = _texts()  # several batches: one of each length
    before = torch.get_num_threads()
    try:
        found = []
        for threads in (1, 2, 4):
            torch.set_num_threads(threads)
            found.append(passage_encoder.encode(texts))  # a batch each
            found.append(passage_encoder.encode(texts[5:6]))  # one batch together
            assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    assert all(np.array_equal(found[0], other) for other in found[::2])
    assert all(np.array_equal(found[0][5:6], other) for other in found[1::2])


def test_an_error_on_the_way_ends_the_threads_and_leaves_their_number(
    passage_encoder: TorchPassageEncoder,
) -> None:
    before, running = torch.get_num_threads(), threading.active_count()

    def stop(numbers: Sequence[int], vectors: Embeddings) -> None:
        assert threading.active_count() > running
        raise OSError(f"no room for {len(numbers)} vectors")

    with pytest.raises(OSError, match="no room"):
        passage_encoder.encode(_texts() * 3, on_batch=stop)
    assert torch.get_num_threads() == before
    assert threading.active_count() == running


def test_every_batch_is_handed_over_with_its_vectors(passage_encoder: TorchPassageEncoder) -> None:
    batches: list[tuple[Sequence[int], Embeddings]] = []
    rows = passage_encoder.encode(_texts(), on_batch=lambda *batch: batches.append(batch))
    assert sorted(i for batch, _ in batches for i in batch) == list(range(len(LENGTHS)))
    assert len(batches) > 1
    assert all(np.array_equal(rows[list(batch)], vectors) for batch, vectors in batches)


def test_no_passages_give_no_rows(passage_encoder: TorchPassageEncoder) -> None:
    assert passage_encoder.encode([]).shape == (0, 384)


def test_the_default_model_is_loaded_without_any_network(socket_disabled: None) -> None:
    spec = TorchPassageEncoder(DEFAULT_ENCODER).spec
    assert (spec.name, spec.sha256) == (DEFAULT_ENCODER, BUNDLED_SHA256)
    assert (spec.dimension, spec.max_tokens) == (384, 256)


def test_the_given_number_of_threads_is_used() -> None:
    before = torch.get_num_threads()
    try:
        TorchPassageEncoder(DEFAULT_ENCODER, threads=3)
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_a_models_own_prompt_for_documents_is_used(tiny_model: Path) -> None:
    texts = ["talks in oslo", "who met whom", "Unpaid talks ended " * 40]
    reference = SentenceTransformer(str(tiny_model), device="cpu")
    expected = reference.encode_document(texts, normalize_embeddings=True)
    found = TorchPassageEncoder(str(tiny_model), bf16=False).encode(texts)
    assert float(np.abs(found - expected).max()) < 1e-5


def test_a_model_that_leaves_its_prompt_out_of_the_pooling_is_refused(
    tiny_model: Path, tmp_path: Path
) -> None:
    model = SentenceTransformer(str(tiny_model), device="cpu")
    model.set_pooling_include_prompt(include_prompt=False)
    model.save(str(tmp_path / "model"))
    with pytest.raises(EncoderError, match=r"its vectors differ by .* Use a model whose vectors"):
        TorchPassageEncoder(str(tmp_path / "model"))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU that torch can use")
def test_a_gpu_gives_the_vectors_of_the_processor() -> None:
    texts = _texts()
    found = TorchPassageEncoder(DEFAULT_ENCODER, device="cuda").encode(texts)
    expected = TorchPassageEncoder(DEFAULT_ENCODER, device="cpu", bf16=False).encode(texts)
    assert np.abs(found - expected).max() < SAME_VECTOR
