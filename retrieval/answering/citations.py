"""Citations: quotes that are compared with the article before they exist."""

from dataclasses import InitVar, dataclass

from indexer.documents import Document, Span
from indexer.errors import CitationError, build_command
from indexer.storage.staleness import SourceState


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and its half-open code-point offsets in the document's text, checked on creation.

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
        # Check the offsets first: a slice beyond the end of the text is silently shortened.
        if not 0 <= self.start < self.end <= len(document_text):
            raise CitationError(
                f"The quote at {self.start}-{self.end} of {self.path} lies outside the article "
                f"({len(document_text):,} characters). Rebuild the index: {build_command()}"
            )
        found = document_text[self.start : self.end]
        if found != self.quote:
            raise CitationError(
                f"The quote at {self.start}-{self.end} of {self.path} does not match the article: "
                f"found {found[:60]!r}, expected {self.quote[:60]!r}. Rebuild the index: "
                f"{build_command()}"
            )
        if not self.start <= self.highlight_start < self.highlight_end <= self.end:
            raise CitationError(
                f"The highlight {self.highlight_start}-{self.highlight_end} of {self.path} lies "
                f"outside its quote {self.start}-{self.end}"
            )

    @property
    def highlight(self) -> str:
        """The part of the quote that answers."""
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
        quote: span of the quote.
        highlight: span of the answer in it.
        source_state: state of the article's file.
        read: the quote as the reader saw it; None takes it from the article.

    Raises:
        CitationError: when the article differs from what was read.
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
