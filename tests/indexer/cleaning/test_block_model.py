import json
from itertools import product

import numpy as np

from indexer.cleaning.block_model import LINES, MODEL_FILE, PIECES, Trees, best_ranges
from indexer.cleaning.features import page_features
from indexer.cleaning.menus import prose_core
from indexer.cleaning.page import Page
from indexer.text.blocks import split_blocks


def test_the_ranges_with_the_largest_sum_less_the_cost_of_their_edges_are_chosen() -> None:
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


def test_every_feature_of_the_model_is_one_that_a_page_has() -> None:
    page = Page(split_blocks("Home\n\nNews"))
    columns = page_features(page, prose_core(page)).shape[1]
    for kind, raw in json.loads(MODEL_FILE.read_text("utf-8")).items():
        if kind in (LINES, PIECES):
            assert max(map(max, raw["sign"])) < columns
            assert len(raw["sign"]) == len(raw["value"])
