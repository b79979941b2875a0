"""The retriever for LangChain returns the passages of the engine with their citations."""

import asyncio
import importlib
import sys

import pytest

import dateline.langchain
from dateline.langchain import DatelineRetriever
from indexer.errors import UsageError
from retrieval import SearchEngine
from tests.support.commands import QUESTION


def test_documents_are_the_passages_that_the_engine_finds(engine: SearchEngine) -> None:
    filters = {"source": "Iran Front Page"}
    retriever = DatelineRetriever(engine=engine, k=2, mode="bm25", filters=filters)
    hits = engine.search(QUESTION, 2, "bm25", source="Iran Front Page").hits
    documents = retriever.invoke(QUESTION)
    assert documents == asyncio.run(retriever.ainvoke(QUESTION))
    assert [document.id for document in documents] == [hit.passage_id for hit in hits]
    for document, hit in zip(documents, hits, strict=True):
        metadata = document.metadata
        text = engine.document(metadata["doc_id"]).text
        assert document.page_content == text[metadata["start"] : metadata["end"]]
        assert (metadata["source"], metadata["score"]) == ("Iran Front Page", hit.score)


def test_the_number_of_documents_may_be_given_to_a_call(engine: SearchEngine) -> None:
    retriever = DatelineRetriever(engine=engine)
    assert (len(retriever.invoke("Iran")), len(retriever.invoke("Iran", k=3))) == (10, 3)
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        retriever.invoke("Iran", k=0)


def test_without_langchain_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_core.documents", None)
    with pytest.raises(UsageError, match=r"pip install 'dateline\[langchain\]'"):
        importlib.reload(dateline.langchain)
