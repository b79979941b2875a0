"""Quotes and citations as Markdown, in which no character of an article is markup."""

import re

from indexer.text.printable import printable
from retrieval.answering.citations import Citation

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&$!]|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|:(?=//)")
_SPACES = re.compile(r"\s+")


def escape_markdown(text: str) -> str:
    r"""Return text in one line that Markdown shows as it is.

    >>> print(escape_markdown("- a *b*\n<c>"))
    \- a \*b\* \<c\>
    """
    return _escape(text).strip()


def quote_markdown(citation: Citation) -> str:
    """Return a quote in one line of a block quote, its answer in bold."""
    start = citation.highlight_start - citation.start
    before, after = citation.quote[:start], citation.quote[start + len(citation.highlight) :]
    return f"> {_escape(before)}**{escape_markdown(citation.highlight)}**{_escape(after)}".rstrip()


def citation_markdown(citation: Citation) -> str:
    """Return outlet, title, authors, date and place of a quote, linked to its address."""
    title = escape_markdown(citation.title or "title unknown")
    if citation.address:
        title = f"[{title}](<{citation.address}>)"
    about = [
        title,
        escape_markdown(citation.source or "outlet unknown"),
        escape_markdown(citation.published or "date unknown"),
    ]
    if citation.authors:
        about.insert(1, escape_markdown(", ".join(citation.authors)))
    place = f"{citation.path} {citation.start}-{citation.end}"
    return f"{' · '.join(about)} · {escape_markdown(place)} · SHA-256 {citation.sha256}"


def _escape(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", printable(_SPACES.sub(" ", text)))
