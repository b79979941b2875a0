"""How many threads may FAISS start for the thread that calls it?"""

import threading

from indexer.cores import cores
from indexer.vectors.faiss_setup import faiss


class _Allowed(threading.local):
    """What was last asked for: to ask again gives up the interpreter's lock."""

    threads: int | None = None


_ALLOWED = _Allowed()


def use_one_core() -> None:
    """Have this thread's searches start no others: they would wait for each other by spinning.

    Beside other work four took a hundred times as long as one. Questions are asked side by side
    instead.
    """
    use_cores(1)


def use_cores(count: int | None) -> None:
    """Have this thread's calls use so many cores, until it asks for another number.

    Args:
        count: how many; None means every one.
    """
    wanted = count or cores()
    if _ALLOWED.threads != wanted:
        faiss.omp_set_num_threads(wanted)
        _ALLOWED.threads = wanted
