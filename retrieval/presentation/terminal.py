"""Answers, hits and articles for people: colours on a terminal, plain text in a pipe.

Article text is never markup: rich gets it as `Text`, and control characters become visible.
"""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.text import Text

from indexer.cli.options import DEFAULT_INDEX
from indexer.documents import Document, Region
from indexer.errors import program, update_command
from indexer.metadata.describe import describe_metadata
from indexer.storage.staleness import SourceState
from indexer.store import Copy
from indexer.text.printable import printable, printable_line
from retrieval.answering.answers import (
    STATE_TEXTS,
    Answer,
    IndexInfo,
    Quote,
    SearchResult,
    format_stories,
)
from retrieval.evidence.pack import Pack
from retrieval.evidence.recheck import Checked, Place
from retrieval.query.spelling import UnknownWord
from retrieval.ranking.hits import Hit, RetrieverRank
from retrieval.summary.values import Summary

_PASSAGES_BESIDE_POSSIBLE = 3
_SOURCE_NOTES = {
    "changed": "This file has changed since it was indexed, so the quote can't be located in it",
    "missing": "The original file is missing, so the quote can't be verified",
}


def print_answer(answer: Answer, *, explain: bool = False) -> None:
    """Print the state, the quotes or the related passages, and the warnings."""
    console = open_console()
    _print_notes(console, answer)
    if STATE_TEXTS[answer.state]:
        console.print(Text(STATE_TEXTS[answer.state], style="bold"))
    if answer.copies:
        console.print(Text(format_stories(answer), style="dim"))
    for number, quote in enumerate(answer.quotes or answer.leads, 1):
        _print_quote(console, number, quote, answer.index)
    hits = answer.hits
    if not explain:
        shown = {"related": 0 if answer.leads else len(hits), "possible": _PASSAGES_BESIDE_POSSIBLE}
        hits = hits[: shown.get(answer.state, 0)]
    if (answer.quotes or answer.leads) and hits:
        console.print(Text("\nRelated passages:", style="bold"))
    _print_hits(console, hits, explain=explain)


def print_summary(summary: Summary) -> None:
    """Print what a model wrote from the quotes, below them."""
    console = open_console()
    written = f"\nWritten by the model {printable_line(summary.model)} and checked:"
    console.print(Text(written, style="bold"))
    for sentence in summary.sentences:
        console.print(Text(f"   {printable_line(sentence.text)}"))
    if summary.remark:
        console.print(Text(f"   {summary.remark}", style="dim"))


def print_note(note: str) -> None:
    """Print a note below an answer."""
    open_console().print(Text(f"Note: {printable_line(note)}", style="yellow"))


def print_search(result: SearchResult, *, explain: bool = False) -> None:
    """Print hits in rank order, and the warnings."""
    console = open_console()
    _print_notes(console, result)
    if not result.hits:
        console.print(Text("No passage found.", style="bold"))
    _print_hits(console, result.hits, explain=explain)


def print_document(
    document: Document,
    regions: Sequence[Region],
    at: int | None,
    source_state: SourceState = "same",
    copies: Sequence[Copy] = (),
    remarks: Sequence[str] = (),
) -> None:
    """Print an article; removed text is dimmed, with the reason.

    Args:
        document: the article, as it was indexed.
        regions: what cleaning kept and removed of it.
        at: offset from which the line is marked; None marks nothing.
        source_state: state of its file; nothing is marked unless it is unchanged.
        copies: other articles with the same story.
        remarks: what is known of its corrections.
    """
    console = open_console()
    if source_state != "same":
        console.print(Text(f"Note: {_SOURCE_NOTES[source_state]}", style="bold yellow"))
        at = None
    console.print(Text(about(document.title, document.source, document.published), style="bold"))
    console.print(Text(f"{printable_line(document.path)}  {document.doc_id}", style="dim"))
    for line in describe_metadata(document.metadata):
        console.print(Text(line, style="dim"))
    _print_remarks(console, remarks, indent="")
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
    """Mark the line from the offset on, where a citation starts."""
    stop = at + len(text[at:].partition("\n")[0].removesuffix("\r"))
    marked = Text(printable(text[:at]))
    marked.append(">>> ", style="bold red")
    marked.append(printable(text[at:stop]), style="reverse")
    marked.append(printable(text[stop:]))
    return marked


def print_checked(pack: Pack, checked: Sequence[Checked]) -> None:
    """Print what became of each quote of a pack, then how many hold."""
    console = open_console()
    console.print(Text(printable_line(f"{pack.question} (asked {pack.created})"), style="bold"))
    for number, each in enumerate(checked, 1):
        style = "green" if each.verdict == "holds" else "bold red"
        place = each.place or Place(each.quote.path, each.quote.start)
        console.print(Text(f"{number}. {each.verdict}", style=style), end="  ")
        console.print(Text(printable_line(f"{place.path} {place.start}"), style="dim"))
        console.print(Text(f"   {printable_line(each.quote.quote)}"))
        for told in each.notes:
            console.print(Text(f"   Note: {printable_line(told)}", style="yellow"))
    holds = sum(each.verdict == "holds" for each in checked)
    console.print(Text(f"{holds:,} of {len(checked):,} quotes hold.", style="bold"))


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command line: rich would exit with 1, which means nothing found."""
        raise BrokenPipeError


def open_console() -> Console:
    """Return a console on stdout, on which nothing is markup."""
    # soft_wrap: pipes get whole lines, and terminals wrap them.
    return _Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=True)


def _print_notes(console: Console, result: Answer | SearchResult) -> None:
    notes = [*result.warnings, *map(format_unknown, result.unknown_words)]
    for note in notes:
        console.print(Text(f"Note: {printable_line(note)}", style="yellow"))
    stale = result.index.stale
    if stale is not None and not stale.is_current:
        note = printable_line(_stale_note(result.index))
        console.print(Text(f"Note: {note}", style="yellow"))


def format_unknown(unknown: UnknownWord) -> str:
    """Return what is said of a word that no article has.

    >>> format_unknown(UnknownWord("Macrn", ("Macron",)))
    "No article has the word 'Macrn'. Did you mean Macron?"
    """
    meant = f" Did you mean {' or '.join(unknown.similar)}?" if unknown.similar else ""
    return f"No article has the word {unknown.word!r}.{meant}"


def _stale_note(index: IndexInfo) -> str:
    """Return what has changed and what to do; a moved folder need not be indexed again."""
    missing = [place for place in index.corpus if not Path(place).exists()]
    if missing:
        return (
            f"The article folder {', '.join(missing)} is missing, so quotes couldn't be checked. "
            "If it moved: --corpus NEW-FOLDER"
        )
    counts = asdict(index.stale).items() if index.stale else ()
    changes = ", ".join(f"{count:,} {kind}" for kind, count in counts)
    return (
        f"Articles have changed since the last build ({changes}). "
        f"To update: {update_command(index.path)}"
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
    told = about(citation.title, citation.source, citation.published)
    console.print(Text(f"   {told}", style="cyan"))
    elsewhere = "" if index.path == DEFAULT_INDEX else f" --index {shlex.quote(index.path)}"
    possible = "" if quote.confirmed else " (possible)"
    place = (
        f"{citation.path} {citation.start}-{citation.end}, score {quote.score:.2f}{possible}; "
        f"open: {program('retrieval')} show {citation.doc_id} --at {citation.start}{elsewhere}"
    )
    console.print(Text(f"   {printable_line(place)}", style="dim"))
    _print_remarks(console, citation.remarks)
    for each in citation.corrected_by:
        opened = f"{program('retrieval')} show {each.doc_id} --at {each.start}{elsewhere}"
        console.print(Text(f"   Open the correction: {opened}", style="dim"))
    if citation.source_state != "same":
        console.print(Text(f"   {_SOURCE_NOTES[citation.source_state]}", style="bold yellow"))
    _print_copies(console, quote.copies)


def _print_hits(console: Console, hits: Sequence[Hit], *, explain: bool) -> None:
    for hit in hits:
        found = hit.found
        console.print()
        head = f"{hit.rank}. {about(found.title, found.source, found.published)}"
        console.print(Text(head, style="cyan"))
        console.print(Text(f"   score {hit.score:.4f}  {hit.passage_id}", style="dim"))
        if explain:
            console.print(Text(f"   {_explained(hit)}", style="dim"))
        console.print(Text(printable(found.text)))
        _print_copies(console, hit.copies)


def _print_remarks(console: Console, remarks: Sequence[str], indent: str = "   ") -> None:
    for remark in remarks:
        console.print(Text(f"{indent}{printable_line(remark)}", style="bold yellow"))


def _print_copies(console: Console, copies: Sequence[Copy], indent: str = "   ") -> None:
    for copy in copies:
        told = ", ".join(part for part in (copy.source or "outlet unknown", copy.published) if part)
        console.print(Text(f"{indent}Also in {copy.doc_id} ({printable_line(told)})"))


def _explained(hit: Hit) -> str:
    explanation = hit.explanation
    return (
        f"BM25 {_rank(explanation.bm25)}; dense {_rank(explanation.dense)}; "
        f"{hit.score:.4f} = {explanation.formula}"
    )


def _rank(found: RetrieverRank | None) -> str:
    return "no match" if found is None else f"rank {found.rank}, score {found.score:.4f}"


def about(title: str | None, source: str | None, published: str | None) -> str:
    """Return title, outlet and date of an article in one line."""
    parts = [title or "title unknown", source or "outlet unknown", published or "date unknown"]
    return printable_line(" · ".join(parts))
