"""Encoders: from text to vectors."""

__all__ = [
    "batches",
    "cache",
    "encoder",
    "export_child",
    "model_files",
    "onnx_model",
    "onnx_passages",
    "onnx_setup",
    "passage_encoder",
    "token_counts",
    "torch_encoder",
]
