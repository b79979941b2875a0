"""Contract of every loader: articles with keys from good bytes, a skip from any others."""

import gzip
import io
import json
import lzma
import random
import tarfile

import pyarrow as pa
import pyarrow.parquet
import pytest

from indexer.loaders.decoding import check_text
from indexer.loaders.formats.registry import LOADERS, SUFFIXES, loader_of
from tests.indexer.loaders.formats.test_feed import RSS
from tests.indexer.loaders.formats.test_html import MHTML
from tests.indexer.loaders.formats.test_warc import WET, archive
from tests.support.document_files import (
    FIRST,
    HEADLINE,
    SECOND,
    docx,
    epub,
    mail,
    page,
    pdf,
    word,
    zipped,
)
from tests.support.page_material import PAGE
from tests.support.reading_helpers import read

ROWS = [{"id": "a", "title": HEADLINE, "text": FIRST}, {"text": SECOND}]
LINES = "\n".join(map(json.dumps, ROWS)).encode()
TABLE = f"id,title,text\na,{HEADLINE},{FIRST.replace(',', ';')}\n,,{SECOND}\n".encode()


def _parquet() -> bytes:
    stream = io.BytesIO()
    pyarrow.parquet.write_table(pa.table({"text": [FIRST, SECOND]}), stream)
    return stream.getvalue()


def _tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as made:
        info = tarfile.TarInfo("a.txt")
        info.size = len(FIRST)
        made.addfile(info, io.BytesIO(FIRST.encode()))
    return stream.getvalue()


GOOD = {
    "a.txt": FIRST.encode(),
    "a.md": FIRST.encode(),
    "a.jsonl": LINES,
    "a.json": json.dumps(ROWS).encode(),
    "a.csv": TABLE,
    "a.tsv": TABLE.replace(b",", b"\t"),
    "a.parquet": _parquet(),
    "a.html": PAGE,
    "a.mhtml": MHTML,
    "a.pdf": pdf([[HEADLINE, FIRST], [SECOND]]),
    "a.docx": docx(word(HEADLINE) + word(FIRST)),
    "a.epub": epub({"one.xhtml": page(HEADLINE, FIRST), "two.xhtml": page("Two", SECOND)}),
    "a.eml": mail(FIRST, Subject=HEADLINE, From="Ann Other <ann@planet.example>"),
    "a.rss": RSS.encode(),
    "a.warc": archive(*WET, packed=False),
    "a.warc.gz": archive(*WET),
    "a.zip": zipped({"a.txt": FIRST, "b.jsonl": LINES}),
    "a.tar": _tar(),
    "a.tar.gz": gzip.compress(_tar()),
    "a.jsonl.gz": gzip.compress(LINES),
    "a.txt.xz": lzma.compress(FIRST.encode()),
}


def test_every_loader_has_a_good_file_here() -> None:
    assert {loader_of(name) for name in GOOD} == set(LOADERS)


def test_endings_are_in_lower_case_with_a_point_and_of_one_loader_each() -> None:
    endings = [suffix for loader in LOADERS for suffix in loader.suffixes]
    assert len(endings) == len(set(endings))
    assert all(ending == ending.lower() and ending.startswith(".") for ending in endings)
    assert all(ending.count(".") == 1 for ending in SUFFIXES)


@pytest.mark.parametrize("name", GOOD)
def test_good_bytes_give_articles_with_text_and_keys_of_their_own(name: str) -> None:
    found = read(GOOD[name], name)
    assert found.stopped is None
    assert found.articles
    for article in found.articles:
        check_text(article.text)
        assert article.encoding
    keys = [article.key for article in found.articles]
    assert len(set(keys)) == len(keys)
    assert "" not in keys or len(keys) == 1


@pytest.mark.parametrize("name", GOOD)
def test_the_same_bytes_give_the_same_articles_whether_or_not_the_stream_rewinds(name: str) -> None:
    found, again = read(GOOD[name], name), read(GOOD[name], name, seekable=False)
    assert found.articles == again.articles
    assert found.skips == again.skips


@pytest.mark.parametrize("name", GOOD)
def test_a_file_that_is_empty_cut_off_or_of_another_format_is_a_skip_or_shorter(name: str) -> None:
    whole = len(read(GOOD[name], name).articles)
    for eighth in range(8):
        cut = GOOD[name][: len(GOOD[name]) * eighth // 8]
        assert len(read(cut, name).articles) <= max(whole, 1)
    chance = random.Random(name)  # noqa: S311 - not for secrets
    for other in (b"\0" * 100, b"\xff\xfe\xfd", chance.randbytes(300), b"<a>" * 50, b'{"a": 1}'):
        assert len(read(other, name).articles) <= 1


@pytest.mark.parametrize("name", GOOD)
def test_an_article_larger_than_the_limit_is_never_handed_out(name: str) -> None:
    assert all(len(text) <= 20 for text in read(GOOD[name], name, max_bytes=20).texts.values())
