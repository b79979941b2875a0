"""Rows of CSV, TSV and Parquet; what is no row is skipped."""

import csv
import io
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet
import pytest

from tests.support.reading_helpers import read, values

GOOD = (
    "id,Title,Body,Pub Date,URL\r\n"
    'a,Ferry sinks,"It sank, ""slowly"".\r\n\r\nNobody was hurt.",2023-10-26,https://x.example/a\r\n'
    "b,,Port shut.,,\r\n"
)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_rows_become_articles_whatever_separates_the_columns(separator: str) -> None:
    content = GOOD.replace(",", separator).replace(f"sank{separator} ", "sank, ")
    found = read(content.encode(), "x.csv", seekable=False)
    assert found.texts == {
        "a": 'Ferry sinks\n\nIt sank, "slowly".\r\n\r\nNobody was hurt.',
        "b": "Port shut.",
    }
    assert values(found.articles[0].given) == {
        "title": "Ferry sinks",
        "published": "2023-10-26",
        "url": "https://x.example/a",
    }
    assert values(found.articles[1].given) == {}


def test_a_tsv_may_hold_commas_in_its_names() -> None:
    found = read(b"text\ttitle, short, or none\nOne.\tT\n", "x.tsv")
    assert found.texts == {"1": "One."}


def test_columns_without_a_conventional_name_are_named_by_the_user() -> None:
    content = b"kop,inhoud,dag\nT,Een.,2021-05-01\n"
    assert read(content, "x.csv").why == (
        "no column for the text",
        "it has kop, inhoud, dag; name the column with --map text=COLUMN",
    )
    found = read(content, "x.csv", columns="text=inhoud,title=kop,published=dag").only
    assert found.text == "T\n\nEen."
    assert values(found.given) == {"title": "T", "published": "2021-05-01"}


def test_rows_without_text_and_rows_of_another_length_are_no_crash() -> None:
    content = b"text,title\n,Empty\nonly text\n\na,b,c,d\n"
    found = read(content, "x.csv")
    assert found.texts == {"2": "only text", "4": "b\n\na"}
    assert found.reasons == {"1": "row without text"}


def test_another_encoding_is_read_and_recorded() -> None:
    wide = "text;title\nCafé.;T\n".encode("utf-16")
    assert [(a.text, a.encoding) for a in read(wide, "x.csv").articles] == [
        ("T\n\nCafé.", "utf-16")
    ]
    latin = "text;title\nCafé.;T\n".encode("windows-1252")
    assert read(latin, "x.csv").only.encoding == "windows-1252"


@pytest.mark.parametrize("limit", [100_000, 1_000_000])
def test_a_quote_that_never_ends_costs_no_row_and_is_told(limit: int) -> None:
    rows = b"".join(b"row %d,x\n" % n for n in range(15_000))
    content = b'text,title\nOne.,x\n"never closed,x\n' + rows
    found = read(content, "x.csv", max_bytes=limit)
    assert [len(found.articles), found.articles[1].text] == [15_002, 'x\n\n"never closed']
    assert found.articles[-1].text == "x\n\nrow 14999"
    assert found.reasons == {"2": "quotation mark that is never closed, so read as text"}


def test_a_quote_that_closes_in_a_later_row_costs_no_row() -> None:
    content = b'id,title,text\na,"Fish, x,One.\nb,T,Two.\nc,"T, c",Three.\n'
    assert read(content, "x.csv").texts == {
        "a": '"Fish\n\n x',
        "b": "T\n\nTwo.",
        "c": "T, c\n\nThree.",
    }


def test_an_article_that_is_cut_off_in_its_quotes_stays_one() -> None:
    content = b'id,title,text\na,T,"One, two.\n\nThree, fo'
    assert read(content, "x.csv").texts == {"a": "T\n\nOne, two.\n\nThree, fo"}


@pytest.mark.parametrize(
    "above", ["sep=;\r\n", '"sep=;"\n', "Our export, of May\n", "# a\n# b, c\n\n", "Export;;\n"]
)
def test_lines_above_the_names_are_passed_over(above: str) -> None:
    content = f'{above}id;Title;Body\n1;"A; b";One.\n'.encode()
    assert read(content, "x.csv").texts == {"1": "A; b\n\nOne."}


def test_quotes_after_a_backslash_are_quotes_where_a_file_escapes_them_so() -> None:
    escaped = b'id,text\n1,"\\"Yes,\\" he said."\n2,"So \\"it\\", goes"\n'
    assert read(escaped, "x.csv").texts == {"1": '"Yes," he said.', "2": 'So "it", goes'}
    doubled = b'id,text\n1,"C:\\dir\\"\n2,"Not ""so"" \\"\n'
    assert read(doubled, "x.csv").texts == {"1": "C:\\dir\\", "2": 'Not "so" \\'}


def test_lines_may_end_as_on_an_old_macintosh() -> None:
    assert read(b"id,text\ra,One.\rb,Two.\r", "x.csv").texts == {"a": "One.", "b": "Two."}


def test_what_is_read_before_a_damaged_place_stays() -> None:
    found = read(b"text\nOne.\nTwo.\n" + b"x" * 300, "x.csv", max_bytes=100)
    assert found.texts == {"1": "One.", "2": "Two."}
    assert found.why == ("larger than the limit", "a line of more than 100 bytes")


def test_the_limit_of_a_field_is_that_of_the_file_and_not_of_the_process() -> None:
    before = csv.field_size_limit()
    read(GOOD.encode(), "x.csv", max_bytes=30)
    assert csv.field_size_limit() == before


def test_empty_lines_before_the_names_are_passed_over_unless_they_never_end() -> None:
    assert read(b"\n \r\ntext\nOne.\n", "x.csv").texts == {"1": "One."}
    endless = read(b"\n" * 200_000 + b"text\nOne.\n", "x.csv")
    assert endless.why == ("damaged file", "more than 100,000 empty lines in a row")


@pytest.mark.parametrize("content", [b"", b"\n", b" \n"])
def test_an_empty_table_is_an_empty_file(content: bytes) -> None:
    assert read(content, "x.csv").why == ("empty file", "")


def test_a_table_of_names_only_has_no_article() -> None:
    found = read(b"text,title\n", "x.csv")
    assert (found.articles, found.skips, found.stopped) == ([], [], None)


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
