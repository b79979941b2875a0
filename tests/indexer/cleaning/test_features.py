import numpy as np
import pytest

from indexer.cleaning.features import COLUMN, FEATURES, block_features, page_features
from indexer.cleaning.menus import prose_core
from indexer.cleaning.page import Page
from indexer.cleaning.sections import mark_labels
from indexer.text.blocks import split_blocks
from tests.support.pages import BRIDGE


def marked(text: str) -> Page:
    blocks = split_blocks(text)
    found = Page(blocks)
    mark_labels(found)
    return found


def test_features_describe_a_block() -> None:
    found = marked(f"Photo: Jane Doe / The Example\n\n{BRIDGE}\n\nHome\n\nHome")
    features = block_features(found)
    assert features.shape == (4, len(FEATURES))
    assert features[:, COLUMN["repeated"]].tolist() == [0, 0, 1, 1]
    assert features[:, COLUMN["ends_sentence"]].tolist() == [0, 1, 0, 0]
    assert features[:, COLUMN["caption"]].tolist() == [1, 0, 0, 0]
    assert features[2, COLUMN["capital"]] == 1


@pytest.mark.parametrize("text", ["a", "1\n\n2", "* \n\n* "])
def test_a_page_of_next_to_nothing_has_finite_features(text: str) -> None:
    found = marked(text)
    features = page_features(found, prose_core(found))
    assert len(features) == len(found.blocks)
    assert np.isfinite(features).all()
