"""A checked draft as JSON, and as one HTML page that loads nothing and runs nothing."""

import json
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import asdict
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from indexer.documents import Span
from indexer.text.printable import printable
from retrieval.answering.answers import JSON_FORMAT
from retrieval.drafts.differences import Difference
from retrieval.drafts.report import (
    VERDICTS,
    CheckedDraft,
    CheckedQuotation,
    Place,
    format_attribution,
    format_difference,
    format_heading,
    format_summary,
)

_STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")


def draft_json(checked: CheckedDraft) -> str:
    """Return a checked draft as JSON, by the contract in docs/json.md: fields may only be added.

    It is ASCII, since a terminal must not obey an article.
    """
    fields = {
        "format": JSON_FORMAT,
        "draft": checked.name,
        "stands": checked.stands,
        "counts": {verdict: checked.count(verdict) for verdict in VERDICTS},
        "quotations": [_quotation_fields(each) for each in checked.quotations],
        "index": {"generation": checked.generation, "documents": checked.articles},
    }
    return json.dumps(fields, ensure_ascii=True, indent=1)


def _quotation_fields(each: CheckedQuotation) -> dict[str, Any]:
    quotation = each.quotation
    return {
        "text": quotation.text,
        "start": quotation.start,
        "end": quotation.end,
        "line": quotation.line,
        "block": quotation.is_block,
        "verdict": each.verdict,
        "stands": each.stands,
        "stories": each.stories,
        "places": [_place_fields(place) for place in each.places],
        "differences": [_difference_fields(difference) for difference in each.differences],
        "speaker": each.speaker,
        "attribution": each.attribution,
        "notes": list(each.notes),
    }


def _place_fields(place: Place) -> dict[str, Any]:
    return {
        "citation": place.citation.to_dict(),
        "context": {"before": place.before, "after": place.after},
        "speaker": place.speaker,
        "address": place.citation.address,
        "left_out": [asdict(span) for span in place.left_out],
        "copies": [asdict(copy) for copy in place.copies],
    }


def _difference_fields(found: Difference) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "draft": found.draft,
        "archive": found.archive,
        "start": found.span.start if found.span else None,
        "end": found.span.end if found.span else None,
    }


def html_report(checked: CheckedDraft) -> str:
    """Return the report on a draft, with links into the articles."""
    digest = b64encode(sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Quotations of {_html(checked.name)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>Quotations of {_html(checked.name)}</h1>"
        f"<p>{_html(format_summary(checked).capitalize())}</p>"
        f"{''.join(map(quotation_html, checked.quotations))}"
        f'<p class="where">Index generation {checked.generation}.</p></main></body></html>\n'
    )


def quotation_html(each: CheckedQuotation) -> str:
    """Return the part of the report on one quotation."""
    quotation = each.quotation
    told = [_html(format_difference(found)) for found in each.differences]
    told += [_html(f"Note: {note}") for note in each.notes]
    if attribution := format_attribution(each):
        told.append(_html(attribution))
    facts = "".join(f'<p class="facts">{fact}</p>' for fact in told)
    changed = [found.span for found in each.differences if found.span]
    places = "".join(
        _place_html(place, changed if number == 0 else ())
        for number, place in enumerate(each.places)
    )
    style = "verdict stands" if each.stands else "verdict"
    return (
        f'<section><p class="where">Line {quotation.line}</p>'
        f"<blockquote>{_html(quotation.text)}</blockquote>"
        f'<p class="{style}">{_html(format_heading(each))}</p>{facts}{places}</section>'
    )


def _place_html(place: Place, changed: Iterable[Span]) -> str:
    cited = place.citation
    spans = sorted({*changed, *place.left_out})
    about = " · ".join(
        (
            cited.title or "title unknown",
            cited.source or "outlet unknown",
            cited.published or "date unknown",
        )
    )
    where = f"{cited.path}, characters {cited.start}-{cited.end}"
    if cited.source_state != "same":
        where += ". The file has changed or is missing since it was indexed"
    if place.copies:
        where += f". Also in {', '.join(copy.path or copy.doc_id for copy in place.copies)}"
    return (
        f'<div class="place"><p class="facts">{_linked(_html(about), place)}</p>'
        f'<blockquote><span class="around">{_html(place.before)}</span>'
        f"{_marked(cited.quote, cited.start, spans)}"
        f'<span class="around">{_html(place.after)}</span></blockquote>'
        f'<p class="where">{_html(where)}</p></div>'
    )


def _linked(shown: str, place: Place) -> str:
    """Link to the article on the web, else to its file on this machine."""
    address = place.citation.address or (Path(place.file).as_uri() if place.file else None)
    return f'<a href="{_html(address)}" rel="noreferrer">{shown}</a>' if address else shown


def _marked(quote: str, start: int, spans: Iterable[Span]) -> str:
    parts: list[str] = []
    position = 0
    for span in spans:
        first, last = max(position, span.start - start), min(len(quote), span.end - start)
        if first < last:
            parts += (_html(quote[position:first]), f"<mark>{_html(quote[first:last])}</mark>")
            position = last
    return "".join([*parts, _html(quote[position:])])


def _html(text: str) -> str:
    return escape(printable(text))
