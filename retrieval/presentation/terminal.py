"""How does an answer look on a terminal? Colours there, plain text in a pipe.

Article text is never markup: rich gets it as `Text`, and control characters are made visible.
"""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.text import Text

from indexer.cli.metadata_text import metadata_lines
from indexer.cli.options import DEFAULT_INDEX
from indexer.documents import Document, Region
from indexer.errors import update_command
from indexer.storage.staleness import SourceState
from indexer.store import Copy
from indexer.text.printable import printable, printable_line
from retrieval.answering.answers import Answer, IndexInfo, Quote, SearchResult, format_stories
from retrieval.ranking.hits import Hit, RetrieverRank

STATES = {
    "answered": "Answered, in the words of the articles:",
    "related": "No confident answer. It may be in these passages:",
    "not_found": "The articles do not seem to cover this.",
}
_SOURCE_NOTES = {
    "changed": "the file has changed since the index was built: offsets no longer apply",
    "missing": "the file is no longer where it was indexed",
}


def print_answer(answer: Answer, *, explain: bool = False) -> None:
    """Print the state, the quotes or the related passages, and the warnings."""
    console = _console()
    _print_notes(console, answer)
    console.print(Text(STATES[answer.state], style="bold"))
    if answer.copies:
        console.print(Text(format_stories(answer), style="dim"))
    for number, quote in enumerate(answer.quotes, 1):
        _print_quote(console, number, quote, answer.index)
    if answer.state == "related" or explain:
        _print_hits(console, answer.hits, explain=explain)


def print_search(result: SearchResult, *, explain: bool = False) -> None:
    """Print hits in rank order, and the warnings."""
    console = _console()
    _print_notes(console, result)
    if not result.hits:
        console.print(Text("no passage found", style="bold"))
    _print_hits(console, result.hits, explain=explain)


def print_document(
    document: Document,
    regions: Sequence[Region],
    at: int | None,
    source_state: SourceState = "same",
    copies: Sequence[Copy] = (),
) -> None:
    """Print a whole article; removed text is dimmed and named.

    Args:
        document: the article, as it was indexed.
        regions: what of it was kept and removed.
        at: the offset from which the line is marked; None marks nothing.
        source_state: whether its file is still the same; unless it is, that is said and nothing
            is marked.
        copies: the other articles with the same report.
    """
    console = _console()
    if source_state != "same":
        console.print(Text(f"note: {_SOURCE_NOTES[source_state]}", style="bold yellow"))
        at = None
    console.print(Text(_about(document.title, document.source, document.published), style="bold"))
    console.print(Text(f"{printable_line(document.path)}  {document.doc_id}", style="dim"))
    for line in metadata_lines(document.metadata):
        console.print(Text(line, style="dim"))
    _print_copies(console, copies, indent="")
    console.print()
    for region in regions:
        text = document.text[region.start : region.end]
        if not region.kept:
            console.print(Text(f"[{printable_line(region.why)}]", style="dim italic"))
        if at is not None and at < region.end:
            console.print(_marked(text, max(0, at - region.start)))
            at = None
        else:
            console.print(Text(printable(text), style="" if region.kept else "dim"))
        console.print()


def _marked(text: str, at: int) -> Text:
    """Mark the line from the offset on: what a citation's start points at."""
    stop = at + len(text[at:].partition("\n")[0].removesuffix("\r"))
    marked = Text(printable(text[:at]))
    marked.append(">>> ", style="bold red")
    marked.append(printable(text[at:stop]), style="reverse")
    marked.append(printable(text[stop:]))
    return marked


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command line: rich would exit with 1, which means that nothing fits."""
        raise BrokenPipeError


def _console() -> Console:
    # soft_wrap: a pipe gets whole lines, and a terminal wraps them itself.
    return _Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=True)


def _print_notes(console: Console, result: Answer | SearchResult) -> None:
    for warning in result.warnings:
        console.print(Text(f"note: {printable_line(warning)}", style="yellow"))
    stale = result.index.stale
    if stale is not None and not stale.is_current:
        note = printable_line(_stale_note(result.index))
        console.print(Text(f"note: {note}", style="yellow"))


def _stale_note(index: IndexInfo) -> str:
    """Say what differs, and what to do: a folder that has moved need not be indexed again."""
    missing = [place for place in index.corpus if not Path(place).exists()]
    if missing:
        return (
            f"there is no {', '.join(missing)}, where the articles were, so that no quote could "
            "be compared with its file: name the place they are in now with --corpus"
        )
    counts = asdict(index.stale).items() if index.stale else ()
    return (
        "the articles have changed since the index was built "
        f"({', '.join(f'{count:,} {kind}' for kind, count in counts)}): "
        f"{update_command(index.path)}"
    )


def _print_quote(console: Console, number: int, quote: Quote, index: IndexInfo) -> None:
    citation = quote.citation
    console.print()
    text = Text(f"{number}. ", style="bold")
    before, after = (
        citation.highlight_start - citation.start,
        citation.highlight_end - citation.start,
    )
    text.append(printable(citation.quote[:before]), style="default not bold")
    text.append(printable(citation.highlight), style="default not bold underline")
    text.append(printable(citation.quote[after:]), style="default not bold")
    console.print(text)
    about = _about(citation.title, citation.source, citation.published)
    console.print(Text(f"   {about}", style="cyan"))
    elsewhere = "" if index.path == DEFAULT_INDEX else f" --index {shlex.quote(index.path)}"
    place = (
        f"{citation.path} {citation.start}-{citation.end}, score {quote.score:.2f}; "
        f"open: python -m retrieval show {citation.doc_id} --at {citation.start}{elsewhere}"
    )
    console.print(Text(f"   {printable_line(place)}", style="dim"))
    if citation.source_state != "same":
        console.print(Text(f"   {_SOURCE_NOTES[citation.source_state]}", style="bold yellow"))
    _print_copies(console, quote.copies)


def _print_hits(console: Console, hits: Sequence[Hit], *, explain: bool) -> None:
    for hit in hits:
        found = hit.found
        console.print()
        head = f"{hit.rank}. {_about(found.title, found.source, found.published)}"
        console.print(Text(head, style="cyan"))
        console.print(Text(f"   score {hit.score:.4f}  {hit.passage_id}", style="dim"))
        if explain:
            console.print(Text(f"   {_explained(hit)}", style="dim"))
        console.print(Text(printable(found.text)))
        _print_copies(console, hit.copies)


def _print_copies(console: Console, copies: Sequence[Copy], indent: str = "   ") -> None:
    for copy in copies:
        about = ", ".join(
            part for part in (copy.source or "outlet unknown", copy.published) if part
        )
        console.print(Text(f"{indent}also in {copy.doc_id} ({printable_line(about)})"))


def _explained(hit: Hit) -> str:
    explanation = hit.explanation
    return (
        f"BM25 {_rank(explanation.bm25)}; dense {_rank(explanation.dense)}; "
        f"{hit.score:.4f} = {explanation.formula}"
    )


def _rank(found: RetrieverRank | None) -> str:
    return "did not find it" if found is None else f"rank {found.rank}, score {found.score:.4f}"


def _about(title: str | None, source: str | None, published: str | None) -> str:
    parts = [title or "title unknown", source or "outlet unknown", published or "date unknown"]
    return printable_line(" · ".join(parts))
