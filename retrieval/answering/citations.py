"""Citations: quotes that are compared with the article before they exist."""

from dataclasses import InitVar, asdict, dataclass
from typing import Any
from urllib.parse import quote

from indexer.corrections.notices import own_notice
from indexer.documents import Document, Span
from indexer.errors import CitationError, build_command
from indexer.storage.staleness import SourceState
from indexer.store import NO_CORRECTIONS, Correction, Corrections

_FRAGMENT_WORDS = 5
_DAY = len("2023-05-07")
_IN_ADDRESS = "%/:?#[]@!$&'()*+,;=-._~"  # RFC 3986


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and its half-open code-point offsets in the document's text, checked on creation.

    `published` and `modified` are ISO 8601 to the known precision; `published_found_in` names the
    place of the date, such as `date line`. `corrected_by` are the articles that correct this one,
    `corrects` those that it corrects; `notice` is the line in which it says that it was corrected.

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
    published_found_in: str | None
    modified: str | None
    authors: tuple[str, ...]
    url: str | None
    corrected_by: tuple[Correction, ...]
    corrects: tuple[Correction, ...]
    notice: str | None
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

    @property
    def address(self) -> str | None:
        """The article's web address with a text fragment, so that a browser scrolls to the quote.

        Source: https://wicg.github.io/scroll-to-text-fragment/
        """
        if self.url is None or not self.url.lower().startswith(("https://", "http://")):
            return None
        said = self.quote.split()
        ends = [said]
        if len(said) > 2 * _FRAGMENT_WORDS:
            ends = [said[:_FRAGMENT_WORDS], said[-_FRAGMENT_WORDS:]]
        # A dash would end the text.
        text = ",".join(quote(" ".join(end), safe="").replace("-", "%2D") for end in ends)
        address = quote(self.url, safe=_IN_ADDRESS)
        return f"{address}{'' if '#' in address else '#'}:~:text={text}"

    @property
    def remarks(self) -> list[str]:
        """What is known of corrections, in words."""
        return format_corrections(Corrections(self.corrected_by, self.corrects), self.notice)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as docs/json.md names them."""
        lists = ("authors", "corrected_by", "corrects")
        fields = asdict(self)
        return fields | {name: list(fields[name]) for name in lists}


def cite(
    document: Document,
    span: Span,
    highlight: Span,
    source_state: SourceState,
    read: str | None = None,
    corrections: Corrections = NO_CORRECTIONS,
) -> Citation:
    """Return the citation of a span of a document.

    Args:
        document: the article.
        span: span of the quote.
        highlight: span of the answer in it.
        source_state: state of the article's file.
        read: the quote as the reader saw it; None takes it from the article.
        corrections: of the document.

    Raises:
        CitationError: when the article differs from what was read.
    """
    found = document.metadata
    return Citation(
        doc_id=document.doc_id,
        path=document.path,
        sha256=document.sha256,
        encoding=document.encoding,
        source_state=source_state,
        quote=span.slice(document.text) if read is None else read,
        start=span.start,
        end=span.end,
        highlight_start=highlight.start,
        highlight_end=highlight.end,
        title=document.title,
        source=document.source,
        published=document.published,
        published_found_in=None if found.published is None else found.published.found_in,
        modified=None if found.modified is None else found.modified.value,
        authors=document.authors,
        url=None if found.url is None else found.url.value,
        corrected_by=corrections.by,
        corrects=corrections.of,
        notice=own_notice(document.text),
        document_text=document.text,
    )


def format_corrections(corrections: Corrections, notice: str | None) -> list[str]:
    """Return which articles correct one, which ones it corrects, and what it says of itself.

    >>> fix = Correction("f" * 16, "Correction: Ferry", "2023-05-05T09:00", "b.txt", None, 0, 9)
    >>> format_corrections(Corrections(by=(fix,)), None)
    ['Corrected on 2023-05-05: Correction: Ferry']
    """
    by = [f"Corrected{_on(each)}: {each.title or each.path}" for each in corrections.by]
    of = [f"Correction of: {each.title or each.path}{_dated(each)}" for each in corrections.of]
    return [*by, *of, *([f"Notice in this article: {notice}"] if notice else [])]


def _on(found: Correction) -> str:
    return f" on {found.published[:_DAY]}" if found.published else ""


def _dated(found: Correction) -> str:
    return f" ({found.published[:_DAY]})" if found.published else ""
