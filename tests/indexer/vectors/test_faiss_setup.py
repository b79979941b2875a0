"""FAISS: threads that sleep while they wait, and a limit of threads for each caller."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from indexer.cores import cores
from indexer.vectors.faiss_setup import faiss, limit_threads

SHOWN = "import os, indexer.vectors.faiss_setup; print(os.environ.get('OMP_WAIT_POLICY'))"


@pytest.mark.parametrize(("chosen", "policy"), [(None, "PASSIVE"), ("ACTIVE", "ACTIVE")])
def test_threads_sleep_unless_the_user_says_otherwise(chosen: str | None, policy: str) -> None:
    # OpenMP prints its settings as it is loaded.
    environment = {**os.environ, "OMP_DISPLAY_ENV": "TRUE"}
    environment.pop("OMP_WAIT_POLICY", None)
    if chosen:
        environment["OMP_WAIT_POLICY"] = chosen
    command = [sys.executable, "-c", SHOWN]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert f"OMP_WAIT_POLICY = '{policy}'" in ended.stderr
    assert ended.stdout == f"{chosen}\n"


def test_each_thread_has_its_own_limit() -> None:
    def first() -> list[int]:
        found = []
        for count in (2, 3, 3, None, 1):
            limit_threads(count)
            found.append(faiss.omp_get_max_threads())
        return found

    def other() -> int:
        limit_threads(5)
        return int(faiss.omp_get_max_threads())

    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as two:
        assert two.submit(other).result() == 5
        assert one.submit(first).result() == [2, 3, 3, cores(), 1]
        assert two.submit(faiss.omp_get_max_threads).result() == 5
