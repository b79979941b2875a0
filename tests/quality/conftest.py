"""Fixtures of the quality gate: each set is measured once a run."""

import pytest

from evaluation import Report
from retrieval import SearchEngine
from tests.quality.measuring import Measures, ask_seeds, measure


@pytest.fixture(scope="session")
def seeds_report(engine: SearchEngine) -> Report:
    """The answers to the questions on the seeds, by the defaults."""
    return ask_seeds(engine)


@pytest.fixture(scope="session")
def measures(seeds_report: Report) -> Measures:
    """Every measure that has a floor."""
    return measure(seeds_report, threads=2)  # more only wait for each other on a busy machine
