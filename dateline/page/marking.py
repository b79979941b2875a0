"""An article as HTML, with its quote marked and its removed regions set apart.

Article text is untrusted: it never becomes a tag, an attribute or Markdown, and its control
characters never reorder or hide the text around them.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from indexer.documents import Region, Span

# Explicit embeddings, overrides and isolates: legitimate text needs none of them, and they can
# show words in another order than they are stored. Marks such as RLM and the joiners stay as they
# are, since Arabic, Persian and emoji are written with them.
_REORDERING = "\u202a-\u202e\u2066-\u2069"
_UNSHOWABLE = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_CONTROL = re.compile(f"(?P<reordering>[{_REORDERING}])|[{_UNSHOWABLE}]")
# Line ends as references: HTML would turn "\r\n" into "\n", and Streamlit strips white lines.
_LINE_ENDS = str.maketrans({"\n": "&#10;", "\r": "&#13;"})


@dataclass(frozen=True, slots=True)
class Segment:
    """A slice of an article with one appearance; `removed` is the reason, or empty."""

    text: str
    removed: str = ""
    title: bool = False
    quoted: bool = False
    highlighted: bool = False
    other: bool = False


def segments(
    text: str,
    regions: Iterable[Region] = (),
    *,
    title: Span | None = None,
    quote: Span | None = None,
    highlight: Span | None = None,
    others: Sequence[Span] = (),
) -> tuple[Segment, ...]:
    """Cut a text at the borders of its regions and spans; the segments join to the text.

    >>> [(s.text, s.quoted) for s in segments("He left.", quote=Span(3, 8))]
    [('He ', False), ('left.', True)]
    """
    removed = [region for region in regions if not region.kept]
    spans = [span for span in (title, quote, highlight, *others) if span]
    borders = {0, len(text)}
    pairs = [(r.start, r.end) for r in removed] + [(s.start, s.end) for s in spans]
    borders.update(min(border, len(text)) for pair in pairs for border in pair)
    return tuple(
        Segment(
            text=text[start:end],
            removed=next((r.why for r in removed if r.start <= start < r.end), ""),
            title=_covers(title, start),
            quoted=_covers(quote, start),
            highlighted=_covers(highlight, start),
            other=any(_covers(span, start) for span in others),
        )
        for start, end in pairwise(sorted(borders))
    )


def escape(text: str) -> str:
    """Return HTML that shows exactly this text.

    Control characters that would reorder the text are isolated and labelled; those that have no
    appearance become their label.

    >>> escape("<b>")
    '&lt;b&gt;'
    """
    return _CONTROL.sub(_label_control, html.escape(text)).translate(_LINE_ENDS)


def as_html(
    parts: Sequence[Segment],
    *,
    show_removed: bool = True,
    name: str = "quote",
    confirmed: bool = True,
) -> str:
    """Return the segments as HTML; the quote is one `mark` element with the id `name`, if given.

    A quote that is not confirmed has the class `possible`.

    Removed regions are greyed out, or collapsed into a line that gives the reason.
    """
    attributes = f' id="{name}"' if name else ""
    attributes += "" if confirmed else ' class="possible"'
    shown: list[str] = []
    for quoted, group in groupby(parts, key=lambda part: part.quoted):
        inner = "".join(
            _removed_html(reason, list(run), show_removed=show_removed)
            if reason
            else "".join(_kept_html(part) for part in run)
            for reason, run in groupby(group, key=lambda part: part.removed)
        )
        shown.append(f"<mark{attributes}>{inner}</mark>" if quoted else inner)
    return "".join(shown)


def _covers(span: Span | None, position: int) -> bool:
    return span is not None and span.start <= position < span.end


def _label_control(match: re.Match[str]) -> str:
    character = match[0]
    label = f"U+{ord(character):04X}"
    kept = character if match["reordering"] else ""
    return f'<bdi class="control" data-code="{label}">{kept}</bdi>'


def _kept_html(part: Segment) -> str:
    inner = escape(part.text)
    if part.highlighted:
        inner = f"<b>{inner}</b>"
    if part.other and not part.quoted:
        inner = f'<mark class="other">{inner}</mark>'
    if part.title:
        inner = f'<span class="title" role="heading" aria-level="2">{inner}</span>'
    return inner


def _removed_html(reason: str, parts: list[Segment], *, show_removed: bool) -> str:
    label = escape(reason)
    if show_removed:
        text = "".join(escape(part.text) for part in parts)
        return f'<span class="removed" data-reason="Not searched: {label}">{text}</span>'
    return f'<span class="gap" role="note">[{label} removed]</span>'
