"""What is a document, a passage, a span?

Frozen values and their invariants; every other module speaks in these. Offsets are half-open and
count code points of `Document.text`.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

PassageKind = Literal["body", "headline", "list_item"]

DOC_ID_LENGTH = 16


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A non-empty half-open range of code points.

    Raises:
        ValueError: when the range is empty or starts before 0.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse ranges that cannot be cited."""
        if not 0 <= self.start < self.end:
            raise ValueError(f"span must satisfy 0 <= start < end, got [{self.start}, {self.end})")

    def slice(self, text: str) -> str:
        """Return the text at this span."""
        return text[self.start : self.end]

    def contains(self, other: "Span") -> bool:
        """Tell whether `other` lies inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Tell whether `other` shares a code point with this span."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Region:
    """A span of a document that cleaning kept or removed, and why.

    `reason` is empty for kept regions; for removed ones it is one of the reasons in `cleaning`.
    `detail` says it of this region, where there is more to say than of others.
    """

    start: int
    end: int
    kept: bool
    reason: str = ""
    detail: str = ""

    @property
    def why(self) -> str:
        """The reason as people read it."""
        return self.detail or self.reason


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of metadata and where it was found.

    `found_in` says it in words ("first line", "credit line", "date line"); `start` and `end` point
    into the document's text, both None when the value comes from elsewhere. `confidence` is how
    often such a value was right when that was measured, from 0 to 1; None: it was not.
    """

    value: str
    found_in: str
    start: int | None = None
    end: int | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of an article; None means unknown, never a guess.

    `published.value` and `modified.value` are ISO 8601 to the known precision
    (`2023-10-26T20:42`, `2023-10-26`, `2023-10`); `language.value` is an ISO 639 code (`en`).
    """

    title: Finding | None = None
    source: Finding | None = None
    published: Finding | None = None
    authors: tuple[Finding, ...] = ()
    url: Finding | None = None
    modified: Finding | None = None
    language: Finding | None = None


NO_METADATA = Metadata()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus, as it was when it was read.

    `path` is relative to the corpus root, with `/`; `sha256` is of its bytes, and empty when it
    was not read.
    """

    path: str
    size: int
    mtime_ns: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One article: its untouched text and what is known about it.

    `path` is that of its file; in a file of many articles (an export, an archive) it goes on after
    a `#`: `export.jsonl#17`.
    """

    doc_id: str
    path: str
    file: SourceFile
    encoding: str
    text: str = field(repr=False)
    metadata: Metadata = NO_METADATA

    @property
    def sha256(self) -> str:
        """The SHA-256 of its file's bytes."""
        return self.file.sha256

    @property
    def in_container(self) -> bool:
        """Tell whether its file holds other articles too."""
        return self.path != self.file.path

    @property
    def title(self) -> str | None:
        """The headline, when one was found."""
        return self.metadata.title.value if self.metadata.title else None

    @property
    def source(self) -> str | None:
        """The outlet, when the text says so."""
        return self.metadata.source.value if self.metadata.source else None

    @property
    def published(self) -> str | None:
        """The publication date, ISO 8601 to the known precision."""
        return self.metadata.published.value if self.metadata.published else None

    @property
    def language(self) -> str | None:
        """The language of the text as an ISO 639 code, when that could be told."""
        return self.metadata.language.value if self.metadata.language else None

    @property
    def authors(self) -> tuple[str, ...]:
        """The authors, in the order of the byline."""
        return tuple(author.value for author in self.metadata.authors)


@dataclass(frozen=True, slots=True)
class Passage:
    """A contiguous slice of one document, made of whole sentences.

    `sentences` are absolute spans in the document, in order, inside [start, end).
    """

    doc_id: str
    start: int
    end: int
    kind: PassageKind
    sentences: tuple[Span, ...]

    def __post_init__(self) -> None:
        """Check that the sentences lie inside the passage, in order."""
        position = Span(self.start, self.end).start
        for sentence in self.sentences:
            if not position <= sentence.start < sentence.end <= self.end:
                raise ValueError(
                    f"sentence [{sentence.start}, {sentence.end}) is out of order or outside "
                    f"passage [{self.start}, {self.end}) of {self.doc_id}"
                )
            position = sentence.end

    @property
    def passage_id(self) -> str:
        """`doc_id:start`: the same on every store and after every rebuild."""
        return f"{self.doc_id}:{self.start}"

    @property
    def span(self) -> Span:
        """Where the passage stands in its document."""
        return Span(self.start, self.end)


def doc_id_of(path: str) -> str:
    """Return the stable id of the article at `path`, which is as in `Document`.

    >>> doc_id_of("000_ea7539c17dd2a708.txt")
    '5c94e0bec44148f0'
    """
    return sha256(path.encode("utf-8")).hexdigest()[:DOC_ID_LENGTH]
