"""A checked draft as JSON, by the contract in docs/json.md. Fields may be added, never renamed."""

import json
from dataclasses import asdict
from typing import Any

from retrieval.answering.answers import JSON_FORMAT
from retrieval.drafts.differences import Difference
from retrieval.drafts.report import VERDICTS, CheckedDraft, CheckedQuotation, Place


def draft_json(checked: CheckedDraft) -> str:
    """Return a checked draft as JSON; only ASCII, since a terminal must not obey an article."""
    fields = {
        "format": JSON_FORMAT,
        "draft": checked.name,
        "stands": checked.stands,
        "counts": {verdict: checked.count(verdict) for verdict in VERDICTS},
        "quotations": [_quotation(each) for each in checked.quotations],
        "index": {"generation": checked.generation, "documents": checked.articles},
    }
    return json.dumps(fields, ensure_ascii=True, indent=1)


def _quotation(each: CheckedQuotation) -> dict[str, Any]:
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
        "places": [_place(place) for place in each.places],
        "differences": [_difference(difference) for difference in each.differences],
        "speaker": each.speaker,
        "attribution": each.attribution,
        "notes": list(each.notes),
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "citation": place.citation.to_dict(),
        "context": {"before": place.before, "after": place.after},
        "speaker": place.speaker,
        "address": place.citation.address,
        "left_out": [asdict(span) for span in place.left_out],
        "copies": [asdict(copy) for copy in place.copies],
    }


def _difference(found: Difference) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "draft": found.draft,
        "archive": found.archive,
        "start": found.span.start if found.span else None,
        "end": found.span.end if found.span else None,
    }
