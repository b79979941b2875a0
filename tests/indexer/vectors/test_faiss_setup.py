"""FAISS's threads sleep while they wait; nothing that is loaded later is told so."""

import os
import subprocess
import sys

import pytest

SHOWN = "import os, indexer.vectors.faiss_setup; print(os.environ.get('OMP_WAIT_POLICY'))"


@pytest.mark.parametrize(("chosen", "policy"), [(None, "PASSIVE"), ("ACTIVE", "ACTIVE")])
def test_threads_sleep_unless_the_user_says_otherwise(chosen: str | None, policy: str) -> None:
    # The library of threads prints its settings as it is loaded.
    environment = {**os.environ, "OMP_DISPLAY_ENV": "TRUE"}
    environment.pop("OMP_WAIT_POLICY", None)
    if chosen:
        environment["OMP_WAIT_POLICY"] = chosen
    command = [sys.executable, "-c", SHOWN]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert f"OMP_WAIT_POLICY = '{policy}'" in ended.stderr
    assert ended.stdout == f"{chosen}\n"
