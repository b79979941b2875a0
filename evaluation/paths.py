"""Folders of the repository, of its results, and of the evaluation data."""

import os
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = Path("benchmarks/results")
DATA_VARIABLE: Final = "DATELINE_EVAL_DATA"


def data_folder() -> Path:
    """Return the folder of evaluation data, by default beside the repository; it may not exist."""
    return Path(os.environ.get(DATA_VARIABLE, REPOSITORY.parent / "shared" / "data"))
