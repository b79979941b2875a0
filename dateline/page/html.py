"""How do quotes, passages and articles become HTML? Pure strings, no widget.

In: answers and documents. Out: HTML in which every value went through `escape`, so that nothing
from an article, a file name or an error is ever markup.
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
from retrieval.answering.answers import Answer, IndexInfo, Quote, reports_in_words
from retrieval.ranking.hits import Hit, RetrieverRank

MASTHEAD = (
    '<header class="masthead"><h1>Dateline</h1><p>Ask your articles. '
    "Every answer is a verbatim quote that you can open where it stands.</p></header>"
)
HELP = """<div class="help"><h2>What can be asked</h2><ul>
<li>A question in plain words. The answer is made of quotes, or an honest no.</li>
<li><code>"exact phrase"</code> and <code>-without</code> narrow down what is read.</li>
<li><code>source:name</code>, <code>author:name</code>, <code>lang:de</code>,
<code>after:2023-10-01</code> and <code>before:2023-10-31</code> do what the filters at the side
do.</li></ul></div>"""

_SOURCE_NOTICES: dict[SourceState, str] = {
    "same": "",
    "changed": "The file of this article has changed since it was indexed, so nothing is marked. "
    "The text is as it was indexed; to read the new one, build the index again.",
    "missing": "The file of this article is gone or cannot be read, so nothing is marked. "
    "The text is as it was indexed.",
}


def notice_html(text: str, title: str = "") -> str:
    """Return a message for the reader."""
    heading = f"<strong>{escape(title)}</strong><br>" if title else ""
    return f'<div class="notice" role="alert">{heading}{escape(text)}</div>'


def update_html(info: IndexInfo, live: Manifest) -> str:
    """Return the message that a newer generation of the index is there."""
    return notice_html(
        f"Generation {live.generation} has {_count(live.documents, 'article')}. This page answers "
        f"from generation {info.generation}, which has {_count(info.documents, 'article')}.",
        title="The index has been updated",
    )


def state_html(answer: Answer) -> str:
    """Return the heading of an answer: its state in words."""
    if answer.state == "answered":
        articles = len({quote.citation.doc_id for quote in answer.quotes})
        heading = f"{_count(len(answer.quotes), 'quote')} from {_count(articles, 'article')}"
        counted = f"{reports_in_words(answer)}. " if answer.copies else ""
        note = f"{counted}The words that answer are marked. Scores run from 0 to 1."
    elif answer.state == "related":
        heading = "No confident answer. It may be in these passages."
        note = "Read them in their articles before you conclude anything."
    else:
        heading = "The corpus does not seem to cover this"
        note = "Try other words, fewer filters, or a name that the articles would use."
    return f'<div class="state" role="status"><h2>{heading}</h2><p>{note}</p></div>'


def quote_html(quote: Quote, state: SourceState) -> str:
    """Return a quote with its words marked, unless its file is not the one that was indexed."""
    cited = quote.citation
    words = Span(cited.highlight_start - cited.start, cited.highlight_end - cited.start)
    text = as_html(segments(cited.quote, quote=words if state == "same" else None), name="")
    title, kind = _headline(cited.title), ""
    if cited.quote == cited.title:
        title, kind = "", "headline"
    return (
        f'<article class="quote"><blockquote>{text}</blockquote>{title}'
        f"{_byline(cited.source, cited.published, kind, score=f'{quote.score:.2f}')}"
        f"{_also_in(quote.copies)}{_source_notice(state)}</article>"
    )


def hit_html(hit: Hit) -> str:
    """Return a ranked passage with its score and how it was found."""
    found, explained = hit.found, hit.explanation
    ways = (("words", explained.bm25), ("meaning", explained.dense))
    how = ", ".join(f"by {name} {_rank(rank)}" for name, rank in ways if rank)
    return (
        '<article class="passage"><p class="byline">'
        f'<strong class="number">{hit.rank}</strong>'
        f'<span class="number">score {hit.score:.4f}</span><span>found {how}</span></p>'
        f'<p class="text">{escape(found.text)}</p>{_headline(found.title)}'
        f"{_byline(found.source, found.published)}{_also_in(hit.copies)}</article>"
    )


def source_html(document: Document, state: SourceState, copies: Sequence[Copy] = ()) -> str:
    """Return the heading of the reading panel: where the article and its copies come from."""
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
        "State": staleness_in_words(info),
    }
    rows = (f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return f'<dl class="facts">{"".join(rows)}</dl>'


def staleness_in_words(info: IndexInfo) -> str:
    """Say whether the index matched its folder when it was opened.

    >>> from indexer.storage.staleness import Staleness
    >>> staleness_in_words(IndexInfo("index", 1, 5, 71, Staleness(2, 0, 0), ("news",)))
    '2 changed since it was built; to read them: python -m indexer update --index index'
    """
    if info.stale is None:
        return "not compared with its folder, which takes too long to list"
    counts = [f"{count:,} {name}" for name, count in asdict(info.stale).items() if count]
    if not counts:
        return "up to date with its folder when opened"
    command = update_command(info.path)
    return f"{', '.join(counts)} since it was built; to read them: {command}"


def article_html(
    document: Document,
    regions: tuple[Region, ...],
    place: Place,
    state: SourceState,
    *,
    show_removed: bool,
) -> str:
    """Return a whole article with a place marked, unless its file is not the one indexed."""
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
    return as_html(parts, show_removed=show_removed)


def article_page(body: str, style: str, script: str, *, chosen: bool) -> str:
    """Return the page inside the reading panel.

    Its policy lets only this style and this script in and forbids every request, so that article
    text could do nothing even if it got past the escaping. `chosen` says that the reader opened
    this place, so that the page may move there.
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


def _rank(found: RetrieverRank) -> str:
    return f"at rank {found.rank} ({found.score:.2f})"


def _isolated(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>"


def _outlet(source: str | None) -> str:
    return _isolated(source) if source else '<span class="unknown">outlet unknown</span>'


def _also_in(copies: Sequence[Copy]) -> str:
    if not copies:
        return ""
    outlets = ", ".join(_outlet(copy.source) for copy in copies)
    return f'<p class="small">Also in {_count(len(copies), "other article")}: {outlets}</p>'


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
