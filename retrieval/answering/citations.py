"""Is this quote really there?

In: a document, spans in it and where its file should be. Out: a `Citation`, or an error.
"""

from dataclasses import InitVar, dataclass

from indexer.documents import Document, Span
from indexer.errors import CitationError, build_command
from indexer.storage.staleness import SourceState


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands, half-open code-point offsets into the document's text.

    It cannot be constructed unless the quote is at its span and the highlight lies inside it.

    Raises:
        CitationError: when the quote is not at its span, or the highlight is outside the quote.
    """

    doc_id: str
    path: str
    sha256: str
    encoding: str
    source_state: SourceState
    quote: str
    start: int
    end: int
    highlight_start: int
    highlight_end: int
    title: str | None
    source: str | None
    published: str | None
    document_text: InitVar[str]

    def __post_init__(self, document_text: str) -> None:
        """Compare the quote with the document's text, code point for code point."""
        # A slice that runs out of the text is silently shortened, so its place is checked first.
        if not 0 <= self.start < self.end <= len(document_text):
            raise CitationError(
                f"the quote at {self.start}-{self.end} of {self.path} lies outside the article, "
                f"which has {len(document_text):,} characters. Rebuild the index: "
                f"{build_command()}"
            )
        found = document_text[self.start : self.end]
        if found != self.quote:
            raise CitationError(
                f"the quote at {self.start}-{self.end} of {self.path} does not match the article: "
                f"found {found[:60]!r}, expected {self.quote[:60]!r}. Rebuild the index: "
                f"{build_command()}"
            )
        if not self.start <= self.highlight_start < self.highlight_end <= self.end:
            raise CitationError(
                f"the highlight {self.highlight_start}-{self.highlight_end} of {self.path} lies "
                f"outside its quote {self.start}-{self.end}"
            )

    @property
    def highlight(self) -> str:
        """The words that answer, inside the quote."""
        return self.quote[self.highlight_start - self.start : self.highlight_end - self.start]


def cite(
    document: Document,
    quote: Span,
    highlight: Span,
    source_state: SourceState,
    read: str | None = None,
) -> Citation:
    """Return the citation of a span of a document.

    Args:
        document: the article.
        quote: where the quote stands.
        highlight: where in it the words that answer stand.
        source_state: whether the article's file is as it was indexed.
        read: the quote as it was read from the passage; None takes it from the article.

    Raises:
        CitationError: when the article does not hold what was read at that place.
    """
    return Citation(
        doc_id=document.doc_id,
        path=document.path,
        sha256=document.sha256,
        encoding=document.encoding,
        source_state=source_state,
        quote=quote.slice(document.text) if read is None else read,
        start=quote.start,
        end=quote.end,
        highlight_start=highlight.start,
        highlight_end=highlight.end,
        title=document.title,
        source=document.source,
        published=document.published,
        document_text=document.text,
    )
