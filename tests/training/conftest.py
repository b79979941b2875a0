"""Fixtures of the training: one small folder of data, and what is made of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.support.training_material import material_of, write_all
from training.material import Material


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file that training reads; a test that changes one writes its own."""
    return write_all(tmp_path_factory.mktemp("training-data"))


@pytest.fixture(scope="session")
def material(folder: Path) -> Material:
    """The training half of the folder."""
    return material_of(folder)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Compute on one thread, as the runs that are compared do; other tests keep theirs."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
