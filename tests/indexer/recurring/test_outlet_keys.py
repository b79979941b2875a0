import pytest

from indexer.documents import Finding, Metadata
from indexer.recurring.outlet_keys import outlet_key


def given(source: str | None = None, url: str | None = None) -> Metadata:
    return Metadata(
        source=None if source is None else Finding(source, "column source"),
        url=None if url is None else Finding(url, "column url"),
    )


@pytest.mark.parametrize(
    ("found", "key"),
    [
        (given("The\nPlanet ", "https://moon.example/1"), "The Planet"),
        (given(" ", "https://WWW.moon.example:443/1"), "moon.example"),
        (given(None, "https://news.moon.example"), "news.moon.example"),
        (given(None, "not an address"), "the folder old/week"),
        (given(None, "http://[broken"), "the folder old/week"),
        (given(), "the folder old/week"),
    ],
)
def test_the_outlet_goes_before_the_host_and_both_before_the_folder(
    found: Metadata, key: str
) -> None:
    assert outlet_key("old/week/a.html", "old/week/a.html", found) == key


def test_articles_of_one_file_and_of_the_corpus_folder_are_told_apart() -> None:
    assert outlet_key("a.zip#b.txt", "a.zip", given()) == "the file a.zip"
    assert outlet_key("a.txt", "a.txt", given()) == "the corpus folder"
