"""Encoders: from text to vectors."""

__all__ = [
    "cache",
    "encoder",
    "export_child",
    "model_files",
    "onnx_setup",
    "token_counts",
    "torch_encoder",
]
