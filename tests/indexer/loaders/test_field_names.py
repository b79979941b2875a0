"""Fields are found under the names of news exports, or under those that the user gives."""

import pytest

from indexer.loaders.field_names import Columns


def test_names_are_compared_without_case_and_separators_and_the_first_convention_counts() -> None:
    names = ["Link", "URL", "Published-At", "date", "article.title", "Body"]
    assert Columns().find(names) == {
        "text": "Body", "title": "article.title", "url": "URL", "published": "date",
    }  # fmt: skip


def test_a_named_column_replaces_the_convention_even_where_it_is_missing() -> None:
    columns = Columns.parse(" text = Inhalt ,title=Titel")
    assert columns.find(["inhalt", "text", "title"]) == {"text": "inhalt"}


@pytest.mark.parametrize("text", ["", "text", "text=", "body=x", "text=a,text=b"])
def test_what_is_no_list_of_fields_and_columns_is_an_error_that_lists_the_fields(text: str) -> None:
    with pytest.raises(ValueError, match="expected FIELD=COLUMN, each field once, of text, title"):
        Columns.parse(text)
