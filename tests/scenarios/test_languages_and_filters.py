"""A corpus of several languages and authors, through both command lines and the engine."""

import json
from pathlib import Path
from typing import Any

import pytest

import indexer.cli.main
import retrieval.cli.main
from indexer.storage.manifest import read_manifest
from retrieval import SearchEngine
from retrieval.ranking.ranker import Mode

# The engine's fixture has the encoder exported: a first question would have to do that.
pytestmark = pytest.mark.usefixtures("engine")

NOTE = (
    "60 % of the articles are not English (de 40 %, fr 20 %). The default model and the "
    "reader read English only: these articles are found by their words alone and seldom answer; "
    "to find them by meaning too, build with --encoder NAME of a multilingual model"
)
ROWS = [
    {
        "id": "en",
        "title": "Bridge in Amberton closed for repairs",
        "text": "The council of Amberton closed the old bridge on Tuesday after engineers found "
        "cracks in two of its supports. Residents will have to use the ferry for half a year.",
        "author": "Doe, Jane",
        "url": "https://www.example.com/2021/03/05/bridge",
    },
    {
        "id": "de",
        "title": "Brücke in Amberton gesperrt",
        "text": "Der Stadtrat von Amberton hat am Dienstag die alte Brücke gesperrt, weil an zwei "
        "Pfeilern Risse entdeckt worden sind. Die Bewohner müssen die Fähre nehmen.",
        "author": "Eva Muster",
        "source": "Die Probe",
        "date": "2021-03-06",
        "lang": "en",
    },
    {
        "id": "de-2",
        "title": "Fähre in Amberton fährt öfter",
        "text": "Weil die alte Brücke in Amberton gesperrt bleibt, fährt die Fähre jetzt nachts. "
        "Das teilte die Verwaltung der Stadt am Freitag den Bewohnern mit.",
        "source": "Die Probe",
        "date": "2021",
    },
    {
        "id": "fr",
        "title": "Le pont d’Amberton fermé",
        "text": "Le conseil municipal d’Amberton a fermé mardi le vieux pont, car deux piliers "
        "avaient des fissures. Les habitants devront prendre le bac pendant six mois.",
        "author": "Jean Exemple",
        "source": "L’Exemple",
        "date": "2021-03-05",
    },
    {"id": "short", "title": "Amberton", "text": "Bridge, 7"},
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("news") / "export.jsonl"
    lines = [json.dumps(row, ensure_ascii=False) for row in ROWS]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def index(corpus: Path) -> Path:
    place = corpus.parent / "index"
    arguments = ["build", str(corpus), "--index", str(place), "--threads", "2", "--quiet"]
    assert indexer.cli.main.main(arguments) == 0
    return place


def found(index: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    retrieval.cli.main.main(["search", *arguments, "--index", str(index), "--json"])
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return printed


def ids_found(index: Path, result: dict[str, Any]) -> set[str]:
    with SearchEngine.open(index) as engine:
        paths = {engine.document(hit["doc_id"]).path for hit in result["hits"]}
    return {path.partition("#")[2] for path in paths}


def test_the_manifest_counts_the_articles_of_each_language(index: Path) -> None:
    assert read_manifest(index).languages == {"de": 2, "en": 1, "fr": 1}


def test_a_build_says_what_the_default_encoder_cannot_read(
    corpus: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["build", str(corpus), "--index", str(index), "--threads", "2", "--force"]
    assert indexer.cli.main.main(arguments) == 0
    assert f"Note: {NOTE}" in capsys.readouterr().out


@pytest.mark.parametrize("mode", ["hybrid", "dense", "reranked"])
def test_answers_say_what_the_default_encoder_cannot_read(index: Path, mode: Mode) -> None:
    with SearchEngine.open(index) as engine:
        assert engine.search("bridge Amberton", mode=mode).warnings == (NOTE,)
        assert engine.search("bridge Amberton", mode="bm25").warnings == ()
        assert NOTE in engine.answer("what was closed in Amberton?").warnings
        unread = engine.answer("what was closed in Amberton?", lang="English").warnings
        assert NOTE not in unread


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["Amberton", "--lang", "German"], {"de", "de-2"}),
        (["Amberton", "--lang", "fr", "--lang", "en"], {"en", "fr"}),
        (["Amberton lang:de lang:fr"], {"de", "de-2", "fr"}),
        (["Amberton lang:de", "--lang", "fr"], {"fr"}),
        (["Amberton author:jane"], {"en"}),
        (["Amberton", "--author", "Jane Doe", "--author", "muster"], {"en", "de"}),
        (["Amberton", "--source", "example.com", "--source", "probe"], {"en", "de", "de-2"}),
        (["Amberton after:2021-03-05 before:2021-03-05"], {"en", "fr", "de-2"}),
        (["Amberton before:2021-03-05 before:2022 after:2021-03-05 lang:fr"], {"fr"}),
        (["Amberton author:eva lang:fr"], set()),
    ],
)
def test_filters_by_every_field_keep_the_articles_that_fulfil_them(
    index: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], expected: set[str]
) -> None:
    for mode in ("bm25", "hybrid"):
        assert ids_found(index, found(index, capsys, *arguments, "--mode", mode)) == expected


def test_what_a_filter_leaves_out_as_unknown_is_counted(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by_author = found(index, capsys, "Amberton author:doe", "--mode", "bm25")["warnings"]
    assert by_author == ["The author filter hides 2 articles without an author."]
    by_language = found(index, capsys, "Amberton lang:de", "--mode", "bm25")["warnings"]
    assert by_language == ["The language filter hides 1 article in an unknown language."]
    nobody = found(index, capsys, "Amberton author:nobody", "--mode", "bm25")["warnings"]
    assert nobody[1:] == [
        "No article is by 'nobody'. Authors here: Doe, Jane (1), Eva Muster (1), Jean Exemple (1). "
        "Not every article names its author.",
        "Author nobody leaves none of 5 articles. Search without filters to see more.",
    ]
    near = found(index, capsys, "Amberton source:'Die Proben'", "--mode", "bm25")["warnings"]
    assert near == [
        "No article is attributed to 'Die Proben'. Nearest outlet: Die Probe (2).",
        "Outlet Die Proben leaves none of 5 articles. Search without filters to see more.",
    ]


def test_several_values_are_a_list_in_python_too(index: Path) -> None:
    with SearchEngine.open(index) as engine:
        hits = engine.search("Amberton", source=["Die Probe", "L'Exemple"], lang=["fr"]).hits
        assert {hit.found.source for hit in hits} == {"L’Exemple"}
        with pytest.raises(ValueError, match="'newspeak' is not a language; use a code"):
            engine.search("Amberton", lang="newspeak")
        with pytest.raises(ValueError, match="source must be at most 64 values, got 65"):
            engine.search("Amberton", source=[f"outlet {n}" for n in range(65)])


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--lang", "newspeak", "argument --lang: 'newspeak' is not a language; use a code (de)"),
        ("--author", "…", "argument --author: '…' is not a name; use letters or digits"),
        ("--source", "!", "argument --source: '!' is not a name; use letters or digits"),
    ],
)
def test_an_option_that_means_nothing_is_a_usage_error(
    option: str, value: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        retrieval.cli.main.main(["search", "bridge", option, value])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_show_tells_how_each_value_was_found(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert retrieval.cli.main.main(["show", "export.jsonl#en", "--index", str(index)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "outlet     example.com  [URL]" in lines
    assert "author     Doe, Jane  [column author]" in lines
    assert "published  2021-03-05  [URL, confidence 0.95]" in lines
    assert any(line.startswith("language   English (en)  [text, confidence ") for line in lines)


def test_clean_tells_metadata_with_confidence_when_asked(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["clean", f"{corpus}#de", "--metadata", "--json"]
    assert indexer.cli.main.main(arguments) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["metadata"]["published"] == {
        "value": "2021-03-06",
        "found_in": "column date",
        "start": None,
        "end": None,
        "confidence": 0.97,
    }
    assert printed["metadata"]["language"]["value"] == "de"
    assert printed["metadata"]["language"]["found_in"] == "text"
    assert all(region["kept"] for region in printed["regions"])
    assert indexer.cli.main.main(arguments[:-1]) == 0
    assert "published  2021-03-06  [column date, confidence 0.97]" in capsys.readouterr().out


def test_info_counts_by_language_and_draws(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "languages.svg"
    arguments = ["info", "--index", str(index), "--by", "language", "--json"]
    assert indexer.cli.main.main([*arguments, "--plot", str(picture)]) == 0
    printed = capsys.readouterr()
    assert [(row["value"], row["documents"]) for row in json.loads(printed.out)["rows"]] == [
        ("de", 2),
        ("en", 1),
        ("fr", 1),
        (None, 1),
    ]
    assert printed.err == f"Chart saved to {picture}\n"
    assert "5 articles by language" in picture.read_text(encoding="utf-8")


def test_info_names_the_languages(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert indexer.cli.main.main(["info", "--index", str(index)]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("language")]
    assert [line.split()[1:] for line in lines] == [
        ["2", "German"],
        ["1", "English"],
        ["1", "French"],
        ["1", "unknown"],
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--top", "3"], "--plot and --top need --by"),
        (["--by", "month", "--plot", "a.pdf"], "unsupported ending '.pdf'"),
    ],
)
def test_what_info_cannot_do_is_one_line_and_exit_code_2(
    index: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert indexer.cli.main.main(["info", "--index", str(index), *arguments]) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""
