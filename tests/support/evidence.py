"""Answers with quotes whose every field is given, and markup that must never run."""

from dataclasses import replace

from indexer.documents import Document, Finding, Metadata, Span
from indexer.store import Copy
from retrieval.answering.answers import Answer, Context, Quote
from retrieval.answering.citations import cite
from tests.support.answer_builders import answer_with, document

TEXT = "Harbour reopens\n\nThe port of Lindau reopened on Friday. Trade unions had asked for it.\n"
REOPENED = "The port of Lindau reopened on Friday."


def article(text: str = TEXT, path: str = "ports/lindau.txt", told: str = "") -> Document:
    """Return an article whose metadata are known, all of them `told` if given."""
    metadata = Metadata(
        title=Finding(told or "Harbour reopens", "first line"),
        source=Finding(told or "Lake Courier", "credit line"),
        published=Finding("2024-05-03", "date line"),
        authors=(Finding(told or "Ida Brandt", "byline"),),
        url=Finding(told or "https://lake.example/a?b=1&c=2", "address line"),
        modified=Finding("2024-05-04", "markup"),
    )
    return replace(document(path, text), metadata=metadata)


def quoting(
    said: str,
    answered: str | None = None,
    source: Document | None = None,
    *,
    confirmed: bool = True,
) -> Quote:
    """Return the quote of words of an article, with an answer in it."""
    source = source or article()
    start = source.text.index(said)
    span = Span(start, start + len(said))
    marked = start + said.index(answered or said)
    mark = Span(marked, marked + len(answered or said))
    return Quote(
        citation=cite(source, span, mark, "same"),
        score=0.87654,
        context=Context(source.text[:start], source.text[span.end :]),
        copies=(Copy("c" * 16, "Mail", "2024-05-05", "mail.txt"),),
        confirmed=confirmed,
    )


def answer_of(*quotes: Quote, question: str = "when did the port reopen?") -> Answer:
    """Return an answer with these quotes."""
    return replace(answer_with(quotes=quotes), question=question)


_SCRIPTS = ("alert(1)", "top.location='//x.example'", "fetch('//x.example')")
_PAYLOADS = (
    "<script>{0}</script>",
    "</script><script>{0}</script>",
    "<img src=x onerror={0}>",
    "<svg onload={0}>",
    "<svg><script>{0}</script></svg>",
    "<iframe srcdoc='<script>{0}</script>'></iframe>",
    "<iframe src=javascript:{0}></iframe>",
    "<a href=javascript:{0}>x</a>",
    "<a href='jav&#x09;ascript:{0}'>x</a>",
    "<body onload={0}>",
    "<details open ontoggle={0}>",
    "<input autofocus onfocus={0}>",
    "<video><source onerror={0}></video>",
    "<marquee onstart={0}>",
    "<math><mtext></p><style><img src=x onerror={0}></style>",
    "<form action=javascript:{0}><button>x</button></form>",
    "<object data='data:text/html,<script>{0}</script>'></object>",
    "<embed src='data:text/html,<script>{0}</script>'>",
    "<base href='javascript:{0}//'>",
    "<meta http-equiv=refresh content='0;url=javascript:{0}'>",
    "<link rel=stylesheet href='javascript:{0}'>",
    "<style>@import 'javascript:{0}';</style>",
    "<style>*{{background:url(javascript:{0})}}</style>",
    "</title><script>{0}</script>",
    "</style><script>{0}</script>",
    "</blockquote></main><script>{0}</script>",
    "--><script>{0}</script>",
    "]]><script>{0}</script>",
    '"><script>{0}</script>',
    "'><script>{0}</script>",
    '" onmouseover="{0}',
    "' onmouseover='{0}",
    "javascript:{0}",
    "JaVaScRiPt:{0}",
    "data:text/html,<script>{0}</script>",
    "vbscript:{0}",
    "&lt;script&gt;{0}&lt;/script&gt;",
    "\\x3cscript\\x3e{0}\\x3c/script\\x3e",
    "\x00<script>{0}</script>",
    "<scr\x00ipt>{0}</scr\x00ipt>",
    "\u202e<script>{0}</script>",
    "＜script＞{0}＜/script＞",
)
XSS = tuple(payload.format(script) for payload in _PAYLOADS for script in _SCRIPTS)
"""More than 120 pieces of markup and addresses that run a script where they are not escaped."""
