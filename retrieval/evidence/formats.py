"""Answers as CSV, BibTeX and HTML, in which nothing of an article is run."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any, Final

from indexer.text.printable import printable
from retrieval.answering.answers import STATE_TEXTS, Answer, Quote
from retrieval.evidence.pack import timestamp

CSV_COLUMNS: Final = (
    "number",
    "question",
    "state",
    "rank",
    "quote",
    "answer",
    "confirmed",
    "score",
    "outlet",
    "title",
    "authors",
    "published",
    "published_found_in",
    "url",
    "address",
    "path",
    "start",
    "end",
    "sha256",
    "copies",
    "corrections",
    "asked",
    "generation",
    "warnings",
)
"""Columns of the CSV: a row for each quote, and one for an answer without quotes."""

# Spreadsheets run a cell that starts with one of these; also behind white space.
_FORMULA = re.compile(r"\s*[=+\-@\t\r\x00]|\s*[＝＋－＠]")
_BIBTEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
}
_STYLE = Path(__file__).with_name("evidence.css").read_text(encoding="utf-8")


def csv_rows(
    answer: Answer, number: int = 1, created: datetime | None = None
) -> list[dict[str, Any]]:
    """Return the rows of an answer, one for each quote, with the columns `CSV_COLUMNS`.

    Args:
        answer: the answer.
        number: of its question in a file of questions, from 1.
        created: when it was asked; None means now.
    """
    asked = {
        "number": number,
        "question": answer.question,
        "state": answer.state,
        "asked": timestamp(created),
        "generation": answer.index.generation,
        "warnings": " | ".join(answer.warnings),
    }
    return [asked | _csv_fields(rank, quote) for rank, quote in enumerate(answer.quotes, 1)] or [
        asked
    ]


def _csv_fields(rank: int, quote: Quote) -> dict[str, Any]:
    cited = quote.citation
    return {
        "rank": rank,
        "quote": cited.quote,
        "answer": cited.highlight,
        "confirmed": "yes" if quote.confirmed else "no",
        "score": f"{quote.score:.4f}",
        "outlet": cited.source,
        "title": cited.title,
        "authors": "; ".join(cited.authors),
        "published": cited.published,
        "published_found_in": cited.published_found_in,
        "url": cited.url,
        "address": cited.address,
        "path": cited.path,
        "start": cited.start,
        "end": cited.end,
        "sha256": cited.sha256,
        "copies": "; ".join(copy.path or copy.doc_id for copy in quote.copies),
        "corrections": " | ".join(cited.remarks),
    }


def csv_text(rows: Iterable[dict[str, Any]], *, header: bool = True) -> str:
    """Return rows as CSV that no spreadsheet takes for formulas: such cells begin with `'`."""
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\r\n")
    if header:
        writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def cell(value: object) -> object:
    """Return a value as a cell that no spreadsheet takes for a formula."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if _FORMULA.match(text) else text


def bibtex(answer: Answer, created: datetime | None = None) -> str:
    """Return an entry for each article that is quoted, with its quotes as notes."""
    notes: dict[str, list[Quote]] = {}
    for quote in answer.quotes:
        notes.setdefault(quote.citation.doc_id, []).append(quote)
    return "\n".join(_entry(quotes, timestamp(created)[:10]) for quotes in notes.values())


def _entry(quotes: list[Quote], accessed: str) -> str:
    cited = quotes[0].citation
    said = " / ".join(f"``{_tex(quote.citation.quote)}''" for quote in quotes)
    place = f"{cited.path} {cited.start}-{cited.end}, SHA-256 {cited.sha256}"
    fields = {
        "title": f"{{{_tex(cited.title or cited.path)}}}",
        "author": " and ".join(f"{{{_tex(author)}}}" for author in cited.authors),
        "journal": f"{{{_tex(cited.source or '')}}}" if cited.source else "",
        "year": (cited.published or "")[:4],
        "date": (cited.published or "")[:10],
        "url": "".join(_tex(cited.url or "").split()),
        "urldate": accessed if cited.url else "",
        "note": said,
        "annote": ". ".join(map(_tex, [place, *cited.remarks])),
    }
    filled = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@article{{dateline-{cited.doc_id},\n{filled}\n}}\n"


def _tex(text: str) -> str:
    line = " ".join(printable(unicodedata.normalize("NFC", text)).split())
    return "".join(_BIBTEX.get(character, character) for character in line)


def html_page(answer: Answer, created: datetime | None = None) -> str:
    """Return one self-contained page without scripts, which loads nothing."""
    quotes = "".join(map(_html_quote, answer.quotes))
    state = STATE_TEXTS[answer.state]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width">'
        f"<title>{_html(answer.question)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{_html(answer.question)}</h1>"
        + (f"<p><strong>{state}</strong></p>" if state else "")
        + "".join(f"<p>Note: {_html(warning)}</p>" for warning in answer.warnings)
        + f"{quotes}<p>Asked {timestamp(created)}; index generation {answer.index.generation}, "
        f"{answer.index.documents:,} articles.</p></main></body></html>\n"
    )


def _html_quote(quote: Quote) -> str:
    cited = quote.citation
    start = cited.highlight_start - cited.start
    before, after = cited.quote[:start], cited.quote[start + len(cited.highlight) :]
    mark = "<mark>" if quote.confirmed else '<mark class="possible">'
    facts = {
        "Title": cited.title or "unknown",
        "Outlet": cited.source or "unknown",
        "Authors": ", ".join(cited.authors),
        "Published": _published(quote),
        "Modified": cited.modified or "",
        "File": f"{cited.path}, characters {cited.start}-{cited.end}",
        "SHA-256": cited.sha256,
        "Score": f"{quote.score:.2f}" + ("" if quote.confirmed else " (possible, not confirmed)"),
        "Corrections": "; ".join(cited.remarks),
        "Also in": ", ".join(copy.path or copy.doc_id for copy in quote.copies),
    }
    rows = "".join(f"<dt>{name}</dt><dd>{_html(told)}</dd>" for name, told in facts.items() if told)
    if cited.address:
        link = f'<a href="{_html(cited.address)}" rel="noreferrer">{_html(cited.url or "")}</a>'
        rows += f"<dt>Address</dt><dd>{link}</dd>"
    return (
        f"<blockquote>{_html(before)}{mark}{_html(cited.highlight)}</mark>{_html(after)}"
        f"</blockquote><dl>{rows}</dl>"
    )


def _published(quote: Quote) -> str:
    cited = quote.citation
    if cited.published is None:
        return "unknown"
    found = f" (found in: {cited.published_found_in})" if cited.published_found_in else ""
    return f"{cited.published}{found}"


def _html(text: str) -> str:
    return escape(printable(text))
