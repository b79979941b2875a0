"""One article a row of Parquet; damage is told, and values of any type are no crash."""

import io
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet
import pytest

from tests.support.reading_helpers import read, values


def parquet(**columns: object) -> bytes:
    stream = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(columns), stream)
    return stream.getvalue()


@pytest.mark.parametrize("seekable", [True, False])
def test_rows_become_articles_with_dates_of_their_own_type(seekable: bool) -> None:
    content = parquet(
        id=["a", "b", "c"],
        text=["It sank.", None, "Two."],
        headline=["Ferry sinks", "No text", None],
        date=[date(2023, 10, 26), None, None],
        updated=pa.array([datetime(2023, 10, 26, 20, 42, tzinfo=UTC), None, None]),
        authors=[["Ann", "Bo"], None, []],
        embedding=[[0.5] * 8] * 3,
    )
    found = read(content, "x.parquet", seekable=seekable)
    assert found.texts == {"a": "Ferry sinks\n\nIt sank.", "c": "Two."}
    assert found.reasons == {"b": "row without text"}
    assert values(found.articles[0].given) == {
        "title": "Ferry sinks",
        "published": "2023-10-26",
        "modified": "2023-10-26T20:42:00+00:00",
        "authors": ["Ann", "Bo"],
    }


def test_a_table_without_text_names_its_columns() -> None:
    assert read(parquet(a=[1], b=[2]), "x.parquet").why == (
        "no column for the text",
        "it has a, b; name the column with --map text=COLUMN",
    )


def test_a_column_of_another_type_is_counted_row_by_row() -> None:
    assert read(parquet(text=[1, 2]), "x.parquet").reasons == {
        "1": "row without text",
        "2": "row without text",
    }


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no parquet at all", b"PAR1" * 20])
def test_what_is_no_parquet_is_damaged(content: bytes) -> None:
    found = read(content, "x.parquet")
    assert (found.articles, found.why[0]) == ([], "damaged file")


def test_a_file_that_is_cut_off_is_damaged() -> None:
    content = parquet(text=["It sank."] * 50)
    assert read(content[:-30], "x.parquet").why[0] == "damaged file"
