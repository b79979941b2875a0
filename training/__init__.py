"""Reproducible training of the bundled models. Nothing imports this package."""

import indexer.encoding.onnx_setup  # noqa: F401 - before any module here loads a part of onnxruntime
