"""HTML of quotes, passages and articles, as strings.

Every value goes through `escape`: no text from an article, a file name or an error is ever markup.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256

from dateline.page.links import Place
from dateline.page.marking import as_html, escape, segments
from indexer.documents import Document, Region, Span
from indexer.errors import update_command
from indexer.storage.manifest import Manifest
from indexer.storage.staleness import SourceState
from indexer.store import Copy
from retrieval.answering.answers import Answer, IndexInfo, Quote, format_stories
from retrieval.ranking.hits import Hit

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
        f"A newer index is available: {_count(live.documents, 'article')} "
        f"(you are using {info.documents:,})."
    )


def state_html(answer: Answer) -> str:
    """Return the heading of an answer, which says its state."""
    counted = f"{format_stories(answer)}. " if answer.copies else ""
    if answer.state == "answered":
        articles = len({quote.citation.doc_id for quote in answer.quotes})
        heading = f"{_count(len(answer.quotes), 'quote')} from {_count(articles, 'article')}"
        note = f"{counted}The answer is highlighted."
        if not all(quote.confirmed for quote in answer.quotes):
            note += " Dashed marks are possible answers, not confirmed."
    elif answer.state == "possible":
        heading = "Possible answer, not confirmed."
        note = f"{counted}Check it in context."
    elif answer.state == "related":
        heading = "No confident answer. It may be in these passages."
        note = "Check them in context."
    else:
        heading = "No answer found in these articles"
        note = "Try different wording, fewer filters, or a name the articles might use."
    return f'<div class="state" role="status"><h2>{heading}</h2><p>{note}</p></div>'


def quote_html(quote: Quote, state: SourceState) -> str:
    """Return a quote, its answer highlighted unless the file has changed since it was indexed."""
    cited = quote.citation
    words = Span(cited.highlight_start - cited.start, cited.highlight_end - cited.start)
    parts = segments(cited.quote, quote=words if state == "same" else None)
    text = as_html(parts, name="", confirmed=quote.confirmed)
    score = f"{quote.score:.2f}" if quote.confirmed else f"{quote.score:.2f} (possible)"
    title, kind = _headline(cited.title), ""
    if cited.quote == cited.title:
        title, kind = "", "headline"
    return (
        f'<article class="quote"><blockquote>{text}</blockquote>{title}'
        f"{_byline(cited.source, cited.published, kind, score=score)}"
        f"{_also_in(quote.copies)}{_source_notice(state)}</article>"
    )


def hit_html(hit: Hit) -> str:
    """Return a ranked passage with its score and how it was found."""
    found, explained = hit.found, hit.explanation
    ways = (("keyword", explained.bm25), ("meaning", explained.dense))
    how = ", ".join(f"{name} match #{rank.rank} ({rank.score:.2f})" for name, rank in ways if rank)
    return (
        '<article class="passage"><p class="byline">'
        f'<strong class="number">{hit.rank}</strong>'
        f'<span class="number">score {hit.score:.4f}</span><span>{how}</span></p>'
        f'<p class="text">{escape(found.text)}</p>{_headline(found.title)}'
        f"{_byline(found.source, found.published)}{_also_in(hit.copies)}</article>"
    )


def source_html(document: Document, state: SourceState, copies: Sequence[Copy] = ()) -> str:
    """Return the heading of the reading panel: the origin of the article and its copies."""
    byline = _byline(document.source, document.published, document.path)
    return (
        f'<div class="reading"><h2>In the article</h2>{byline}{_also_in(copies)}'
        f"{_source_notice(state)}</div>"
    )


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
    show_removed: bool,
) -> str:
    """Return an article, a place marked unless its file has changed since it was indexed."""
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


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _isolated(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>"


def _outlet(source: str | None) -> str:
    return _isolated(source) if source else '<span class="unknown">outlet unknown</span>'


def _also_in(copies: Sequence[Copy]) -> str:
    if not copies:
        return ""
    outlets = ", ".join(_outlet(copy.source) for copy in copies)
    return f'<p class="small">Also published by {outlets}</p>'


def _headline(title: str | None) -> str:
    return f'<p class="headline">{escape(title)}</p>' if title else ""


def _byline(source: str | None, published: str | None, *more: str, score: str = "") -> str:
    day = escape(published.replace("T", " ")) if published else ""
    date = day or '<span class="unknown">date unknown</span>'
    rated = f'<span class="number">score {score}</span>' if score else ""
    rest = "".join(f"<span>{_isolated(text)}</span>" for text in more if text)
    return f'<p class="byline"><span>{_outlet(source)}</span><span>{date}</span>{rest}{rated}</p>'


def _source_notice(state: SourceState) -> str:
    text = _SOURCE_NOTICES[state]
    return f'<p class="notice" role="alert">{text}</p>' if text else ""
