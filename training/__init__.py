"""How the bundled reader is trained, so that anyone can do it again. Nothing imports this."""

import indexer.encoding.onnx_setup  # noqa: F401 - before any module here loads a part of onnxruntime
