"""onnxruntime, loaded without its telemetry: import it only from here.

Otherwise it writes a device id and a queue of events into the user's cache folder, and after some
seconds contacts its maker's server.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime as ort

__all__ = ["ort"]
