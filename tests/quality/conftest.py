"""What the quality gate shares: every set is measured once a run."""

import pytest

from evaluation import Report
from retrieval import SearchEngine
from tests.quality.floors_file import Measurement
from tests.quality.measuring import ask_seeds, measure


@pytest.fixture(scope="session")
def seeds_report(engine: SearchEngine) -> Report:
    """The answers to the questions on the seeds, by the defaults."""
    return ask_seeds(engine)


@pytest.fixture(scope="session")
def measurement(seeds_report: Report) -> Measurement:
    """Every measure that has a floor."""
    return measure(seeds_report, threads=2)  # more only wait for each other on a busy machine
