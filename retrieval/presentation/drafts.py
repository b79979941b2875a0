"""A checked draft for people, on a terminal or in a pipe."""

import shlex
from pathlib import Path

from rich.console import Console
from rich.text import Text

from indexer.errors import program
from indexer.text.printable import printable_line
from retrieval.drafts.report import (
    CheckedDraft,
    CheckedQuotation,
    Place,
    format_attribution,
    format_difference,
    format_heading,
    format_summary,
)
from retrieval.presentation.terminal import about, open_console

_STYLES = {True: "bold green", False: "bold red"}


def print_draft(checked: CheckedDraft, index: Path) -> None:
    """Print every quotation with its verdict and places, then how many have each verdict."""
    console = open_console()
    for each in checked.quotations:
        _print_quotation(console, each, index)
    console.print(Text(f"{printable_line(checked.name)}: {format_summary(checked)}", style="bold"))


def _print_quotation(console: Console, each: CheckedQuotation, index: Path) -> None:
    quotation = each.quotation
    line = Text(f"{quotation.line}: ", style="dim")
    line.append(f"“{printable_line(quotation.text)}”", style="default not dim")
    console.print(line)
    console.print(Text(f"   {format_heading(each)}", style=_STYLES[each.stands]))
    for difference in each.differences:
        console.print(Text(f"   {printable_line(format_difference(difference))}", style="yellow"))
    for number, place in enumerate(each.places):
        _print_place(console, place, index, whole=number == 0 or each.verdict == "joined")
    if told := format_attribution(each):
        style = "bold red" if each.attribution == "other" else "default"
        console.print(Text(f"   {printable_line(told)}", style=style))
    for note in each.notes:
        console.print(Text(f"   Note: {printable_line(note)}", style="yellow"))
    console.print()


def _print_place(console: Console, place: Place, index: Path, *, whole: bool) -> None:
    cited = place.citation
    console.print(Text(f"   {about(cited.title, cited.source, cited.published)}", style="cyan"))
    if whole:
        said = Text("   … ", style="dim")
        said.append(printable_line(place.before.lstrip()))
        said.append(printable_line(cited.quote), style="default not dim underline")
        said.append(f"{printable_line(place.after.rstrip())} …")
        console.print(said)
    opened = f"{program('retrieval')} show {cited.doc_id} --at {cited.start}"
    opened += f" --index {shlex.quote(str(index))}"
    copies = f", {len(place.copies):,} copies" if place.copies else ""
    told = f"{cited.path} {cited.start}-{cited.end}{copies}; open: {opened}"
    console.print(Text(f"   {printable_line(told)}", style="dim"))
