"""How is FAISS loaded? So that its threads sleep while they wait for each other.

By default they spin. Beside other programs, four of them took 26 s of the processors to make the
lists of 62,267 vectors, and 12 s when they sleep. The setting is read as FAISS's own copy of the
library of threads is loaded; it is taken back at once, so that torch's copy never sees it.
"""

import os

_SETTING = "OMP_WAIT_POLICY"

_before = os.environ.get(_SETTING)
os.environ.setdefault(_SETTING, "PASSIVE")
try:
    import faiss
finally:
    if _before is None:
        del os.environ[_SETTING]

__all__ = ["faiss"]
