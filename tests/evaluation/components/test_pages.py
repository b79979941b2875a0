from pathlib import Path

import pytest

from evaluation.components import cleaning, dates, extraction
from evaluation.components.dates import DatedPage, Score, dated_pages, in_half, published, score
from evaluation.components.shingles import (
    HALVES,
    GoldPage,
    gold_pages,
    overlap,
    page_bytes,
    quality,
    tool_texts,
)
from evaluation.paths import data_folder
from indexer.documents import Finding

DATA = data_folder()


def test_runs_of_four_words_are_counted_with_their_repetitions() -> None:
    gold = "the old bridge closed today"
    assert overlap(gold, "Then the old bridge closed today!") == (2, 1, 0)
    assert overlap("a b c d a b c d", "a b c d") == (1, 0, 4)
    assert overlap("two words", "two words") == (1, 0, 0)
    assert overlap(gold, "") == (0, 0, 2)


def test_quality_is_that_of_the_means_over_pages() -> None:
    # Precision 1/2 and 1, recall 1 and 1/2, whatever the length of the page.
    found = quality([overlap("a b c d", "a b c d e"), overlap("a b c d e", "a b c d")])
    assert found == (0.75, 0.75, 0.75)
    empty = quality([overlap("a b c d", ""), overlap("a b c d", "a b c d")])
    assert (empty.precision, empty.recall) == (1.0, 0.5)


def test_an_unknown_date_is_neither_right_nor_wrong() -> None:
    gold = ["2023-05-04", "2023-05-05", "2023-05-06", "2023-05-07"]
    assert score(gold, ["2023-05-04", None, "2023-05-05", "2023-05-07"]) == Score(0.5, 0.25, 0.25)


def test_confidence_is_counted_for_each_kind_of_evidence() -> None:
    pages = [DatedPage(f"https://example.org/{i}", b"", "2023-05-04") for i in range(3)]
    right = Finding("2023-05-04T10:00", "URL", confidence=0.9)
    wrong = Finding("2023-05-05", "URL", confidence=0.9)
    table = dates.confidence_table(pages, [right, wrong, None], "all")
    assert table == [("URL", 0.9, 2, 1)]


@pytest.mark.parametrize("command", [extraction.main, cleaning.main, dates.main])
def test_absent_data_are_said_to_be_absent(
    command: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(command)
    assert command(["--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("Skipped: no ")


# --- evaluation data ---


@pytest.fixture
def data() -> Path:
    if not (DATA / "extraction" / "ground-truth.json").is_file():
        pytest.skip(f"no evaluation data in {DATA} (set DATELINE_EVAL_DATA)")
    return DATA


@pytest.fixture
def gold(data: Path) -> list[GoldPage]:
    return gold_pages(data / "extraction")


@pytest.mark.data
def test_the_published_figures_of_the_benchmark_are_reproduced(
    data: Path, gold: list[GoldPage]
) -> None:
    found = extraction.measure(gold, tool_texts(data / "extraction", "trafilatura"))["all"]
    assert str(found) == "0.958, 0.938, 0.978"
    stripped = extraction.measure(gold, tool_texts(data / "extraction", "html2text"))["all"]
    assert str(stripped) == "0.662, 0.499, 0.983"


@pytest.mark.data
def test_the_article_of_a_page_is_found(data: Path, gold: list[GoldPage]) -> None:
    every_eighth = gold[::8]  # the command measures all; this must be quick
    texts = {
        page.page_id: extraction.article_of(
            page_bytes(data / "extraction", page.page_id), page.url
        ).text
        for page in every_eighth
    }
    found = extraction.measure(every_eighth, texts)["all"]
    assert found.f1 >= 0.95
    assert found.recall >= 0.95


@pytest.mark.data
def test_the_date_of_a_page_is_right_or_unknown(data: Path) -> None:
    pages = dated_pages(data / "dates")[::8]  # the command measures all; this must be quick
    days = [each.value[:10] if (each := published(page)) else None for page in pages]
    found = score([page.gold for page in pages], days)
    assert found.correct >= 0.86
    assert found.wrong <= 0.08


@pytest.mark.data
def test_the_halves_part_the_pages(data: Path) -> None:
    pages = dated_pages(data / "dates")
    sizes = [sum(in_half(page, half) for page in pages) for half in HALVES]
    assert sizes == [169, 131, 300]
