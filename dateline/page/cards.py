"""Quotes, sentences and passages of an answer as HTML cards.

Every value goes through `escape`: no text from an article, a file name or an error is ever markup.
"""

import re

from dateline.page.html import (
    also_in,
    byline,
    corrections,
    count,
    headline,
    source_notice,
)
from dateline.page.marking import as_html, escape, segments
from indexer.documents import Span
from indexer.storage.staleness import SourceState
from indexer.store import Corrections
from indexer.text.analyzer import content_terms, terms
from retrieval.answering.answers import QUOTED, Answer, Quote, format_stories
from retrieval.answering.citations import Citation
from retrieval.ranking.hits import Hit

_STRONG = 0.7
_WORD = re.compile(r"\w[\w'’.-]*\w|\w")


def confidence(quote: Quote) -> str:
    """Return how likely a quote answers, in a word."""
    if not quote.confirmed:
        return "possible"
    return "strong" if quote.score >= _STRONG else "likely"


def state_html(answer: Answer, state: SourceState = "same") -> str:
    """Return the answer in one line, or the heading that says its state in true words.

    Args:
        answer: the answer.
        state: state of the file of its first quote.
    """
    if answer.state in QUOTED:
        return f"{_key_html(answer, state)}{_summary_html(answer)}"
    if answer.state == "related":
        heading = "No confident answer. It may be here:"
        note = "Sentences that come nearest. Check them in context."
    else:
        heading = "No answer found in these articles"
        note = "Try different wording, fewer filters, or a name the articles might use."
    return f'<div class="state" role="status"><h2>{heading}</h2><p>{note}</p></div>'


def _key_html(answer: Answer, state: SourceState) -> str:
    if state != "same":
        return ""  # nothing is marked in a file that is not the one indexed
    first = answer.quotes[0]
    cited = first.citation
    mark = "<mark>" if first.confirmed else '<mark class="possible">'
    words = f'<p class="words">{mark}{escape(cited.highlight)}</mark></p>'
    about = f"{byline(cited.source, cited.published)}{_corrections(cited)}"
    return f'<div class="key" role="status">{words}{about}</div>'


def _summary_html(answer: Answer) -> str:
    counted = f"{format_stories(answer)}. " if answer.copies else ""
    articles = len({quote.citation.doc_id for quote in answer.quotes})
    told = f"{count(len(answer.quotes), 'quote')} from {count(articles, 'article')}"
    if answer.state == "possible":
        told = f"Possible answer, not confirmed. Check it in context. {told}"
    elif not all(quote.confirmed for quote in answer.quotes):
        counted += "Dashed marks are possible answers, not confirmed. "
    return f'<p class="summary">{told}. {counted}</p>'


def quote_html(quote: Quote, state: SourceState, hit: Hit | None = None) -> str:
    """Return a quote, its answer highlighted unless the file has changed since it was indexed.

    Args:
        quote: the quote.
        state: state of its article's file.
        hit: the passage in which it was found, where that is known.
    """
    cited = quote.citation
    words = Span(cited.highlight_start - cited.start, cited.highlight_end - cited.start)
    parts = segments(cited.quote, quote=words if state == "same" else None)
    text = as_html(parts, name="", confirmed=quote.confirmed)
    title, kind = headline(cited.title), ""
    if cited.quote == cited.title:
        title, kind = "", "headline"
    sure = confidence(quote)
    return (
        f'<article class="quote"><blockquote>{text}</blockquote>{title}'
        f'<p class="byline"><span class="sure {sure}">{sure}</span>'
        f"{byline(cited.source, cited.published, kind, wrapped=False)}</p>"
        f"{_corrections(cited)}{also_in(quote.copies)}{source_notice(state)}{_why(quote, hit)}"
        "</article>"
    )


def lead_html(quote: Quote, state: SourceState, question: str) -> str:
    """Return a sentence that may be near an answer, the words of the question in bold."""
    cited = quote.citation
    start = cited.highlight_start - cited.start
    end = start + len(cited.highlight)
    before, middle, after = cited.quote[:start], cited.quote[start:end], cited.quote[end:]
    marked = f'<mark class="possible">{_emphasised(middle, question)}</mark>'
    if state != "same":
        marked = _emphasised(middle, question)
    title = "" if cited.quote == cited.title else headline(cited.title)
    return (
        f'<article class="quote lead"><blockquote>{_emphasised(before, question)}{marked}'
        f"{_emphasised(after, question)}</blockquote>{title}"
        f"{byline(cited.source, cited.published)}{_corrections(cited)}{also_in(quote.copies)}"
        f"{source_notice(state)}"
        "</article>"
    )


def hit_html(hit: Hit, question: str) -> str:
    """Return a ranked passage, the words of the question in bold."""
    found = hit.found
    return (
        '<article class="passage"><p class="byline">'
        f'<strong class="number">{hit.rank}</strong><span>{_found_by(hit)}</span></p>'
        f'<p class="text">{_emphasised(found.text, question)}</p>{headline(found.title)}'
        f"{byline(found.source, found.published)}{also_in(hit.copies)}</article>"
    )


def citation_text(citation: Citation) -> str:
    """Return a citation in one line: outlet, title, authors, date, address or file."""
    parts = [
        citation.source or "",
        f"“{citation.title}”" if citation.title else "",
        ", ".join(citation.authors),
        citation.published or "undated",
        citation.url or citation.path,
    ]
    return ", ".join(part for part in parts if part)


def _corrections(cited: Citation) -> str:
    return corrections(Corrections(cited.corrected_by, cited.corrects), cited.notice)


def _why(quote: Quote, hit: Hit | None) -> str:
    rows = [f"Chance that this quote answers, as the reader estimates it: {quote.score:.2f}"]
    if hit is not None:
        rows.append(f"Its passage is number {hit.rank}: {_found_by(hit)}")
    told = "".join(f"<li>{escape(row)}</li>" for row in rows)
    return f'<details class="why"><summary>Why this?</summary><ul>{told}</ul></details>'


def _found_by(hit: Hit) -> str:
    ways = (("keywords", hit.explanation.bm25), ("meaning", hit.explanation.dense))
    found = ", ".join(f"{name} rank {rank.rank} ({rank.score:.2f})" for name, rank in ways if rank)
    return f"score {hit.score:.4f}; {found}"


def _emphasised(text: str, question: str) -> str:
    """Return text with the words of a question in bold, in any form that search would find."""
    wanted = set(content_terms(question))
    parts, end = [], 0
    for match in _WORD.finditer(text):
        if wanted.isdisjoint(terms(match.group())):
            continue
        parts += [escape(text[end : match.start()]), f"<b>{escape(match.group())}</b>"]
        end = match.end()
    return "".join([*parts, escape(text[end:])])
