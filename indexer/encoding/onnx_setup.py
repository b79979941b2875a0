"""onnxruntime with its telemetry switched off: the one import of it in the product.

Unless the variable is set before the library is loaded, it writes a device id and a queue of events
into the user's cache folder, and a process that lives for some seconds looks its maker's server up.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime as ort

__all__ = ["ort"]
