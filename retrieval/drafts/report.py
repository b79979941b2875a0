"""Values that the check of a draft returns."""

from dataclasses import dataclass, field
from typing import Literal

from indexer.documents import Span
from indexer.store import Copy
from retrieval.answering.citations import Citation
from retrieval.drafts.differences import Difference
from retrieval.drafts.quotations import Quotation
from retrieval.drafts.speakers import Attribution

Verdict = Literal["exact", "punctuation", "shortened", "joined", "differs", "missing"]

VERDICTS: dict[Verdict, str] = {
    "exact": "Exact",
    "punctuation": "Same words, other punctuation or case",
    "shortened": "Shortened",
    "joined": "Joined from two places",
    "differs": "A number, name or negation differs",
    "missing": "Not in this archive",
}
STANDS: frozenset[Verdict] = frozenset(["exact", "punctuation", "shortened"])


@dataclass(frozen=True, slots=True)
class Place:
    """Place of the archive where a quotation, or a part of it, stands.

    Attributes:
        citation: the words there, compared with the article.
        before: the article's words before them.
        after: the article's words after them.
        speaker: whom these name.
        file: its file on this machine, if it is there.
        left_out: the ranges that the quotation leaves out, replaces or has otherwise.
        copies: articles with the same story where it stands too.
    """

    citation: Citation
    before: str
    after: str
    speaker: str | None
    file: str | None
    left_out: tuple[Span, ...] = ()
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation of a draft and what the archive has of it.

    Attributes:
        quotation: as it stands in the draft.
        verdict: the result.
        places: where it stands, earliest first; the parts in order if it is joined; the closest
            words if something differs or it is missing, or none.
        stories: how many separate stories have it; `places` has the first of them.
        differences: what differs from the first place.
        speaker: whom the draft names as the speaker.
        attribution: the comparison with the archive; None if the draft names nobody.
        notes: what else to know.
    """

    quotation: Quotation
    verdict: Verdict
    places: tuple[Place, ...] = ()
    stories: int = 0
    differences: tuple[Difference, ...] = ()
    speaker: str | None = None
    attribution: Attribution | None = None
    notes: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Tell whether its words are in the archive, and not by somebody else."""
        return self.verdict in STANDS and self.attribution != "other"


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft whose quotations were looked up.

    Attributes:
        name: of its file.
        text: what was read of it.
        quotations: in order.
        generation: of the index.
        articles: how many articles were searched.
    """

    name: str
    text: str = field(repr=False)
    quotations: tuple[CheckedQuotation, ...]
    generation: int
    articles: int

    @property
    def stands(self) -> bool:
        """Tell whether every quotation stands."""
        return all(each.stands for each in self.quotations)

    def count(self, verdict: Verdict) -> int:
        """Return how many quotations have a verdict."""
        return sum(each.verdict == verdict for each in self.quotations)


def format_summary(checked: CheckedDraft) -> str:
    """Return how many quotations have each verdict, in one sentence."""
    if not checked.quotations:
        return "no quotations found."
    counts = [
        f"{count:,} {name[0].lower()}{name[1:]}"
        for verdict, name in VERDICTS.items()
        if (count := checked.count(verdict))
    ]
    total = len(checked.quotations)
    noun = "quotation" if total == 1 else "quotations"
    other = sum(each.attribution == "other" for each in checked.quotations)
    named = f"; {other:,} said by somebody else in the archive" if other else ""
    return f"{total:,} {noun} in {checked.articles:,} articles: {', '.join(counts)}{named}."


def format_heading(each: CheckedQuotation) -> str:
    """Return the verdict on a quotation, and in how many stories it stands."""
    name = VERDICTS[each.verdict]
    if each.verdict == "joined":
        within = "one story" if each.stories == 1 else f"{each.stories} stories"
        return f"{name if len(each.places) == 2 else 'Joined from several places'}, in {within}"  # noqa: PLR2004 - as the verdict says
    if each.verdict == "missing":
        return f"{name}; these words come closest:" if each.places else name
    more = f", in {each.stories:,} stories" if each.stories > 1 else ""
    shown = f"; the first {len(each.places)}:" if each.stories > len(each.places) else ""
    return f"{name}{more}{shown}"


def format_difference(found: Difference) -> str:
    """Return what differs, both sides verbatim."""
    sides = (f"“{text}”" if text else "nothing" for text in (found.draft, found.archive))
    return f"{found.kind.capitalize()}: {next(sides)} in the draft, {next(sides)} in the archive"


def format_attribution(each: CheckedQuotation) -> str:
    """Return who says it in the draft and in the archive; empty if the draft names nobody."""
    if each.speaker is None or each.attribution is None:
        return ""
    there = next((place.speaker for place in each.places if place.speaker), None)
    found = {
        "same": f"so does the archive ({there})",
        "nearby": "the archive has the name near these words",
        "other": f"the archive names {there}",
        "unknown": "the archive does not name anybody beside these words",
    }
    return f"The draft names {each.speaker}; {found[each.attribution]}"
