"""How long from process start to the printed answer, against `import sentence_transformers` alone?

Both are whole processes, started in turn in one run, so that a noisy machine slows both.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

QUESTION = "what did the US ask Iran?"


def measure(index: Path, rounds: int) -> dict[str, Any]:
    """Return medians in seconds and their ratio; the first round warms the disk and is dropped."""
    ask = [sys.executable, "-m", "retrieval", "ask", QUESTION, "--json", "--index", str(index)]
    reference = [sys.executable, "-c", "import sentence_transformers"]
    pairs = [(_seconds(ask), _seconds(reference)) for _ in range(rounds + 1)][1:]
    return {
        "ask_seconds": round(statistics.median(pair[0] for pair in pairs), 3),
        "import_sentence_transformers_seconds": round(
            statistics.median(pair[1] for pair in pairs), 3
        ),
        "times_faster": round(statistics.median(pair[1] / pair[0] for pair in pairs), 1),
        "ask_peak_megabytes": _peak_megabytes(ask),
        "rounds": rounds,
    }


def _seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def _peak_megabytes(command: list[str]) -> int:
    """Return the largest resident memory of one run, measured by a parent of its own."""
    code = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], check=True, capture_output=True, text=True
    )
    # Linux counts kilobytes, macOS bytes.
    return int(done.stdout) // (1_000 if sys.platform != "darwin" else 1_000_000)


def main() -> None:
    """Print the measurement as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    print(json.dumps(measure(options.index, options.rounds), indent=1))


if __name__ == "__main__":
    main()
