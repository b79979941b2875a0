"""No character of an article is a formula, a command or markup in any format."""

import csv
import io
from datetime import UTC, datetime

import pytest
from lxml import html
from markdown_it import MarkdownIt
from pybtex.database import parse_string

from retrieval.evidence.formats import CSV_COLUMNS, bibtex, csv_rows, csv_text, html_page
from tests.support.answer_builders import answer_with
from tests.support.evidence import REOPENED, XSS, answer_of, article, quoting

ASKED = datetime(2024, 6, 1, 12, 30, 5, tzinfo=UTC)
ANSWER = answer_of(quoting(REOPENED, "on Friday"))
ALLOWED = {"html", "head", "meta", "title", "style", "body", "main", "h1", "p", "strong"} | {
    "blockquote",
    "mark",
    "dl",
    "dt",
    "dd",
    "a",
}


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_csv_has_a_row_for_each_quote_with_all_that_locates_it() -> None:
    (row,) = rows_of(csv_text(csv_rows(ANSWER, created=ASKED)))
    cited = ANSWER.quotes[0].citation
    assert row == {
        "number": "1",
        "question": "when did the port reopen?",
        "state": "answered",
        "rank": "1",
        "quote": REOPENED,
        "answer": "on Friday",
        "confirmed": "yes",
        "score": "0.8765",
        "outlet": "Lake Courier",
        "title": "Harbour reopens",
        "authors": "Ida Brandt",
        "published": "2024-05-03",
        "published_found_in": "date line",
        "url": "https://lake.example/a?b=1&c=2",
        "address": "https://lake.example/a?b=1&c=2#:~:text="
        "The%20port%20of%20Lindau%20reopened%20on%20Friday.",
        "path": "ports/lindau.txt",
        "start": "17",
        "end": "55",
        "sha256": cited.sha256,
        "copies": "mail.txt",
        "asked": "2024-06-01T12:30:05+00:00",
        "generation": "1",
        "warnings": "",
    }


def test_an_answer_without_quotes_is_one_row() -> None:
    (row,) = rows_of(csv_text(csv_rows(answer_with(state="not_found"), 7)))
    assert (row["number"], row["state"], row["quote"]) == ("7", "not_found", "")


@pytest.mark.parametrize(
    "formula",
    ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=cmd|'/c calc'!A1", "＝1+1"],
)
def test_no_cell_is_a_formula(formula: str) -> None:
    text = f"{formula} and more."
    answer = answer_of(quoting(text, source=article(f"x {text}", told=formula)), question=formula)
    written = csv_text(csv_rows(answer))
    for name, cell in rows_of(written)[0].items():
        assert name in CSV_COLUMNS
        assert cell.lstrip()[:1] not in tuple("=+-@＝") or cell.lstrip("-").isdecimal()
        assert not cell.startswith(("\t", "\r"))
    assert rows_of(written)[0]["quote"].startswith(("'", r"\r"))


def test_bibtex_is_read_by_a_parser_with_the_values_of_the_article() -> None:
    hostile = "50% of {A_B} & $5 #1 ~x^2 \\input{y}"
    second = article(f"{hostile}. It said so.", "b.txt", told="Q & A_1")
    answer = answer_of(quoting(REOPENED), quoting(f"{hostile}.", source=second))
    entries = parse_string(bibtex(answer, ASKED), "bibtex").entries
    first, other = (entries[f"dateline-{quote.citation.doc_id}"] for quote in answer.quotes)
    assert first.fields["title"] == "{Harbour reopens}"
    assert first.fields["date"] == "2024-05-03"
    assert first.fields["year"] == "2024"
    assert first.fields["urldate"] == "2024-06-01"
    assert first.fields["note"] == f"``{REOPENED}''"
    assert str(first.persons["author"][0]) == "{Ida Brandt}"
    assert r"50\% of \{A\_B\} \& \$5 \#1" in other.fields["note"]
    assert r"\textbackslash{}input" in other.fields["note"]


def test_two_quotes_of_an_article_are_one_entry() -> None:
    answer = answer_of(quoting(REOPENED), quoting("Trade unions had asked for it."))
    assert len(parse_string(bibtex(answer), "bibtex").entries) == 1


def test_the_page_shows_the_quote_with_its_answer_marked_and_where_it_stands() -> None:
    page = html.fromstring(html_page(ANSWER, ASKED))
    assert page.findtext(".//h1") == "when did the port reopen?"
    assert page.find(".//blockquote").text_content() == REOPENED
    assert page.findtext(".//mark") == "on Friday"
    told = dict(zip(page.xpath("//dt/text()"), page.xpath("//dd"), strict=True))
    assert told["Published"].text == "2024-05-03 (found in: date line)"
    assert told["File"].text == "ports/lindau.txt, characters 17-55"
    assert told["Address"].find("a").get("href").endswith("%20Friday.")


def test_a_possible_quote_is_told_apart() -> None:
    page = html_page(answer_of(quoting(REOPENED, confirmed=False)))
    assert '<mark class="possible">' in page
    assert "Possible answer, not confirmed." in page


@pytest.mark.parametrize("payload", XSS)
def test_nothing_in_an_article_or_a_question_is_markup_on_the_page(payload: str) -> None:
    said = f"He said {payload} on Friday."
    answer = answer_of(
        quoting(said, source=article(f"{said}\n", f"{payload}.txt", told=payload)),
        question=payload,
    )
    written = html_page(answer)
    page = html.fromstring(written)
    assert {element.tag for element in page.iter()} <= ALLOWED
    for element in page.iter():
        assert not [name for name in element.attrib if name.startswith("on")]
        assert element.get("href", "https://").startswith("https://")
    assert page.find(".//blockquote").text_content().count("on Friday.") == 1


@pytest.mark.parametrize("payload", XSS)
def test_nothing_in_an_article_or_a_question_is_markup_in_markdown(payload: str) -> None:
    said = f"He said {payload} on Friday."
    source = article(f"{said}\n", f"{payload}.txt", told=payload)
    text = answer_of(quoting(said, source=source), question=payload).to_markdown()
    page = html.fromstring(f"<main>{MarkdownIt('commonmark').render(text)}</main>")
    shown = {"main", "h1", "blockquote", "p", "strong", "ol", "li"}
    assert {element.tag for element in page.iter()} == shown
    assert page.find(".//blockquote").text_content().count("on Friday.") == 1


def test_more_than_120_payloads_were_tried() -> None:
    assert len(set(XSS)) >= 120
