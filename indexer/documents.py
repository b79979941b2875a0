"""Documents, passages and spans: the values that all other modules share.

Offsets are half-open and count code points of `Document.text`.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

PassageKind = Literal["body", "headline", "list_item"]

DOC_ID_LENGTH = 16

GUESSED_ENCODING = "guessed by its words"
TOLD_ENCODING = "told by --encoding"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Non-empty half-open range of code points.

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
    """Range of a document that cleaning kept or removed, and why.

    `reason` is empty for kept regions; for removed ones it is one of the reasons in `cleaning`.
    `detail` is more specific where it is set.
    """

    start: int
    end: int
    kept: bool
    reason: str = ""
    detail: str = ""

    @property
    def why(self) -> str:
        """The most specific reason."""
        return self.detail or self.reason


@dataclass(frozen=True, slots=True)
class Finding:
    """Piece of metadata and where it was found.

    `found_in` names the place ("first line", "credit line", "date line"); `start` and `end` are
    offsets in the document's text, None when the value comes from elsewhere. `confidence`, from 0
    to 1, is the measured fraction of such values that are right; None if it was not measured.
    """

    value: str
    found_in: str
    start: int | None = None
    end: int | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """Metadata of an article; None means unknown, never a guess.

    `published.value` and `modified.value` are ISO 8601 to the known precision
    (`2023-10-26T20:42`, `2023-10-26`, `2023-10`); `language.value` is an ISO 639 code (`en`).
    `encoding` is there only if no mark, header or markup gives it.
    """

    title: Finding | None = None
    source: Finding | None = None
    published: Finding | None = None
    authors: tuple[Finding, ...] = ()
    url: Finding | None = None
    modified: Finding | None = None
    language: Finding | None = None
    encoding: Finding | None = None


NO_METADATA = Metadata()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """File of the corpus, as it was when it was read.

    `path` is relative to the corpus root, with `/`; `sha256` is empty if it was not read.
    """

    path: str
    size: int
    mtime_ns: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Article: its unmodified text and its metadata.

    `path` is that of its file, with a suffix in a file of many articles: `export.jsonl#17`.
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
        """The outlet, when one is known."""
        return self.metadata.source.value if self.metadata.source else None

    @property
    def published(self) -> str | None:
        """The publication date, ISO 8601 to the known precision."""
        return self.metadata.published.value if self.metadata.published else None

    @property
    def language(self) -> str | None:
        """The language of the text as an ISO 639 code, when it was detected."""
        return self.metadata.language.value if self.metadata.language else None

    @property
    def authors(self) -> tuple[str, ...]:
        """The authors, in the order of the byline."""
        return tuple(author.value for author in self.metadata.authors)


@dataclass(frozen=True, slots=True)
class Passage:
    """Contiguous slice of one document, made of whole sentences.

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
        """The range of the passage in its document."""
        return Span(self.start, self.end)


def doc_id_of(path: str) -> str:
    """Return the stable id of the article at `path`, a path as in `Document`.

    >>> doc_id_of("000_ea7539c17dd2a708.txt")
    '5c94e0bec44148f0'
    """
    return sha256(path.encode("utf-8")).hexdigest()[:DOC_ID_LENGTH]
