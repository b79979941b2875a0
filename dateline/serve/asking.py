"""What other programs may ask of an engine; answers are JSON values by docs/json.md."""

from typing import Any

import retrieval
from dateline.serve.parameters import ArticleParameters, AskParameters, SearchParameters
from dateline.serve.results import (
    ArticleResult,
    CopyResult,
    OutletResult,
    OutletsResult,
    RemovedResult,
)
from indexer.errors import UnknownDocumentError


def ask(engine: "retrieval.SearchEngine", asked: AskParameters) -> dict[str, Any]:
    """Return the answer to a question."""
    answer = engine.answer(
        asked.question,
        asked.max_quotes,
        asked.k,
        min_score=asked.min_score,
        **asked.filters(),
    )
    return answer.to_dict()


def search(engine: "retrieval.SearchEngine", asked: SearchParameters) -> dict[str, Any]:
    """Return the passages that match a question."""
    return engine.search(asked.question, asked.k, asked.mode, **asked.filters()).to_dict()


def open_article(
    engine: "retrieval.SearchEngine", doc_id: str, part: ArticleParameters
) -> dict[str, Any]:
    """Return a part of an article, its metadata, and what is clutter in that part.

    Raises:
        UnknownDocumentError: when no article has this id.
    """
    with engine.pinned() as pinned:
        try:
            document = pinned.document(doc_id)
        except KeyError as error:
            raise UnknownDocumentError(
                f"No article has the id {doc_id!r}. Use a doc_id of an answer"
            ) from error
        end = min(part.start + part.length, len(document.text))
        start = min(part.start, end)
        found = document.metadata
        values: dict[str, Any] = {
            name: None if (finding := getattr(found, name)) is None else finding.value
            for name in ("title", "source", "published", "modified", "language", "url")
        }
        article = ArticleResult(
            doc_id=document.doc_id,
            path=document.path,
            sha256=document.sha256,
            encoding=document.encoding,
            source_state=pinned.source_state(document),
            authors=[author.value for author in found.authors],
            characters=len(document.text),
            start=start,
            end=end,
            text=document.text[start:end],
            removed=[
                RemovedResult(start=each.start, end=each.end, reason=each.why)
                for each in pinned.regions(doc_id)
                if not each.kept and each.start < end and each.end > start
            ],
            copies=[
                CopyResult.model_validate(each, from_attributes=True)
                for each in pinned.copies(doc_id)
            ],
            **values,
        )
    return article.model_dump()


def outlets(engine: "retrieval.SearchEngine") -> dict[str, Any]:
    """Return the outlets with the most articles."""
    facets = engine.facets()
    named = [OutletResult(name=name, articles=count) for name, count in facets.outlets]
    return OutletsResult(articles=facets.articles, outlets=named).model_dump()
