"""Retriever for LangChain; needs the extra `langchain`."""

from typing import Any

from pydantic import ConfigDict, Field

from indexer.errors import UsageError
from retrieval import SearchEngine
from retrieval.answering.answers import CitedHit
from retrieval.ranking.ranker import Mode

try:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
except ModuleNotFoundError as error:
    raise UsageError(
        f"{error.name} is not installed. Install it with: pip install 'dateline[langchain]'"
    ) from error


class DatelineRetriever(BaseRetriever):
    """Passages that match a query best, as documents with their citation.

    `k`, `mode` and `filters` are arguments of `SearchEngine.search`; `k` may be given to `invoke`
    too. The engine stays the caller's to refresh and to close.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    engine: SearchEngine
    k: int = 10
    mode: Mode = "hybrid"
    filters: dict[str, Any] = Field(default_factory=dict)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - of the protocol
        k: int | None = None,
    ) -> list[Document]:
        result = self.engine.search(query, self.k if k is None else k, self.mode, **self.filters)
        return [_document(hit) for hit in result.hits]


def _document(hit: CitedHit) -> Document:
    citation = hit.citation.to_dict()
    del citation["quote"]  # the page content
    return Document(
        id=hit.passage_id,
        page_content=hit.found.text,
        metadata={**citation, "score": hit.score, "rank": hit.rank},
    )
