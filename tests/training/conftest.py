"""What the tests of the training share: one small folder of data, and what is made of it."""

from pathlib import Path

import pytest

from tests.training_material import material_of, write_all
from training.material import Material


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file that training reads; a test that changes one writes its own."""
    return write_all(tmp_path_factory.mktemp("training-data"))


@pytest.fixture(scope="session")
def material(folder: Path) -> Material:
    """The training half of the folder."""
    return material_of(folder)
