from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from indexer.encoding.cache import verify_export
from indexer.encoding.export import _fill, export, main
from indexer.encoding.model_files import locate, model_sha256
from indexer.encoding.sentence_transformer import load_model
from indexer.errors import EncoderError


def test_an_export_says_what_a_question_needs_to_know(tiny_model: Path, tiny_export: Path) -> None:
    found = verify_export(tiny_export)
    assert found.sha256 == model_sha256(locate(str(tiny_model))) == tiny_export.name
    assert (found.name, found.dimension, found.max_tokens) == (str(tiny_model), 16, 48)
    assert (found.query_prompt, found.passage_prompt) == ("question : ", "text : ")


def test_the_command_prints_the_folder_of_a_whole_export_and_leaves_it(
    tiny_model: Path, tiny_export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (tiny_export / "encoder.json").stat().st_ino
    assert main([str(tiny_model)]) == 0
    assert capsys.readouterr().out == f"{tiny_export}\n"
    assert (tiny_export / "encoder.json").stat().st_ino == before


def test_the_command_writes_a_whole_export_again_when_asked(
    tiny_model: Path, tiny_export: Path
) -> None:
    before = (tiny_export / "encoder.json").stat().st_ino
    graph = (tiny_export / "encoder.onnx").read_bytes()
    assert main([str(tiny_model), "--replace"]) == 0
    assert (tiny_export / "encoder.json").stat().st_ino != before
    assert (tiny_export / "encoder.onnx").read_bytes() == graph


def test_a_model_that_cannot_be_loaded_is_one_line_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert "neither modules.json nor config.json" in output.err


def test_a_model_whose_vectors_the_graph_does_not_give_is_refused(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = SentenceTransformer(str(tiny_model), device="cpu")
    model.set_pooling_include_prompt(include_prompt=False)
    model.save(str(tmp_path / "model"))
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    with pytest.raises(EncoderError, match=r"Cannot export .*: its vectors differ .* by [1-9]"):
        export(str(tmp_path / "model"))
    assert [path.name for path in (tmp_path / "cache").rglob("*")] == ["encoders-1"]


class _Spectrum(torch.nn.Module):
    """A last step that no ONNX operator of the exporter's can express."""

    def forward(self, features: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        spectrum = torch.linalg.eigvals(torch.diag_embed(features["sentence_embedding"])).real
        return {**features, "sentence_embedding": spectrum}


def test_a_model_with_operators_unknown_to_onnx_is_refused(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load_model(locate(str(tiny_model)))
    loaded.model.append(_Spectrum())
    with pytest.raises(EncoderError, match=r"Cannot export .*: \w+Error: .*Use a model that ONNX"):
        _fill(loaded, tmp_path)
    assert np.isfinite(loaded.model.encode(["talks"])).all()
