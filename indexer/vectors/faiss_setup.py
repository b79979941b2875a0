"""FAISS, loaded so that its idle threads sleep, and the number of threads that it may start.

By default they spin. Beside other programs, four spinning threads took 26 s of processor time to
make the lists of 62,267 vectors, and sleeping ones 12 s. FAISS's copy of OpenMP reads the setting
as it is loaded; it is reset at once, so that torch's copy never sees it.
"""

import os
import threading

from indexer.cores import cores

_SETTING = "OMP_WAIT_POLICY"

_before = os.environ.get(_SETTING)
os.environ.setdefault(_SETTING, "PASSIVE")
try:
    import faiss
finally:
    if _before is None:
        del os.environ[_SETTING]

__all__ = ["faiss", "limit_threads"]

_LIMIT = threading.local()


def limit_threads(count: int | None) -> None:
    """Limit the threads that FAISS starts for the calling thread; None means every core.

    Searches need a limit of 1: several wait for each other, and beside other work four took a
    hundred times as long as one.
    """
    wanted = count or cores()
    # Only for a new limit, since each call into FAISS releases the interpreter's lock.
    if getattr(_LIMIT, "threads", None) != wanted:
        faiss.omp_set_num_threads(wanted)
        _LIMIT.threads = wanted
