"""Components on public data, on small files of our own."""

import gzip
import io
import json
import lzma
import tarfile
from pathlib import Path

import pytest

from evaluation.components.copies import Pair
from evaluation.components.shingles import Overlap, is_held_out
from evaluation.public_sets.component_sets import (
    TOOLS,
    copy_measures,
    measure_clean_articles,
    measure_dates,
    measure_extraction,
    measure_saved_text,
    quality_of,
)
from evaluation.public_sets.work import Work, named_reader
from indexer.progress import NoProgress
from tests.support.pages import BRIDGE, DETOUR, MAYOR

BODY = f"{BRIDGE}\n{DETOUR}\n{MAYOR}"
HTML = (
    '<html lang="en"><head><title>Bridge to close</title>'
    '<meta property="article:published_time" content="2023-05-04T08:00:00Z"></head>'
    f"<body><nav><a href='/a'>Home</a><a href='/b'>Sport</a></nav><article><h1>Bridge to close</h1>"
    f"<p>{BRIDGE}</p><p>{DETOUR}</p><p>{MAYOR}</p></article></body></html>"
)
MADE_ON, HELD_OUT = (
    next(name for name in map(str, range(50)) if is_held_out(name) is held_out)
    for held_out in (False, True)
)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    extraction = tmp_path / "extraction"
    for folder in ("html", "text_mode"):
        (extraction / folder).mkdir(parents=True)
    pages = {name: {"url": f"https://example.org/{name}"} for name in (MADE_ON, HELD_OUT)}
    gold = {name: page | {"articleBody": BODY} for name, page in pages.items()}
    (extraction / "ground-truth.json").write_text(json.dumps(gold))
    for name in pages:
        (extraction / "html" / f"{name}.html.gz").write_bytes(gzip.compress(HTML.encode()))
    # One page's text is the article, that of the other has nothing of it.
    texts = {MADE_ON: {"articleBody": BODY}, HELD_OUT: {"articleBody": "Nothing of it is here."}}
    for tool in TOOLS:
        (extraction / "text_mode" / f"{tool}.json").write_text(json.dumps(texts))
    dates = tmp_path / "dates"
    dates.mkdir()
    with tarfile.open(dates / "pages.tar.xz", "w:xz") as archive:
        for name, content in (
            ("dated.html", HTML),
            ("undated.html", f"<html><body><p>{BRIDGE}</p></body></html>"),
        ):
            member = tarfile.TarInfo(f"pages/{name}")
            member.size = len(content.encode())
            archive.addfile(member, io.BytesIO(content.encode()))
    listed = {
        "https://example.org/right": {"file": "dated.html", "date": "2023-05-04"},
        "https://example.org/wrong": {"file": "dated.html", "date": "2023-05-05"},
        "https://example.org/unknown": {"file": "undated.html", "date": "2023-05-04"},
    }
    (dates / "eval_300.json").write_text(json.dumps(listed))
    return Work(tmp_path, named_reader("bundled", 1), NoProgress())


def test_the_article_of_each_page_is_compared_with_its_body(work: Work) -> None:
    found = measure_extraction(work)
    assert found["questions"] == {"made on": 1, "held out": 1, "all": 2}
    assert found["measures"]["all"]["F1"]["value"] == 1.0
    assert found["measures"]["held out"]["recall"]["value"] == 1.0


def test_saved_texts_are_measured_by_tool_and_their_mean(work: Work) -> None:
    found = measure_saved_text(work)["measures"]
    assert found["made on"]["html2text, F1"]["value"] > 0.9
    assert found["held out"]["html2text, recall"]["value"] == 0
    tools = [found["made on"][f"{tool}, F1"]["value"] for tool in TOOLS]
    assert found["made on"]["mean F1"]["value"] == pytest.approx(sum(tools) / len(tools))


def test_what_is_lost_of_clean_articles_is_measured(work: Work) -> None:
    news = work.data / "news"
    news.mkdir()
    texts = {"realtimeqa": BODY, "allsides": f"{BODY}\n\nShare this story on Facebook"}
    for name, text in texts.items():
        with lzma.open(news / f"{name}_articles.jsonl.xz", "wt", encoding="utf-8") as file:
            file.write(json.dumps({"text": text}) + "\n")
    found = measure_clean_articles(work)["measures"]["all"]
    assert found["gold bodies, recall"]["value"] == 1.0
    assert found["realtimeqa, share kept"]["value"] == 1.0
    kept = len(BRIDGE) + len(DETOUR) + len(MAYOR)
    removed = len("Share this story on Facebook")
    assert found["allsides, share kept"]["value"] == pytest.approx(
        (kept + 2) / (kept + 2 + removed)
    )


def test_days_are_right_wrong_or_unknown(work: Work) -> None:
    found = measure_dates(work)["measures"]["all"]
    assert [round(found[name]["value"], 3) for name in ("right", "wrong", "unknown")] == [0.333] * 3


def test_a_limited_run_leaves_out_a_half_without_pages(work: Work) -> None:
    limited = Work(work.data, work.reader, work.progress, limit=1)
    first = sorted((MADE_ON, HELD_OUT))[0]
    half = "held out" if first == HELD_OUT else "made on"
    assert measure_extraction(limited)["questions"] == {half: 1, "all": 1}


def test_the_interval_of_a_quality_is_over_pages() -> None:
    found = quality_of([Overlap(1, 0, 0), Overlap(1, 1, 0)])
    assert found["precision"]["value"] == 0.75
    assert (found["precision"]["low"], found["precision"]["high"]) == (0.5, 1.0)
    assert found["recall"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 2}


def pair(kind: str, *, joined: bool) -> tuple[Pair, bool]:
    return Pair(kind, made_on=True, one="One.", other="Other."), joined


def test_different_reports_that_were_joined_are_counted_by_kind() -> None:
    found = copy_measures(
        [
            pair("versions", joined=True),
            pair("versions", joined=True),
            pair("versions", joined=False),
            pair("similar", joined=False),
            pair("similar", joined=True),
            pair("numbers", joined=False),
            pair("numbers", joined=False),
            pair("names", joined=True),
        ]
    )
    values = {name: round(measure["value"], 3) for name, measure in found.items()}
    assert values == {
        "F1": 0.667,
        "precision": 0.667,
        "recall": 0.667,
        "different reports joined": 0.25,
        "similar": 0.5,
        "numbers": 0.0,
        "names": 1.0,
    }
    assert found["similar"]["low"] <= 0.5 <= found["similar"]["high"]
