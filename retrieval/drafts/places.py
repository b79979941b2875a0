"""Places of a quotation as they are shown: cited, with their surroundings, copies collapsed."""

from collections.abc import Sequence

from indexer.corpus.roots import CorpusRoots
from indexer.documents import Document, Span
from indexer.storage.staleness import SourceState, check_source
from indexer.store import Copy
from retrieval.answering.citations import cite
from retrieval.drafts.archive import Archive
from retrieval.drafts.lookup import Match
from retrieval.drafts.report import Place
from retrieval.drafts.speakers import find_speaker

MOST_SHOWN = 10

_CONTEXT = 160
_LATEST = "9"  # sorts undated articles last


class Places:
    """Maker of the places of one draft; each article's file is hashed once."""

    def __init__(self, archive: Archive, roots: CorpusRoots) -> None:
        self._archive = archive
        self._roots = roots
        self._states: dict[str, SourceState] = {}

    def earliest(self, matches: Sequence[Match]) -> tuple[list[Place], int]:
        """Return the places of a quotation, earliest first, and how many stories have it.

        A story with several places or copies is shown once, where it stands first.
        """
        by_doc: dict[str, Match] = {}
        for match in sorted(matches, key=lambda each: each.spans[0]):
            by_doc.setdefault(match.doc_id, match)
        dates = self._archive.dates(list(by_doc))
        ordered = sorted(by_doc, key=lambda doc_id: (dates[doc_id] or _LATEST, doc_id))
        stories = list(self._archive.stories(ordered).values())
        shown = [self.place(by_doc[first], copies) for first, *copies in stories[:MOST_SHOWN]]
        return shown, len(stories)

    def place(self, match: Match, copies: Sequence[str] = ()) -> Place:
        """Return the place of a match.

        Raises:
            CitationError: if it lies outside the article.
        """
        document = self._archive.document(match.doc_id)
        span = Span(match.spans[0].start, match.spans[-1].end)
        path = self._roots.locate(document.file.path)
        return Place(
            citation=cite(
                document,
                span,
                span,
                self._state(document),
                corrections=self._archive.corrections(match.doc_id),
            ),
            before=_before(document.text, span.start),
            after=_after(document.text, span.end),
            speaker=find_speaker(document.text, span.start, span.end),
            file=str(path.absolute()) if path and path.is_file() else None,
            left_out=match.gaps,
            copies=tuple(_copy(self._archive.document(doc_id)) for doc_id in copies),
        )

    def _state(self, document: Document) -> SourceState:
        path = document.file.path
        if path not in self._states:
            self._states[path] = check_source(self._roots, document)
        return self._states[path]


def _copy(document: Document) -> Copy:
    return Copy(document.doc_id, document.source, document.published, document.path)


def _before(text: str, start: int) -> str:
    """Return the words of the paragraph before a place, from the beginning of a word."""
    low = max(0, start - _CONTEXT)
    *cut, found = text[low:start].rpartition("\n")
    return found if low == 0 or any(cut) else found.partition(" ")[2]


def _after(text: str, end: int) -> str:
    found, *cut = text[end : end + _CONTEXT].partition("\n")
    return found if end + _CONTEXT >= len(text) or any(cut) else found.rpartition(" ")[0]
