"""Results as other programs read them: the JSON of docs/json.md, with a schema."""

from typing import Literal

from pydantic import BaseModel, Field


class CopyResult(BaseModel):
    """Another article with the same story."""

    doc_id: str
    source: str | None
    published: str | None
    path: str | None


class CitationResult(BaseModel):
    """The place of a quote; offsets are half-open and count code points of the article's text."""

    doc_id: str
    path: str
    sha256: str
    encoding: str
    source_state: Literal["same", "changed", "missing"]
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
    authors: list[str]
    url: str | None


class ContextResult(BaseModel):
    """The text around a quote."""

    before: str
    after: str


class QuoteResult(BaseModel):
    """A verbatim quote; `highlight` is the part that answers."""

    quote: str
    highlight: str
    score: float
    confirmed: bool
    citation: CitationResult
    context: ContextResult
    copies: list[CopyResult]


class HitResult(BaseModel):
    """A passage that was found."""

    rank: int
    score: float
    passage_id: str
    doc_id: str
    start: int
    end: int
    kind: Literal["body", "headline", "list_item"]
    text: str
    citation: CitationResult
    copies: list[CopyResult]


class UnknownWordResult(BaseModel):
    """A word of the question that no article has, and similar ones."""

    word: str
    similar: list[str]


class StaleResult(BaseModel):
    """Numbers of files that differ from the index."""

    changed: int
    added: int
    deleted: int


class IndexResult(BaseModel):
    """The index that was asked."""

    path: str
    generation: int
    documents: int
    passages: int
    stale: StaleResult | None


class SearchResults(BaseModel):
    """Passages that match a question."""

    format: Literal[1]
    question: str
    warnings: list[str]
    unknown_words: list[UnknownWordResult]
    hits: list[HitResult]
    index: IndexResult
    timings_ms: dict[str, float]


class AskResults(SearchResults):
    """Quotes that answer a question; none unless the state is `answered` or `possible`."""

    state: Literal["answered", "possible", "related", "not_found"]
    reports: int = Field(description="separate stories among the quotes")
    copies: int = Field(description="other articles that have one of the quotes")
    quotes: list[QuoteResult]
    leads: list[QuoteResult] = Field(description="best sentences if no answer is confident")


class RemovedResult(BaseModel):
    """A part of an article's file that is not the article, such as a menu."""

    start: int
    end: int
    reason: str


class ArticleResult(BaseModel):
    """A part of an article; `text` is from `start` to `end` of its `characters`."""

    format: Literal[1] = 1
    doc_id: str
    path: str
    sha256: str
    encoding: str
    source_state: Literal["same", "changed", "missing"]
    title: str | None
    source: str | None
    published: str | None
    modified: str | None
    authors: list[str]
    language: str | None
    url: str | None
    characters: int
    start: int
    end: int
    text: str
    removed: list[RemovedResult]
    copies: list[CopyResult]


class OutletResult(BaseModel):
    """An outlet and the number of its articles."""

    name: str
    articles: int


class OutletsResult(BaseModel):
    """The outlets with the most articles, at most 200."""

    format: Literal[1] = 1
    articles: int
    outlets: list[OutletResult]


class ErrorResult(BaseModel):
    """What went wrong, and what to do."""

    detail: str


class StatusResult(BaseModel):
    """State of the server."""

    status: Literal["alive", "opening", "ready", "unreadable"]
