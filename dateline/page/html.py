"""HTML of messages, articles and their origin, as strings.

Every value goes through `escape`: no text from an article, a file name or an error is ever markup.
"""

import re
from base64 import b64encode
from calendar import month_abbr
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256

from dateline.page.links import Place
from dateline.page.marking import as_html, escape, segments
from indexer.catalog.statistics import Facets
from indexer.documents import Document, Region, Span
from indexer.errors import update_command
from indexer.storage.manifest import Manifest
from indexer.storage.staleness import SourceState
from indexer.store import Copy
from indexer.text.printable import printable_line
from retrieval.answering.answers import IndexInfo

_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+.!|<>~$:&-]")

MASTHEAD = (
    '<header class="masthead"><h1>Dateline</h1><p>Ask your articles. '
    "Every answer is a direct quote you can check in its article.</p></header>"
)
HELP = """<div class="help"><h2>What you can ask</h2><ul>
<li>Ask in plain English. You get direct quotes, or a clear "not found".</li>
<li>Use <code>"quotes"</code> for an exact phrase and <code>-word</code> to exclude a word.</li>
<li><code>source:name</code>, <code>author:name</code>, <code>lang:de</code>,
<code>after:2023-10-01</code> and <code>before:2023-10-31</code> work like the filters on the
left.</li></ul></div>"""

_SOURCE_NOTICES: dict[SourceState, str] = {
    "same": "",
    "changed": "This file has changed since it was indexed, so the quote can't be highlighted. "
    "You are reading the indexed version; update the index to see the new one.",
    "missing": "The original file is missing or unreadable, so the quote can't be verified. "
    "You are reading the indexed version.",
}


def notice_html(text: str, title: str = "") -> str:
    """Return a message to the user."""
    heading = f"<strong>{escape(title)}</strong><br>" if title else ""
    return f'<div class="notice" role="alert">{heading}{escape(text)}</div>'


def update_html(info: IndexInfo, live: Manifest) -> str:
    """Return the offer of a newer generation."""
    return notice_html(
        f"A newer index is available: {count(live.documents, 'article')} "
        f"(you are using {info.documents:,})."
    )


def source_html(document: Document, state: SourceState, copies: Sequence[Copy] = ()) -> str:
    """Return the heading of the reading panel: what the article is, and where it is from."""
    found = document.metadata
    date = found.published
    day = escape(date.value.replace("T", " ")) if date else '<span class="unknown">unknown</span>'
    facts = {
        "Outlet": outlet(document.source),
        "By": _isolated(", ".join(document.authors)) if document.authors else "",
        "Published": f"{day} ({escape(date.found_in)})" if date else day,
        "Original": _address(found.url.value) if found.url else "",
        "File": _isolated(document.path),
    }
    rows = "".join(f"<dt>{name}</dt><dd>{told}</dd>" for name, told in facts.items() if told)
    title = escape(document.title) if document.title else "In the article"
    return (
        f'<div class="reading"><h2>{title}</h2><dl class="facts">{rows}</dl>{also_in(copies)}'
        f"{source_notice(state)}</div>"
    )


def _address(url: str) -> str:
    """Return a link to an address of the web; any other is text."""
    shown = _isolated(url)
    if not url.lower().startswith(("https://", "http://")):
        return shown
    return f'<a href="{escape(url)}" target="_blank" rel="noreferrer noopener">{shown}</a>'


def holdings_html(facets: Facets) -> str:
    """Return how many articles of how many outlets an index holds, and of which time."""
    told = [count(facets.articles, "article")]
    if facets.outlets:
        told.append(count(len(facets.outlets), "outlet"))
    if facets.months:
        first, last = _month(facets.months[0][0]), _month(facets.months[-1][0])
        told.append(first if first == last else f"{first} – {last}")
    return f'<p class="holdings">{" · ".join(told)}</p>'


def _month(iso: str) -> str:
    """Return a month for people.

    >>> _month("2023-10"), _month("2023")
    ('Oct 2023', '2023')
    """
    year, _, month = iso.partition("-")
    return f"{month_abbr[int(month)]} {year}" if month else year


def unknown_html(words: Sequence[str]) -> str:
    """Return that no article has some words."""
    listed = ", ".join(f"<b>{escape(word)}</b>" for word in words)
    return f'<p class="small">In no article: {listed}</p>'


def plain_label(text: str) -> str:
    r"""Return text for a button, whose label would read Markdown.

    >>> print(plain_label("*a* [b](c) :smile: $x$"))
    \*a\* \[b\]\(c\) \:smile\: \$x\$
    """
    return _MARKDOWN.sub(r"\\\g<0>", printable_line(text))


def index_html(info: IndexInfo, manifest: Manifest) -> str:
    """Return what an index holds, how it was made and whether it is up to date."""
    facts = {
        "Articles": f"{info.documents:,}",
        "Passages": f"{info.passages:,}",
        "Encoder": manifest.encoder.name,
        "Built": f"{manifest.built_at[:16].replace('T', ' ')} UTC",
        "Generation": str(info.generation),
        "Folder": manifest.corpus_root,
        "State": format_staleness(info),
    }
    rows = (f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return f'<dl class="facts">{"".join(rows)}</dl>'


def format_staleness(info: IndexInfo) -> str:
    """Return whether the index matched its folder when it was opened.

    >>> from indexer.storage.staleness import Staleness
    >>> format_staleness(IndexInfo("index", 1, 5, 71, Staleness(2, 0, 0), ("news",)))
    '2 changed since the last build. To update: python -m indexer update --index index'
    """
    if info.stale is None:
        return "Not checked (large folder)"
    counts = [f"{count:,} {name}" for name, count in asdict(info.stale).items() if count]
    if not counts:
        return "Up to date"
    command = update_command(info.path)
    return f"{', '.join(counts)} since the last build. To update: {command}"


def article_html(
    document: Document,
    regions: tuple[Region, ...],
    place: Place,
    state: SourceState,
    *,
    others: Sequence[Span] = (),
    show_removed: bool,
) -> str:
    """Return an article, a place marked unless its file has changed since it was indexed.

    Args:
        document: the article.
        regions: what cleaning kept and removed of it.
        place: the place to mark.
        state: state of the article's file.
        others: spans to mark lightly.
        show_removed: show removed text, with its reason.
    """
    headline = document.metadata.title
    title = None
    if headline and headline.start is not None and headline.end is not None:
        title = Span(headline.start, headline.end)
    parts = segments(
        document.text,
        regions,
        title=title,
        quote=place.span if state == "same" else None,
        highlight=place.highlight if state == "same" else None,
        others=others if state == "same" else (),
    )
    return as_html(parts, show_removed=show_removed, confirmed=place.confirmed)


def article_page(body: str, style: str, script: str, *, chosen: bool) -> str:
    """Return the page inside the reading panel.

    Its policy allows only this style and this script and forbids every request, so that article
    text could do nothing even if it got past the escaping. `chosen`: the user opened this place,
    so the page may scroll there.
    """
    policy = f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}"
    return (
        '<!doctype html><html><head><meta charset="utf-8"><title>Article</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><style>{style}</style>'
        f'</head><body{" data-chosen=1" if chosen else ""}><main tabindex="0">{body}</main>'
        f"<script>{script}</script></body></html>"
    )


def _digest(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def count(number: int, noun: str) -> str:
    """Return a number with its noun, which gets an s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def outlet(source: str | None) -> str:
    """Return the name of an outlet, or that it is unknown."""
    return _isolated(source) if source else '<span class="unknown">outlet unknown</span>'


def also_in(copies: Sequence[Copy]) -> str:
    """Return the outlets of copies; nothing without any."""
    if not copies:
        return ""
    outlets = ", ".join(outlet(copy.source) for copy in copies)
    return f'<p class="small">Also published by {outlets}</p>'


def headline(title: str | None) -> str:
    """Return the title of an article; nothing without one."""
    return f'<p class="headline">{escape(title)}</p>' if title else ""


def byline(source: str | None, published: str | None, *more: str, wrapped: bool = True) -> str:
    """Return outlet, date and whatever else says where a text is from."""
    day = escape(published.replace("T", " ")) if published else ""
    date = day or '<span class="unknown">date unknown</span>'
    rest = "".join(f"<span>{_isolated(text)}</span>" for text in more if text)
    told = f"<span>{outlet(source)}</span><span>{date}</span>{rest}"
    return f'<p class="byline">{told}</p>' if wrapped else told


def source_notice(state: SourceState) -> str:
    """Return what is wrong with the file of an article; nothing if it is unchanged."""
    text = _SOURCE_NOTICES[state]
    return f'<p class="notice" role="alert">{text}</p>' if text else ""


def _isolated(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>"
