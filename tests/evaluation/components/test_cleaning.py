from pathlib import Path

import pytest

from evaluation.components.cleaning import (
    NEWS,
    extraction_table,
    recall_of_bodies,
    removed_from_news,
)
from evaluation.paths import DATA_VARIABLE, data_folder
from indexer.cleaning import vocabulary as rules


@pytest.fixture
def data() -> Path:
    folder = data_folder()
    if not (folder / "extraction" / "ground-truth.json").is_file():
        pytest.skip(f"no evaluation data in {folder} (set {DATA_VARIABLE})")
    return folder


@pytest.mark.data
def test_articles_are_found_in_whole_pages(data: Path) -> None:
    table = extraction_table(data / "extraction")
    rows = {row.tool: row.after for row in table if row.half == "held out"}
    for tool, f1, recall in (
        ("html2text", 0.90, 0.935),
        ("inscriptis", 0.915, 0.945),
        ("beautifulsoup", 0.855, 0.91),
    ):
        assert rows[tool].f1 >= f1, tool
        assert rows[tool].recall >= recall, tool
    assert rows["trafilatura"].recall >= 0.95


@pytest.mark.data
def test_the_bodies_of_pages_are_kept_when_they_are_texts_of_their_own(data: Path) -> None:
    assert recall_of_bodies(data / "extraction", "all") >= 0.994
    assert recall_of_bodies(data / "extraction", "all", joined=True) >= 0.999


@pytest.mark.data
@pytest.mark.parametrize("name", NEWS)
def test_next_to_nothing_is_removed_from_clean_news(data: Path, name: str) -> None:
    count, total, reasons = removed_from_news(data / "news" / f"{name}_articles.jsonl.xz", 200)
    assert count == 200
    assert reasons.total() <= 0.015 * total
    assert reasons[rules.COMMENTS] == 0


@pytest.mark.data
@pytest.mark.parametrize("name", NEWS)
def test_next_to_nothing_is_removed_from_clean_news_in_one_line(data: Path, name: str) -> None:
    file = data / "news" / f"{name}_articles.jsonl.xz"
    count, total, reasons = removed_from_news(file, 50, joined=True)
    assert count == 50
    assert reasons.total() <= 0.01 * total
