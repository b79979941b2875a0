"""The check of a draft: every quotation looked up in the whole archive. No model is used."""

from collections.abc import Iterator, Sequence

from indexer.dedup.facts import DENIAL, split_facts, statements_of
from indexer.progress import NoProgress, Progress
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import Manifest
from retrieval.drafts.archive import Archive
from retrieval.drafts.lookup import Lookup, look_up
from retrieval.drafts.places import Places
from retrieval.drafts.quotations import LONGEST, Quotation, find_quotations
from retrieval.drafts.report import CheckedDraft, CheckedQuotation, Place
from retrieval.drafts.speakers import Attribution, compare_speakers, find_speaker, words_around

_MARK_MISSING = "No closing mark: it was taken until the next mark or the end of its paragraph."
_UNMARKED = "Words are left out without an ellipsis."
_TOO_LONG = f"Only its first {LONGEST:,} characters were checked."
_ATTRIBUTIONS: tuple[Attribution, ...] = ("same", "nearby", "unknown", "other")


def check_draft(
    store: LocalStore,
    manifest: Manifest,
    text: str,
    name: str = "draft",
    progress: Progress | None = None,
) -> CheckedDraft:
    """Look up every quotation of a draft in all articles of an index.

    Args:
        store: an open generation.
        manifest: its manifest, which says where the articles lie.
        text: the draft; `reading.read_draft` gives it from a file.
        name: of the draft, for reports.
        progress: is told of each quotation.

    Raises:
        IndexFormatError: if the index is damaged.
        CitationError: if a passage is not where the index says.
    """
    archive = Archive(store)
    places = Places(archive, manifest.roots)
    quotations = find_quotations(text)
    checked = []
    known: dict[str, Lookup] = {}
    shown = progress or NoProgress()
    shown.stage("check", len(quotations))
    for quotation in quotations:
        found = known.get(quotation.text)
        if found is None:
            found = known[quotation.text] = look_up(archive, quotation.pieces)
        checked.append(_checked(text, quotation, found, archive, places))
        shown.advance()
    shown.close()
    return CheckedDraft(name, text, tuple(checked), manifest.generation, manifest.documents)


def _checked(
    text: str, quotation: Quotation, found: Lookup, archive: Archive, places: Places
) -> CheckedQuotation:
    shown: list[Place]
    if found.verdict in ("joined", "missing"):
        shown = [places.place(match) for match in found.matches]
        stories = len(archive.stories([match.doc_id for match in found.matches]))
    else:
        shown, stories = places.earliest(found.matches)
    speaker = quotation.credit or find_speaker(text, quotation.start, quotation.end)
    states = [_attribution(speaker, place, archive) for place in shown]
    if found.verdict == "missing":
        stories, states = 0, []
    return CheckedQuotation(
        quotation,
        found.verdict,
        tuple(shown),
        stories,
        found.differences,
        speaker,
        min(states, key=_ATTRIBUTIONS.index) if speaker and states else None,
        tuple(_notes(quotation, found, shown, archive)),
    )


def _attribution(speaker: str | None, place: Place, archive: Archive) -> Attribution:
    cited = place.citation
    around = words_around(archive.document(cited.doc_id).text, cited.start, cited.end)
    return compare_speakers(speaker, place.speaker, around)


def _notes(
    quotation: Quotation, found: Lookup, places: Sequence[Place], archive: Archive
) -> Iterator[str]:
    if not quotation.is_closed:
        yield _MARK_MISSING
    if len(quotation.text) > LONGEST:
        yield _TOO_LONG
    if found.unmarked:
        yield _UNMARKED
    if places and all(place.citation.corrected_by for place in places):
        yield f"It stands only in an article that was corrected. {places[0].citation.remarks[0]}."
    if found.verdict in ("exact", "punctuation", "shortened"):
        for place in places[:1]:
            text = archive.document(place.citation.doc_id).text
            denials = [word for span in place.left_out for word in _denials(span.slice(text))]
            if denials:
                yield f"The words left out hold a denial: {', '.join(denials)}."


def _denials(text: str) -> list[str]:
    statements = statements_of([text])
    return [
        fact.value
        for each in statements.sentences
        for fact in split_facts(each, statements.lowercase)[1]
        if fact.kind == DENIAL
    ]
