"""A thread's calls of FAISS use the cores that it asked for, whatever other threads ask for."""

from concurrent.futures import ThreadPoolExecutor

import faiss

from indexer.cores import cores
from indexer.vectors.vector_threads import use_cores, use_one_core


def test_each_thread_has_its_own_number() -> None:
    def first() -> list[int]:
        found = []
        for count in (2, 3, 3, None):
            use_cores(count)
            found.append(faiss.omp_get_max_threads())
        use_one_core()
        return [*found, faiss.omp_get_max_threads()]

    def other() -> int:
        use_cores(5)
        return int(faiss.omp_get_max_threads())

    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as two:
        assert two.submit(other).result() == 5
        assert one.submit(first).result() == [2, 3, 3, cores(), 1]
        assert two.submit(faiss.omp_get_max_threads).result() == 5
