import json
from itertools import product

import numpy as np
import pytest

from indexer.cleaning.block_model import LINES, MODEL_FILE, PIECES, Trees, best_ranges
from indexer.cleaning.cleaner import clean
from indexer.cleaning.features import COLUMN, FEATURES, block_features, page_features
from indexer.cleaning.menus import prose_core
from indexer.cleaning.page import Page
from indexer.cleaning.sections import mark_labels
from indexer.text.blocks import split_blocks
from tests.support.pages import BRIDGE, DETOUR, MAYOR, kept, page

MENU = "\n".join(
    ["* Home", "* News", "* Sports", "* Weather", "* Contact", "* Subscribe", "* Log in"]
)
PAGE = page(
    MENU,
    "# Old bridge closes for repairs",
    BRIDGE,
    DETOUR,
    "We use cookies to improve your visit, and our partners do so too.",
    MAYOR,
    "* Ferry to sail again",
    "* Harbour board elects chair",
    "© 2023 The Example. All rights reserved.",
    MENU,
)


def marked(text: str) -> Page:
    blocks = split_blocks(text)
    found = Page(blocks)
    mark_labels(found)
    return found


def test_the_stretches_with_the_largest_sum_less_the_cost_of_their_edges_are_chosen() -> None:
    weights = [-1.0, 2.0, -0.4, 0.7, -3.0, 1.2, -0.1]

    def value(chosen: tuple[int, ...]) -> float:
        edges = sum(a != b for a, b in zip((0, *chosen), (*chosen, 0), strict=True))
        return sum(w for w, c in zip(weights, chosen, strict=True) if c) - 0.5 * edges

    best = max(product((0, 1), repeat=len(weights)), key=value)
    assert best_ranges(weights, 0.5).tolist() == list(map(bool, best))
    assert best_ranges([-1.0, -2.0], 0.5).tolist() == [False, False]
    assert best_ranges([], 0.5).tolist() == []


def test_trees_add_the_values_of_the_leaves_that_a_row_falls_into() -> None:
    trees = Trees(
        base=0.5,
        feature=np.array([[1, 0, 0], [0, 0, 0]]),
        threshold=np.array([[3.0, 0, 0], [0, 0, 0]], dtype=np.float32),
        left=np.array([[1, 1, 2], [0, 1, 2]]),
        right=np.array([[2, 1, 2], [0, 1, 2]]),
        value=np.array([[0, -1.0, 2.0], [0.25, 0, 0]], dtype=np.float32),
        depth=1,
    )
    rows = np.array([[9.0, 3.0], [9.0, 3.1]], dtype=np.float32)
    assert trees.log_odds(rows).tolist() == [-0.25, 2.75]


def test_the_article_is_found_between_menus_and_the_page_says_why_the_rest_is_left_out() -> None:
    assert kept(PAGE).split("\n")[0] == "# Old bridge closes for repairs"
    for sentence in (BRIDGE, DETOUR, MAYOR):
        assert sentence in kept(PAGE)
    assert "Weather" not in kept(PAGE)
    assert "rights reserved" not in kept(PAGE)
    assert all(region.reason for region in clean(PAGE).regions if not region.kept)


def test_every_sign_of_the_model_is_one_that_a_page_has() -> None:
    found = marked(PAGE)
    columns = page_features(found, prose_core(found)).shape[1]
    for kind, raw in json.loads(MODEL_FILE.read_text("utf-8")).items():
        if kind in (LINES, PIECES):
            assert max(map(max, raw["sign"])) < columns
            assert len(raw["sign"]) == len(raw["value"])


def test_signs_say_what_a_block_looks_like() -> None:
    found = marked(f"Photo: Jane Doe / The Example\n\n{BRIDGE}\n\nHome\n\nHome")
    signs = block_features(found)
    assert signs.shape == (4, len(FEATURES))
    assert signs[:, COLUMN["repeated"]].tolist() == [0, 0, 1, 1]
    assert signs[:, COLUMN["ends_sentence"]].tolist() == [0, 1, 0, 0]
    assert signs[:, COLUMN["caption"]].tolist() == [1, 0, 0, 0]
    assert signs[2, COLUMN["capital"]] == 1


@pytest.mark.parametrize("text", ["a", "1\n\n2", "* \n\n* "])
def test_a_page_of_next_to_nothing_has_finite_signs(text: str) -> None:
    found = marked(text)
    signs = page_features(found, prose_core(found))
    assert len(signs) == len(found.blocks)
    assert np.isfinite(signs).all()
