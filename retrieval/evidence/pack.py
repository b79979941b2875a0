"""Evidence packs: an answer's quotes as JSON that anyone can check again."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any, Final

from indexer import __version__
from indexer.errors import EvidenceError
from retrieval.answering.answers import Answer, Quote

PACK_TYPE: Final = "dateline-evidence"
PACK_FORMAT: Final = 1

_AROUND = 64  # characters of a TextQuoteSelector's prefix and suffix
_TEXTS = ("quote", "path", "doc_id", "sha256")
_OPTIONAL_TEXTS = ("title", "source", "published")


@dataclass(frozen=True, slots=True)
class PackedQuote:
    """A quote of a pack, as its file says: nothing about it is certain before it is checked.

    `start` and `end` are half-open and count code points of the article's text.
    """

    quote: str
    path: str
    doc_id: str
    sha256: str
    start: int
    end: int
    title: str | None = None
    source: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """The question and the quotes of an evidence pack."""

    question: str
    created: str
    quotes: tuple[PackedQuote, ...]


def pack_json(answer: Answer, created: datetime | None = None) -> str:
    """Return an answer as an evidence pack.

    Args:
        answer: any answer; without quotes, the pack says so.
        created: when the question was asked; None means now.
    """
    fields = {
        "type": PACK_TYPE,
        "format": PACK_FORMAT,
        "created": timestamp(created),
        "dateline": __version__,
        "question": answer.question,
        "state": answer.state,
        "warnings": list(answer.warnings),
        "index": {
            "generation": answer.index.generation,
            "documents": answer.index.documents,
            "passages": answer.index.passages,
        },
        "quotes": [_fields(quote) for quote in answer.quotes],
    }
    return json.dumps(fields, ensure_ascii=True, indent=1) + "\n"


def timestamp(moment: datetime | None = None) -> str:
    """Return a moment, now if None, as ISO 8601 in UTC, to the second."""
    return (moment or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")


def _fields(quote: Quote) -> dict[str, Any]:
    cited = quote.citation
    selectors = [  # https://www.w3.org/TR/annotation-model/#selectors
        {
            "type": "TextQuoteSelector",
            "exact": cited.quote,
            "prefix": quote.context.before[-_AROUND:],
            "suffix": quote.context.after[:_AROUND],
        },
        {"type": "TextPositionSelector", "start": cited.start, "end": cited.end},
    ]
    return quote.to_dict() | {"address": cited.address, "selector": selectors}


def is_pack(text: str) -> bool:
    """Tell whether a text is meant as an evidence pack, be it damaged or not."""
    return text.lstrip("\ufeff \t\r\n").startswith("{") and f'"{PACK_TYPE}"' in text[:4096]


def read_pack(text: str) -> Pack:
    """Read an evidence pack.

    Raises:
        EvidenceError: when it is none, is damaged, or is of a newer format.
    """
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"it is not JSON ({error})") from error
    if not isinstance(fields, dict) or fields.get("type") != PACK_TYPE:
        raise EvidenceError(f'it has no "type": "{PACK_TYPE}"')
    if fields.get("format") != PACK_FORMAT:
        raise EvidenceError(
            f"it has format {fields.get('format')!r}; this version reads {PACK_FORMAT}"
        )
    quotes = fields.get("quotes")
    if not isinstance(quotes, list):
        raise EvidenceError('"quotes" must be a list')
    return Pack(
        question=_text(fields, "question", "the pack"),
        created=_text(fields, "created", "the pack"),
        quotes=tuple(_quote(each, number) for number, each in enumerate(quotes, 1)),
    )


def _quote(fields: object, number: int) -> PackedQuote:
    where = f"quote {number}"
    citation = fields.get("citation") if isinstance(fields, dict) else None
    if not isinstance(citation, dict):
        raise EvidenceError(f'{where} has no "citation"')
    found: dict[str, Any] = {name: _text(citation, name, where) for name in _TEXTS}
    for name in _OPTIONAL_TEXTS:
        found[name] = None if citation.get(name) is None else _text(citation, name, where)
    start, end = citation.get("start"), citation.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise EvidenceError(f'{where}: "start" and "end" must be whole numbers, 0 <= start < end')
    if not found["quote"]:
        raise EvidenceError(f'{where}: "quote" is empty')
    path = PurePosixPath(found["path"])
    if path.is_absolute() or ".." in path.parts:
        raise EvidenceError(f'{where}: "path" must lie inside the corpus')
    return PackedQuote(**found, start=start, end=end)


def _text(fields: dict[str, Any], name: str, where: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise EvidenceError(f'{where}: "{name}" must be text')
    return value
